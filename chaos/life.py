"""One life under the storm: time passes, and its people do what they planned, however often."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from temporalio.api.common.v1 import TimeSkippingInfo
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from chaos import standing
from chaos.actions import Action, next_action, retry_everything
from chaos.dice import dice
from chaos.mailbox import Mailbox
from chaos.plan import Plan, by_page
from chaos.proxied_environment import CUSTOMERS_ADDRESS
from chaos.storm import Storm
from devstack.environment import Environment
from devstack.signing import signed
from domain.case import Case
from domain.customer_message.acts import SettleDelivery
from workflows.client import ActRefused, NoSuchCase, OutOfReach

OPERATIONS = "joana-neves"
FAR = timedelta(hours=12)
WHILE_A_MAIL_IS_LATE = timedelta(minutes=7)
_PATIENCE = 12.0
_STUCK = 20.0
_A_MOMENT = 0.25
_LATE_MAILS = 4
_STILL_UNDER_WAY = 2.0
_TOO_MANY_REFUSALS = 40

_AWAY = (OutOfReach, NoSuchCase, RPCError, TimeoutError, RuntimeError, httpx.HTTPError)
"""What anybody meets while parts are killed; it is tried again."""


class Life:
    """One case from resolved to closed; `closed` is the case as it ended."""

    def __init__(  # noqa: PLR0913  who, where, under what, and by which dice
        self,
        here: Environment,
        mailbox: Mailbox,
        storm: Storm,
        plan: Plan,
        seed: int,
        *,
        operated: bool = False,
    ) -> None:
        self._here = here
        self._mailbox = mailbox
        self._skipper = TimeSkipper(here.client, config=TimeSkippingConfig(enabled=False))
        self._storm = storm
        self._seed = seed
        self._operated = operated
        self._dice = dice(seed, "ways", plan.case_id)
        self._has_begun = False
        self._reached = ("", 0)
        self._reached_at = 0.0
        self._late: dict[str, int] = {}
        self._finished: set[str] = set()
        self._answered = 0
        self.plan = plan
        self.closed: Case | None = None
        self.last: Case | None = None
        self.refused: list[str] = []
        self.questions = 0
        self.retries = 0

    @property
    def is_past_meeting(self) -> bool:
        """Whether people have met about it."""
        return self.last is not None and standing.met(self.last)

    async def live(self) -> None:
        """Go on until the case is closed, whatever is away meanwhile."""
        while self.closed is None:
            try:
                await self._one_step()
            except _AWAY:
                await asyncio.sleep(_A_MOMENT)

    async def _one_step(self) -> None:
        if not self._has_begun:
            await self._here.cases.incident_resolved(self.plan.incident)
            self._has_begun = True
        case = self.last = await self._case()
        if case.closed_at is not None:
            self.closed = case
            return
        now = await self._now()
        if now is None or standing.is_busy(case, now):
            # Time that is skipped again now would run past a timer which is about to fire.
            await asyncio.sleep(_A_MOMENT)
        elif not (self._operated and await self._retried(case)):
            await self._go_on(case, now)

    async def _case(self) -> Case:
        return await asyncio.wait_for(self._here.cases.case(self.plan.case_id), _PATIENCE)

    async def _go_on(self, case: Case, now: datetime) -> None:
        """Let somebody do what is asked of them, or else let time pass."""
        action = next_action(case, self.plan, now, has_arrived=await self._has_arrived(case))
        if action is not None and await self._done(action):
            return
        if action is not None:
            await self._pass_time(WHILE_A_MAIL_IS_LATE)
        elif not await self._finish_tickets(case):
            waits_from = standing.next_wait(case, now)
            await self._pass_time(min(FAR, waits_from - now) if waits_from else FAR)

    async def _now(self) -> datetime | None:
        """Return the case's time, or None while it is still being skipped."""
        info = await self._skipper.get_time_skipping_info(self._handle)
        if info is None:
            return datetime.now(UTC)  # noqa: TID251 - no workflow runs here
        now = info.current_time.ToDatetime().replace(tzinfo=UTC)
        skip = info.fast_forward_info
        is_over = not info.HasField("fast_forward_info") or skip.has_completed
        return now if is_over or self._is_stuck(skip.fast_forward_id, info) else None

    def _is_stuck(self, skip: str, info: TimeSkippingInfo) -> bool:
        """Tell whether a skip has not come a step further for long."""
        clock, reached = asyncio.get_running_loop().time(), (skip, info.current_session_skip_count)
        if reached != self._reached:
            self._reached, self._reached_at = reached, clock
        return clock - self._reached_at > _STUCK

    async def _pass_time(self, far: timedelta) -> None:
        """Skip some time; what is due on the way is done, or this gives up for now."""
        skip = self._skipper.fast_forward(self._handle, far + timedelta(seconds=1))
        await asyncio.wait_for(skip, _PATIENCE)

    async def _retried(self, case: Case) -> bool:
        """Let operations retry what a vendor refused."""
        parked = standing.parked(case)
        if parked:
            await self._by_client(retry_everything(by=OPERATIONS))
            self.retries += len(parked)
        return bool(parked)

    async def _has_arrived(self, case: Case) -> bool:
        """Look whether the customers have their mail, once nothing can be on its way any more."""
        if not standing.customers_mail_is_unsure(case):
            return False
        await asyncio.sleep(_STILL_UNDER_WAY)
        mails = await self._mailbox.of(case.id, now=True)
        return any(mail["to"] == CUSTOMERS_ADDRESS for mail in mails)

    async def _done(self, action: Action) -> bool:
        """Do an action by page or otherwise; False while the mail with the link is not there."""
        hopes_for_mail = self._late.get(action.name, 0) < _LATE_MAILS
        if hopes_for_mail and by_page(self.plan, self._seed, action.name):
            to = self._here.email(action.act.by)
            link = await self._mailbox.link(self.plan.case_id, to, action.mail)
            if link is None:
                self._late[action.name] = self._late.get(action.name, 0) + 1
                return False
            await self._by_page(action, link)
        else:
            await self._by_client(action)
        if isinstance(action.act, SettleDelivery):
            self.questions += 1
        return True

    async def _by_client(self, action: Action) -> None:
        try:
            # The same until it is answered, so that a repeat is the same click and not another.
            link = f"chaos {self._answered}"
            act = signed(self._here.proofs, self.last or await self._case(), action.act)
            await self._here.cases.act(self.plan.case_id, act, link=link)
        except ActRefused as no:
            self._note_refusal(f"{action.name}: {no}")
        self._answered += 1

    async def _by_page(self, action: Action, link: str) -> None:
        """Open the link, fill in the form and click; without an answer, click again."""
        page = await self._here.browser.open(link)
        try:
            form = page.form(action.form)
        except LookupError:
            self._note_refusal(f"{action.name}: no form {action.form}, status {page.status}")
            return
        fields = dict(action.fields)
        if "code" in form.fields:
            to = self._here.email(action.act.by)
            fields["code"] = await self._mailbox.code(self.plan.case_id, to)
        answer = None
        while answer is None:
            click = asyncio.ensure_future(self._here.browser.send(page, form, fields))
            try:
                await self._storm.kill_web_during(click, self._dice)
                answer = click.result()
            except httpx.HTTPError:
                await asyncio.sleep(_A_MOMENT)
        if answer.status >= httpx.codes.BAD_REQUEST:
            self._note_refusal(f"{action.name}: {answer.status} {answer.text[:200]}")

    def _note_refusal(self, what: str) -> None:
        self.refused.append(what)
        if len(self.refused) > _TOO_MANY_REFUSALS:
            raise StuckLife(f"{self.plan.case_id}: {what}")

    async def _finish_tickets(self, case: Case) -> bool:
        """Finish one open ticket in the tracker, if the report is out."""
        ahead = [key for key in standing.tickets_to_finish(case) if key not in self._finished]
        if not ahead:
            return False
        answer = await self._here.simulator.post(
            f"/tickets/{ahead[0]}/transition", data={"to": "Done"}
        )
        if answer.is_error:
            raise StuckLife(f"{self.plan.case_id}: {ahead[0]} is not there.")
        self._finished.add(ahead[0])
        return True

    @property
    def _handle(self) -> Any:  # noqa: ANN401 - a handle of whatever it returns
        return self._here.client.get_workflow_handle(self.plan.case_id)


class StuckLife(Exception):
    """People of a life cannot go on; the text says what they saw."""
