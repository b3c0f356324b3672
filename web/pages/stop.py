"""The page that stops an approved customer message before it leaves."""

from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from domain.case import Case
from domain.customer_message.acts import WithdrawMessage
from domain.engine.journal import Door
from integrations.links import Link, Links, Purpose
from integrations.proofs import Proofs
from web.available_actions import Action
from web.cases import Cases
from web.form_data import FormData, Wrong
from web.forms import form_of
from web.forms.customer_text import exact
from web.forms.form import Occasion, Sent
from web.pages.cards import CHECK, Refusal, card
from web.pages.case_shown import case_shown
from web.pages.codes import Codes
from web.pages.entrance import Entrance, Visit
from web.pages.rendering import Pages
from workflows.client import ActRefused

_FORM = form_of(WithdrawMessage)


class Stops:
    """Shows the approved text to who may stop it, and passes the stop on."""

    def __init__(self, cases: Cases, links: Links, proofs: Proofs, pages: Pages) -> None:
        self._cases = cases
        self._codes = Codes(cases, links)
        self._proofs = proofs
        self._pages = pages
        self._entrance = Entrance(Purpose.WITHDRAW, cases, links, pages)

    def routes(self) -> list[Route]:
        """Return the address of the page."""
        return self._entrance.routes(self._shown, self._taken)

    async def _shown(self, visit: Visit) -> Response:
        return self._page(visit)

    async def _taken(self, visit: Visit, data: FormData) -> Response:
        link = visit.link
        # A link about an earlier text must not stop the one that was approved since.
        if not stoppable(link, visit.case):
            return self._page(visit)
        door = Door.STOP_LINK
        try:
            evidence = await self._codes.evidence(visit, _FORM, door, data)
            sent = Sent(visit.case, link.person, door, data, self._proofs, evidence)
            act = _FORM.act_of(sent, self._pages.words.sending.word)
            await self._cases.act(link.case, act, link=visit.token)
        except Wrong as wrong:
            visit = visit.with_case(await self._cases.case(link.case))
            refusal = Refusal(_FORM.name, CHECK, data, FormData(wrong.fields))
            return self._page(visit, HTTPStatus.UNPROCESSABLE_ENTITY, refusal)
        except ActRefused as no:
            visit = visit.with_case(await self._cases.case(link.case))
            refusal = Refusal(_FORM.name, str(no), data)
            return self._page(visit, HTTPStatus.CONFLICT, refusal)
        return visit.again()

    def _page(
        self, visit: Visit, status: HTTPStatus = HTTPStatus.OK, refusal: Refusal | None = None
    ) -> Response:
        case, link = visit.case, visit.link
        if case.incident is None:
            return self._pages.not_ready()
        on = Occasion(case, link.person, self._pages.words)
        shared = {**case_shown(on), "refusal": refusal}
        if not stoppable(link, case):
            changed = any(
                each.id == link.approval and each.decision == "changes"
                for each in case.message.approvals
            )
            return self._pages.page("stop/too_late.html", status, **shared, stopped=changed)
        return self._pages.page(
            "stop/open.html",
            status,
            **shared,
            form=card(Action(_FORM), on, visit.address, refusal),
            seen="",
            exact=exact(case),
        )


def stoppable(link: Link, case: Case) -> bool:
    """Tell whether the text that a link is about is approved and has not left."""
    asked = case.message.approval
    current = asked is not None and asked.id == link.approval
    return current and case.message.approved_at is not None and not case.message.finished
