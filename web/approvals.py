"""The liaison's page: one exact text, one decision, and a code that stands only in the mail.

Fields of `POST /a/<token>`: `decision` approved or changes, `comment`, `code`, `digest`.
Opening the page never changes anything, whoever or whatever opens it; a wrong code is counted
and reaches no decision.
"""

import secrets
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.case import Case
from domain.customer_message.acts import DecideExternalMessage, ReportWrongCode
from domain.customer_message.state import Approval
from domain.people import shown_at_home
from integrations.links import Link, Links, Purpose
from web.approval_views import decided_view, face_of, open_view
from web.cases import Cases
from web.form_views import Refusal
from web.pages import Pages
from web.typed import LIMIT, Typed
from web.words import name_of
from workflows.client import ActRefused, NoSuchCase, OutOfReach

DECISIONS = ("approved", "changes")
_log = structlog.stdlib.get_logger("web")


class Approvals:
    """Shows an approval request to its liaison and passes the decision on."""

    def __init__(self, cases: Cases, links: Links, pages: Pages) -> None:
        self._cases = cases
        self._links = links
        self._pages = pages

    def routes(self) -> list[Route]:
        """Return the address of the page."""
        return [
            Route("/a/{token}", self.show, methods=["GET"]),
            Route("/a/{token}", self.take, methods=["POST"], max_body_size=LIMIT),
        ]

    async def show(self, request: Request) -> Response:
        """Show the request as it stands; changes nothing, ever."""
        link = self._links.read(Purpose.APPROVAL, request.path_params["token"])
        if link is None:
            return self._pages.invalid_link()
        try:
            return self._page(request, link, await self._cases.case(link.case))
        except NoSuchCase:
            return self._pages.no_such_case()
        except OutOfReach:
            return self._pages.away()

    async def take(self, request: Request) -> Response:
        """Take one decision, if the code and the text are right."""
        link = self._links.read(Purpose.APPROVAL, request.path_params["token"])
        if link is None:
            return self._pages.invalid_link()
        typed = Typed.read(await request.body())
        try:
            return await self._decide(request, link, typed)
        except NoSuchCase:
            return self._pages.no_such_case()
        except OutOfReach:
            return self._pages.away()

    async def _decide(self, request: Request, link: Link, typed: Typed) -> Response:
        case = await self._cases.case(link.case)
        asked = asked_by(link, case)
        if asked is None or face_of(case, asked) != "open":
            return self._too_late(request, link, case, asked, typed)
        if "code" in typed and not self._links.code_matches(asked.id, link.person, typed["code"]):
            return await self._wrong_code(request, link, case, typed)
        wrong = _problems(typed)
        if wrong:
            refusal = _refusal("Please check what you typed", typed, wrong)
            return self._page(request, link, case, HTTPStatus.UNPROCESSABLE_ENTITY, refusal)
        if typed["digest"] != asked.digest:
            refusal = _refusal(_CHANGED, typed, {})
            return self._page(request, link, case, HTTPStatus.CONFLICT, refusal)
        return await self._pass_on(request, link, case, typed)

    async def _pass_on(self, request: Request, link: Link, case: Case, typed: Typed) -> Response:
        act = DecideExternalMessage.model_validate(
            {
                "by": link.person,
                "approval_id": link.approval,
                "digest": typed["digest"],
                "decision": typed["decision"],
                "comment": typed["comment"],
            }
        )
        token = request.path_params["token"]
        try:
            await self._cases.act(link.case, act, link=token)
        except ActRefused as no:
            _log.info("decision refused", case=link.case, approval=link.approval)
            case = await self._cases.case(link.case)
            refusal = _refusal(str(no), typed, {})
            return self._page(request, link, case, HTTPStatus.CONFLICT, refusal)
        back = f"{self._pages.root}/a/{token}"
        return RedirectResponse(back, status_code=HTTPStatus.SEE_OTHER)

    async def _wrong_code(self, request: Request, link: Link, case: Case, typed: Typed) -> Response:
        """Count it and ask again; the tenth, by policy, ends the request, and a new one is sent."""
        _log.warning("wrong code", case=link.case, approval=link.approval)
        act = ReportWrongCode(by=link.person, approval_id=link.approval)
        # Each wrong code counts, so that no two reports may pass for the same one.
        way = f"{request.path_params['token']} {secrets.token_hex(8)}"
        try:
            await self._cases.act(link.case, act, link=way)
        except ActRefused:
            _log.info("request not open", case=link.case, approval=link.approval)
        case = await self._cases.case(link.case)
        wrong = {"code": "This is not the code. It stands in the mail that asks for this review."}
        refusal = _refusal("Nothing was decided", typed, wrong)
        return self._page(request, link, case, HTTPStatus.UNPROCESSABLE_ENTITY, refusal)

    def _too_late(
        self, request: Request, link: Link, case: Case, asked: Approval | None, typed: Typed
    ) -> Response:
        """Answer a decision about a request that is not open: the first decision stands."""
        if asked is None or not asked.decision or asked.superseded_at or not asked.decided_at:
            return self._page(request, link, case, HTTPStatus.CONFLICT)
        if typed["decision"] == asked.decision:
            back = f"{self._pages.root}/a/{request.path_params['token']}"
            return RedirectResponse(back, status_code=HTTPStatus.SEE_OTHER)
        told = f"This was already decided at {shown_at_home(case, asked.decided_at)}."
        refusal = _refusal(f"{told} The first decision stands.", typed, {})
        return self._page(request, link, case, HTTPStatus.CONFLICT, refusal)

    def _page(
        self,
        request: Request,
        link: Link,
        case: Case,
        status: HTTPStatus = HTTPStatus.OK,
        refusal: Refusal | None = None,
    ) -> Response:
        asked = asked_by(link, case)
        if asked is None or case.incident is None:
            return self._pages.invalid_link()
        shared = {
            "incident": case.incident,
            "process_name": case.rules.process_name if case.rules else "postmortem",
            "at": partial(shown_at_home, case),
            "person_name": name_of(case, link.person),
        }
        face = face_of(case, asked)
        if face != "open":
            problem = refusal.problem if refusal else ""
            shown = decided_view(case, asked, face)
            return self._pages.page("decided.html", status, **shared, **shown, problem=problem)
        return self._pages.page(
            "approval.html",
            status,
            **shared,
            **open_view(case, asked),
            action=f"{self._pages.root}/a/{request.path_params['token']}",
            refusal=refusal,
            typed=refusal.typed if refusal else Typed(),
            errors=refusal.errors if refusal else Typed(),
        )


_CHANGED = "The text has changed since you opened the page. Please read it again, then decide"


def asked_by(link: Link, case: Case) -> Approval | None:
    """Return the request that a link is about, if it was made to its holder."""
    about = (each for each in case.message.approvals if each.id == link.approval)
    return next((each for each in about if each.liaison == link.person), None)


def _problems(typed: Typed) -> dict[str, str]:
    wrong = {}
    if typed["decision"] not in DECISIONS:
        wrong["decision"] = "Choose what you decide."
    if typed["decision"] == "changes" and "comment" not in typed:
        wrong["comment"] = "Say what should change, so that the owner can revise the text."
    if len(typed["comment"]) > LONGEST_COMMENT:
        wrong["comment"] = f"This is too long: at most {LONGEST_COMMENT} characters."
    if "code" not in typed:
        wrong["code"] = "Type the six digits from the mail."
    return wrong


LONGEST_COMMENT = 2000


def _refusal(problem: str, typed: Typed, errors: Mapping[str, str]) -> Refusal:
    return Refusal("approval", problem, typed=typed, errors=Typed(errors))
