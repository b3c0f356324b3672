"""Codes that stand only in mails: what a typed one shows, and wrong ones, which are counted."""

import secrets

import structlog

from domain.customer_message.codes import LOCKED, ReportWrongCode, locked
from domain.engine.journal import Door
from integrations.links import Links
from web.cases import Cases
from web.form_data import FormData, Wrong
from web.forms.form import LINK, LINK_AND_CODE, Form
from web.pages.entrance import Visit
from workflows.client import ActRefused

_WRONG = {"code": "This is not the code. It stands in your newest mail about this message."}
_log = structlog.stdlib.get_logger("web")


class Codes:
    """Holds what people type against the codes of their mails."""

    def __init__(self, cases: Cases, links: Links) -> None:
        self._cases = cases
        self._links = links

    async def evidence(self, visit: Visit, form: Form, door: Door, data: FormData) -> str:
        """Return what is seen of who sends a form: a link alone, or the code of the mail as well.

        Raises:
            Wrong: the code is none; it was counted.
            ActRefused: theirs are locked, so that even the right one counts no more.
        """
        request, person = form.code_for(visit.case), visit.link.person
        if not request or "code" not in data:
            return LINK
        if locked(visit.case, person):
            raise ActRefused(LOCKED)
        if self._links.code_matches(request, person, data["code"]):
            return LINK_AND_CODE
        await self._count(visit, request, door)
        raise Wrong(_WRONG)

    async def _count(self, visit: Visit, request: str, door: Door) -> None:
        _log.warning("wrong code", case=visit.link.case, approval=request)
        act = ReportWrongCode(by=visit.link.person, through=door, approval_id=request)
        # Each wrong code counts, so that no two reports may pass for the same one.
        way = f"{visit.token} {secrets.token_hex(8)}"
        try:
            await self._cases.act(visit.link.case, act, link=way)
        except ActRefused:
            _log.info("request not open", case=visit.link.case, approval=request)
