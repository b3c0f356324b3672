"""The page that stops an approved customer message before it leaves.

Fields of `POST /w/<token>`: `answer` stop (the owner writes a new text) or never; `reason`.
"""

from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.case import Case
from domain.people import shown_at_home
from integrations.links import Link, Links, Purpose
from web.cases import Cases
from web.form_views import Refusal, exact, withdrawal_view
from web.forms import withdraw_message
from web.pages import Pages
from web.typed import LIMIT, Typed, Wrong
from web.words import name_of
from workflows.client import ActRefused, NoSuchCase, OutOfReach


class Withdrawals:
    """Shows the approved text to who may stop it, and passes the stop on."""

    def __init__(self, cases: Cases, links: Links, pages: Pages) -> None:
        self._cases = cases
        self._links = links
        self._pages = pages

    def routes(self) -> list[Route]:
        """Return the address of the page."""
        return [
            Route("/w/{token}", self.show, methods=["GET"]),
            Route("/w/{token}", self.take, methods=["POST"], max_body_size=LIMIT),
        ]

    async def show(self, request: Request) -> Response:
        """Show what can be stopped; changes nothing, ever."""
        link = self._links.read(Purpose.WITHDRAW, request.path_params["token"])
        if link is None:
            return self._pages.invalid_link()
        try:
            return self._page(request, link, await self._cases.case(link.case))
        except NoSuchCase:
            return self._pages.no_such_case()
        except OutOfReach:
            return self._pages.away()

    async def take(self, request: Request) -> Response:
        """Stop the message."""
        link = self._links.read(Purpose.WITHDRAW, request.path_params["token"])
        if link is None:
            return self._pages.invalid_link()
        typed = Typed.read(await request.body())
        try:
            return await self._stop(request, link, typed)
        except NoSuchCase:
            return self._pages.no_such_case()
        except OutOfReach:
            return self._pages.away()

    async def _stop(self, request: Request, link: Link, typed: Typed) -> Response:
        case = await self._cases.case(link.case)
        # A link about an earlier text must not stop the one that was approved since.
        if not stoppable(link, case):
            return self._page(request, link, case)
        token = request.path_params["token"]
        try:
            act = withdraw_message(case, link.person, typed)
            await self._cases.act(link.case, act, link=token)
        except Wrong as wrong:
            problem = "Please check what you typed"
            refusal = Refusal("withdraw_message", problem, typed, Typed(wrong.fields))
            return self._page(request, link, case, HTTPStatus.UNPROCESSABLE_ENTITY, refusal)
        except ActRefused as no:
            case = await self._cases.case(link.case)
            refusal = Refusal("withdraw_message", str(no), typed)
            return self._page(request, link, case, HTTPStatus.CONFLICT, refusal)
        back = f"{self._pages.root}/w/{token}"
        return RedirectResponse(back, status_code=HTTPStatus.SEE_OTHER)

    def _page(
        self,
        request: Request,
        link: Link,
        case: Case,
        status: HTTPStatus = HTTPStatus.OK,
        refusal: Refusal | None = None,
    ) -> Response:
        if case.incident is None:
            return self._pages.not_ready()
        shared = {
            "incident": case.incident,
            "process_name": case.rules.process_name if case.rules else "postmortem",
            "at": partial(shown_at_home, case),
        }
        if not stoppable(link, case):
            title, lead = _why_not(link, case)
            problem = refusal.problem if refusal else ""
            shown = {"title": title, "lead": lead, "lines": (), "problem": problem}
            return self._pages.page("decided.html", status, **shared, **shown)
        return self._pages.page(
            "withdraw.html",
            status,
            **shared,
            form=withdrawal_view(case, refusal),
            action=f"{self._pages.root}/w/{request.path_params['token']}",
            seen="",
            exact=exact(case),
            person_name=name_of(case, link.person),
            refusal=refusal,
        )


def stoppable(link: Link, case: Case) -> bool:
    """Tell whether the text that a link is about is approved and has not left."""
    asked = case.message.approval
    current = asked is not None and asked.id == link.approval
    return current and case.message.approved_at is not None and not case.message.finished


def _why_not(link: Link, case: Case) -> tuple[str, str]:
    message = case.message
    about = next((each for each in message.approvals if each.id == link.approval), None)
    if message.posted_at is not None:
        told = f"It was sent or posted on {shown_at_home(case, message.posted_at)}."
        return "The message is out already", f"{told} Please post a correction where it stands."
    if message.withdrawn_at is not None:
        return "The message is stopped for good", "Customers get no message from us."
    if about is not None and about.decision == "changes":
        return "The message is stopped", "The owner is asked for a new text. Nothing has left."
    return "There is nothing to stop here", "This text does not count any more. Nothing has left."
