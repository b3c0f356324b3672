"""The liaison's page: one exact text, one decision, and a code that stands only in the mail.

Opening the page never changes anything, whoever or whatever opens it; a wrong code is counted and
reaches no decision.
"""

from http import HTTPStatus
from typing import Literal

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.case import Case
from domain.customer_message.acts import DecideExternalMessage, HandOnReviewNow
from domain.customer_message.state import Approval
from domain.engine.journal import Door
from domain.moments import posting_allowed_at
from domain.people import can_be_handed_on
from integrations.links import Link, Links, Purpose
from integrations.proofs import Proofs
from web.available_actions import Action
from web.cases import Cases
from web.form_data import LIMIT, FormData, Wrong
from web.forms import form_of
from web.forms.form import Form, Occasion, Sent
from web.limits import Limits
from web.pages.cards import CHECK, Refusal, card
from web.pages.case_shown import case_shown
from web.pages.codes import Codes
from web.pages.entrance import Entrance, Visit
from web.pages.rendering import Pages
from workflows.client import ActRefused

Face = Literal["open", "decided", "superseded", "closed"]

_FORM = form_of(DecideExternalMessage)
_HAND_ON = form_of(HandOnReviewNow)
_CHANGED = "The text has changed since you opened the page. Please read it again, then decide"
_log = structlog.stdlib.get_logger("web")


class Approvals:
    """Shows an approval request to its liaison and passes the decision on."""

    def __init__(
        self, cases: Cases, links: Links, proofs: Proofs, pages: Pages, limits: Limits
    ) -> None:
        self._cases = cases
        self._codes = Codes(cases, links)
        self._proofs = proofs
        self._pages = pages
        self._entrance = Entrance(Purpose.APPROVAL, cases, links, pages, limits)

    def routes(self) -> list[Route]:
        """Return the addresses of the page and of its two forms."""
        hand_on = Route(
            f"/{Purpose.APPROVAL}/{{token}}/{HandOnReviewNow.name}",
            self.hand_on,
            methods=["POST"],
            max_body_size=LIMIT,
        )
        return [*self._entrance.routes(self._shown, self._taken), hand_on]

    async def hand_on(self, request: Request) -> Response:
        """Take it that this is not theirs: the next one is asked."""
        return await self._entrance.sent(request, self._handed_on)

    async def _handed_on(self, visit: Visit, data: FormData) -> Response:
        return await self._sent(visit, data, _HAND_ON)

    async def _shown(self, visit: Visit) -> Response:
        _log.info("review page read", case=visit.link.case, approval=visit.link.request)
        return self._page(visit)

    async def _taken(self, visit: Visit, data: FormData) -> Response:
        return await self._sent(visit, data, _FORM)

    async def _sent(self, visit: Visit, data: FormData, form: Form) -> Response:
        """Take what one of the forms says, if the code and the text are right."""
        asked = asked_by(visit.link, visit.case)
        if asked is None or face_of(visit.case, asked) != "open":
            return self._too_late(visit, asked, data)
        person, door = visit.link.person, Door.REVIEW_LINK
        try:
            evidence = await self._codes.evidence(visit, form, door, data)
            sent = Sent(visit.case, person, door, data, self._proofs, evidence, about=asked.id)
            act = form.act_of(sent, self._pages.words.sending.word)
            if form is _FORM and data["digest"] != asked.digest:
                return self._page(visit, HTTPStatus.CONFLICT, _refusal(form, _CHANGED, data))
            await self._cases.act(visit.link.case, act, link=visit.token)
        except Wrong as wrong:
            visit = visit.with_case(await self._cases.case(visit.link.case))
            refusal = _refusal(form, CHECK, data, wrong.fields)
            return self._page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, refusal)
        except ActRefused as no:
            _log.info("decision refused", case=visit.link.case, approval=asked.id)
            visit = visit.with_case(await self._cases.case(visit.link.case))
            return self._page(visit, HTTPStatus.CONFLICT, _refusal(form, str(no), data))
        return visit.again()

    def _too_late(self, visit: Visit, asked: Approval | None, data: FormData) -> Response:
        """Answer a decision about a request that is not open: the first decision stands."""
        if asked is None or not asked.decision or asked.superseded_at or not asked.decided_at:
            return self._page(visit, HTTPStatus.CONFLICT)
        if data["decision"] == asked.decision:
            return visit.again()
        when = self._occasion(visit).at(asked.decided_at)
        told = f"This was already decided at {when}. The first decision stands."
        return self._page(visit, HTTPStatus.CONFLICT, _refusal(_FORM, told, data))

    def _page(
        self, visit: Visit, status: HTTPStatus = HTTPStatus.OK, refusal: Refusal | None = None
    ) -> Response:
        case, asked = visit.case, asked_by(visit.link, visit.case)
        if asked is None or case.incident is None:
            return self._pages.invalid_link()
        on = self._occasion(visit)
        shared = {**case_shown(on), "asked": asked, "refusal": refusal}
        face = face_of(case, asked)
        if face != "open":
            allowed = posting_allowed_at(case)
            return self._pages.page(f"approval/{face}.html", status, **shared, allowed=allowed)
        return self._pages.page(
            "approval/open.html",
            status,
            **shared,
            text=case.message.text,
            promises=[
                {"text": item.text, "state": on.words.standing(item.facts)}
                for item in case.items
                if item.accepted
            ],
            hand_on=card(Action(_HAND_ON), on, f"{visit.address}/{_HAND_ON.name}", refusal)
            if can_be_handed_on(case, on.person)
            else None,
            mailed=case.rules is not None and case.rules.message.channel == "mail",
            seen="",
            form=card(Action(_FORM), on, visit.address, refusal),
        )

    def _occasion(self, visit: Visit) -> Occasion:
        return Occasion(visit.case, visit.link.person, self._pages.words)


def asked_by(link: Link, case: Case) -> Approval | None:
    """Return the request that a link is about, if it was made to its holder."""
    about = (each for each in case.message.approvals if each.id == link.request)
    return next((each for each in about if each.liaison == link.person), None)


def face_of(case: Case, asked: Approval) -> Face:
    """Return which of its pages a request has now; the case alone knows."""
    if asked.superseded_at is not None:
        return "superseded"
    if asked.decision is not None:
        return "decided"
    if case.message.finished or case.closed_at is not None or case.message.text is None:
        return "closed"
    # Nobody is ever shown another text than the one that they are asked about.
    return "open" if case.message.text.digest == asked.digest else "superseded"


def _refusal(
    form: Form, problem: str, data: FormData, errors: dict[str, str] | None = None
) -> Refusal:
    return Refusal(form.name, problem, typed=data, errors=FormData(errors))
