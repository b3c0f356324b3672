"""The steps page: one person in one case, what is waited for, and the forms that answer it."""

import hashlib
from functools import partial
from http import HTTPStatus

from domain.acts import NAMES
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.case import Case
from domain.engine.value import PersonId
from domain.engine.waiting import Waiting
from domain.people import shown_at_home
from domain.phases import phase
from domain.policy import Wait
from integrations.links import Link, Links, Purpose
from web.cases import Cases
from web.desk import ANSWERED_BY, asked_of, asked_of_others, may_send, offers
from web.form_views import Refusal, form_id, form_view
from web.forms import FORMS
from web.pages import Pages
from web.typed import LIMIT, Typed, Wrong
from web.words import DONE, NEXT, asked_words, name_of, others_words, phase_words, since_words
from workflows.client import ActRefused, NoSuchCase, OutOfReach

CHECK = "Please check what you typed"
SEEN_LENGTH = 16


class Steps:
    """Shows a person's steps in a case, and turns what they send into acts."""

    def __init__(self, cases: Cases, links: Links, pages: Pages) -> None:
        self._cases = cases
        self._links = links
        self._pages = pages

    def routes(self) -> list[Route]:
        """Return the addresses of the page and of its forms."""
        return [
            Route("/s/{token}", self.show, methods=["GET"]),
            Route("/s/{token}/{form}", self.take, methods=["POST"], max_body_size=LIMIT),
        ]

    async def show(self, request: Request) -> Response:
        """Show the page; changes nothing, ever."""
        link = self._links.read(Purpose.STEPS, request.path_params["token"])
        if link is None:
            return self._pages.invalid_link()
        try:
            case = await self._cases.case(link.case)
        except NoSuchCase:
            return self._pages.no_such_case()
        except OutOfReach:
            return self._pages.away()
        done = DONE.get(request.query_params.get("done", ""), "")
        return self._page(request, case, link.person, confirmation=done)

    async def take(self, request: Request) -> Response:
        """Turn one form into one act, and lead back to the page."""
        link = self._links.read(Purpose.STEPS, request.path_params["token"])
        form = request.path_params["form"]
        if link is None or form not in FORMS:
            return self._pages.invalid_link()
        typed = Typed.read(await request.body())
        try:
            case = await self._cases.case(link.case)
            return await self._act(request, link, case, form, typed)
        except NoSuchCase:
            return self._pages.no_such_case()
        except OutOfReach:
            return self._pages.away()

    async def _act(
        self, request: Request, link: Link, case: Case, form: str, typed: Typed
    ) -> Response:
        token = request.path_params["token"]
        refused = partial(Refusal, form_id(form, typed["step"]), typed=typed)
        if form not in may_send(case, link.person):
            problem = "This is for somebody else to do; nothing was changed."
            return self._page(
                request, case, link.person, HTTPStatus.CONFLICT, refusal=refused(problem)
            )
        try:
            act = FORMS[form](case, link.person, typed)
            await self._cases.act(link.case, act, link=_way(token, typed))
        except Wrong as wrong:
            refusal = refused(CHECK, errors=Typed(wrong.fields))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return self._page(request, case, link.person, status, refusal=refusal)
        except ActRefused as no:
            # It may have changed since the page was opened, so it is shown as it is now.
            case = await self._cases.case(link.case)
            refusal = refused(str(no))
            return self._page(request, case, link.person, HTTPStatus.CONFLICT, refusal=refusal)
        back = f"{self._pages.root}/s/{token}?done={NAMES[type(act)]}"
        return RedirectResponse(back, status_code=HTTPStatus.SEE_OTHER)

    def _page(  # noqa: PLR0913 - what one page consists of
        self,
        request: Request,
        case: Case,
        person: PersonId,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        confirmation: str = "",
        refusal: Refusal | None = None,
    ) -> Response:
        if case.incident is None:
            return self._pages.not_ready()
        return self._pages.page(
            "steps.html",
            status,
            **_facts(case, person),
            action=f"{self._pages.root}/s/{request.path_params['token']}",
            seen=fingerprint(case),
            asked=[self._asked(case, each) for each in asked_of(case, person)],
            forms=[form_view(case, each, refusal) for each in offers(case, person)],
            confirmation=confirmation,
            refusal=refusal,
        )

    def _asked(self, case: Case, waiting: Waiting) -> dict[str, str]:
        target = ""
        if waiting.what in ANSWERED_BY:
            about = waiting.about if waiting.what in (Wait.STEP, Wait.DELIVERY) else ""
            target = f"#{form_id(ANSWERED_BY[waiting.what], about)}"
        elif waiting.what is Wait.APPROVAL:
            target = self._links.url(Purpose.APPROVAL, case.id, waiting.person, waiting.about)
        return {
            "words": asked_words(case, waiting),
            "since": since_words(case, waiting),
            "target": target,
        }


def _facts(case: Case, person: PersonId) -> dict[str, object]:
    """Return what the page says about the case to anybody."""
    others = asked_of_others(case, person)
    return {
        "case": case,
        "incident": case.incident,
        "process_name": case.rules.process_name if case.rules else "postmortem",
        "phase": phase_words(case),
        "next": NEXT[phase(case)],
        "person_name": name_of(case, person),
        "name": partial(name_of, case),
        "at": partial(shown_at_home, case),
        "others": [
            {"words": others_words(case, each), "since": since_words(case, each)} for each in others
        ],
    }


def fingerprint(case: Case) -> str:
    """Return what makes an act on this page differ from the same act on a newer one."""
    shown = case.model_dump_json(exclude={"directory", "rules", "ledger", "under_way"})
    return hashlib.sha256(shown.encode()).hexdigest()[:SEEN_LENGTH]


def _way(token: str, typed: Typed) -> str:
    """Name how the person got here: through which link, and from which state of the page.

    A double click is one act; giving a thing its former value again, on a new page, is another.
    """
    seen = typed["seen"][:SEEN_LENGTH]
    return f"{token} {seen}" if seen else token
