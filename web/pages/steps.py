"""The steps page: one person in one case, what is waited for, and the forms that answer it."""

import hashlib
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain import lifecycle
from domain.case import Case
from domain.customer_message.acts import MarkPosted
from domain.engine.journal import Door
from domain.engine.waiting import Asked
from domain.phases import phase
from integrations.links import Links, Purpose
from integrations.proofs import Proofs
from web.available_actions import Action, actions, answering, asked_of, asked_of_others
from web.cases import Cases
from web.form_data import LIMIT, FormData, Wrong
from web.forms import form_named
from web.forms.form import Form, Occasion, Sent
from web.pages.cards import CHECK, Refusal, card
from web.pages.case_shown import case_shown
from web.pages.codes import Codes
from web.pages.entrance import Entrance, Visit
from web.pages.rendering import Pages
from web.pages.so_far import so_far
from workflows.client import ActRefused

SEEN_LENGTH = 16


class Steps:
    """Shows a person's steps in a case, and turns what they send into acts."""

    def __init__(self, cases: Cases, links: Links, proofs: Proofs, pages: Pages) -> None:
        self._cases = cases
        self._codes = Codes(cases, links)
        self._proofs = proofs
        self._links = links
        self._pages = pages
        self._entrance = Entrance(Purpose.STEPS, cases, links, pages)

    def routes(self) -> list[Route]:
        """Return the addresses of the page and of its forms."""
        return [
            Route("/s/{token}", self.show, methods=["GET"]),
            Route("/s/{token}/{form}", self.take, methods=["POST"], max_body_size=LIMIT),
        ]

    async def show(self, request: Request) -> Response:
        """Show the page; changes nothing, ever."""
        done = request.query_params.get("done", "")
        return await self._entrance.visited(request, partial(self._shown, done=done))

    async def take(self, request: Request) -> Response:
        """Turn one form into one act, and lead back to the page."""
        form = form_named(request.path_params["form"], Door.PAGE)
        if form is None:
            return self._pages.invalid_link()
        return await self._entrance.sent(request, partial(self._taken, form))

    async def _shown(self, visit: Visit, done: str) -> Response:
        act = lifecycle.acts().get(done)
        return self._page(visit, confirmation=self._pages.words.act(act.name).done if act else "")

    async def _taken(self, form: Form, visit: Visit, data: FormData) -> Response:
        about = data[form.apart_by] if form.apart_by else ""
        refused = partial(Refusal, form.id_about(about), typed=data)
        try:
            evidence = await self._codes.evidence(visit, form, Door.PAGE, data)
            sent = Sent(visit.case, visit.link.person, Door.PAGE, data, self._proofs, evidence)
            act = form.act_of(sent, self._pages.words.sending.word)
            await self._cases.act(visit.link.case, act, link=_way(visit, data))
        except Wrong as wrong:
            visit = visit.with_case(await self._cases.case(visit.link.case))
            refusal = refused(CHECK, errors=FormData(wrong.fields))
            return self._page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, refusal=refusal)
        except ActRefused as no:
            # It may have changed since the page was opened, so it is shown as it is now.
            visit = visit.with_case(await self._cases.case(visit.link.case))
            return self._page(visit, HTTPStatus.CONFLICT, refusal=refused(str(no)))
        return visit.again(f"?done={act.name}")

    def _page(
        self,
        visit: Visit,
        status: HTTPStatus = HTTPStatus.OK,
        *,
        confirmation: str = "",
        refusal: Refusal | None = None,
    ) -> Response:
        if visit.case.incident is None:
            return self._pages.not_ready()
        on = Occasion(visit.case, visit.link.person, self._pages.words)
        life = lifecycle.life(visit.case)
        return self._pages.page(
            "steps.html",
            status,
            **case_shown(on),
            phase=on.words.phase(phase(visit.case)),
            seen=fingerprint(visit.case),
            asked=[self._asked(on, each) for each in asked_of(life, on.person)],
            forms=[
                card(each, on, f"{visit.address}/{each.form.name}", refusal)
                for each in actions(life, on.person)
                if self._may_show(visit, each)
            ],
            others=[_asked_of(on, each) for each in asked_of_others(life, on.person)],
            so_far=so_far(on),
            confirmation=confirmation,
            refusal=refusal,
        )

    def _may_show(self, visit: Visit, action: Action) -> bool:
        """Tell whether a form may be shown: nobody is given a text to post that is not proved."""
        asked, text = visit.case.message.approval, visit.case.message.text
        if MarkPosted not in action.form.acts or asked is None or text is None:
            return True
        return self._proofs.let_out(asked.signed(visit.case.id), text, visit.link.case)

    def _asked(self, on: Occasion, asked: Asked[Case]) -> dict[str, str]:
        waiting = asked.waiting
        answer = next(iter(answering(on.case, asked)), None)
        target = f"#{answer.id}" if answer else ""
        if waiting.request:
            target = self._links.url(Purpose.APPROVAL, on.case.id, on.person, waiting.request)
        return {
            "words": on.words.asked(waiting.what, on.items_of(waiting)),
            "since": on.words.since(waiting.what, waiting.since, on.zone),
            "target": target,
        }


def _asked_of(on: Occasion, asked: Asked[Case]) -> dict[str, str]:
    waiting = asked.waiting
    return {
        "words": on.words.asked_of(on.name(waiting.person), waiting.what, on.items_of(waiting)),
        "since": on.words.since(waiting.what, waiting.since, on.zone),
    }


def fingerprint(case: Case) -> str:
    """Return what makes an act on this page differ from the same act on a newer one."""
    shown = case.model_dump_json(exclude=_BESIDE_THE_POINT)
    return hashlib.sha256(shown.encode()).hexdigest()[:SEEN_LENGTH]


_BESIDE_THE_POINT = {"directory", "rules", "ledger", "under_way", "journal", "reminded"}
"""What a case does by itself between two clicks must not make two acts of them."""


def _way(visit: Visit, data: FormData) -> str:
    """Name how the person got here: through which link, and from which state of the page.

    A double click is one act; giving a thing its former value again, on a new page, is another.
    """
    seen = data["seen"][:SEEN_LENGTH]
    return f"{visit.token} {seen}" if seen else visit.token
