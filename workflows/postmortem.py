"""Postmortem: one case, from resolved to published, and its action items to done."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from domain.engine import agenda
    from domain import facts, turns
    from domain.acts import ACTS
    from domain.engine.act import Act
    from domain.engine.editions import NEWEST
    from domain.case import Answer, Case
    from domain.engine.effect import Transition
    from domain.engine.effect import noted
    from domain.phases import phase
    from domain.views.summary import CaseSummary, summary
    from domain.summary import details
    from workflows.carrying_out import carry_out
    from workflows.reading import READING, answer
    from workflows.search_attributes import search_attributes

RENEWED_AFTER = timedelta(days=28)


@workflow.defn
class Postmortem:
    """The postmortem of one incident.

    Tools tell facts by signals, people act through updates; both only change the case. One
    loop carries out what is due. Everything that is decided is decided in `domain`.
    """

    @workflow.init
    def __init__(self, carried: Case | None = None) -> None:
        before = carried or Case(id=workflow.info().workflow_id, edition=0)
        self.case = before.replace(edition=_newest_edition(before.edition))
        self._began = workflow.now()
        self._published_before = self.case.published_at is not None
        # A new run inherits what the last one showed.
        self._shown = summary(self.case, self._began) if carried else None
        self._changes = 0
        self._wakes_at: datetime | None = None
        self._timer: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, carried: Case | None = None) -> CaseSummary:
        """Take the case through its life, one moment after the other."""
        while self.case.closed_at is None:
            seen = self._changes
            if await self._moment():
                continue
            self._show()
            if self._should_renew():
                await self._renew()
            await self._wait(seen)
        await workflow.wait_condition(workflow.all_handlers_finished)
        self._show()
        return summary(self.case, workflow.now())

    async def _moment(self) -> bool:
        """Carry out, together, everything that is due now, and tell whether there was any."""
        now = workflow.now()
        due = agenda.due(self.case, now)
        if not due:
            return False
        if isinstance(due[0], Turn):
            self._change(turns.take(self.case, due[0], now))
            return True
        self.case = self.case.replace(under_way=tuple(each.key for each in due))
        for effect, report, value in await carry_out(self.case, due, now):
            self._change(note(self.case, effect, report, value, workflow.now()))
        self.case = self.case.replace(under_way=())
        return True

    async def _wait(self, seen: int) -> None:
        """Wait until the agenda's next time, or until something changes."""
        self._arm(agenda.wake_at(self.case, workflow.now()))
        await workflow.wait_condition(
            lambda: self._changes != seen or (self._timer is not None and self._timer.done())
        )

    def _arm(self, wake: datetime | None) -> None:
        """Keep one timer, and the same one while the next time is unchanged: each one costs."""
        if self._timer is not None and not self._timer.done():
            if wake == self._wakes_at:
                return
            self._timer.cancel()
        self._wakes_at = wake
        self._timer = None
        if wake is not None:
            patience = max(wake - workflow.now(), timedelta(seconds=1))
            waiting = workflow.sleep(patience, summary="the case's next time")
            self._timer = asyncio.create_task(waiting)

    def _change(self, case: Case) -> None:
        self.case = case
        self._changes += 1

    def _show(self) -> None:
        """Show operations where the case is; an upsert costs, so only when something changed."""
        now = workflow.now()
        seen = summary(self.case, now)
        workflow.set_current_details(details(self.case, now))
        if seen == self._shown:
            return
        shown = search_attributes(self._shown) if self._shown else []
        changed = [each for each in search_attributes(seen) if each not in shown]
        if changed:
            workflow.upsert_search_attributes(changed)
        workflow.upsert_memo({"summary": seen})
        self._shown = seen

    def _should_renew(self) -> bool:
        """Begin a new run at publication and at the first quiet moment after four weeks."""
        just_published = self.case.published_at is not None and not self._published_before
        return just_published or workflow.now() - self._began >= RENEWED_AFTER

    async def _renew(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self.case.edition == 1:
            # Such a run asked here, too: its history must go on as it began.
            workflow.patched("edition-1")
        ledger = {key: each for key, each in self.case.ledger.items() if key != "directory"}
        workflow.continue_as_new(self.case.replace(ledger=ledger))

    @workflow.signal(dynamic=True)
    def told(self, name: str, args: Sequence[RawValue]) -> None:
        """Take in what a tool tells; whatever makes no sense is noted on the case."""
        now = workflow.now()
        try:
            decoded = tuple(
                workflow.payload_converter().from_payload(each.payload, dict) for each in args
            )
        except Exception:  # noqa: BLE001 - any encoding may arrive, and nothing may stop a case
            self._change(
                facts.with_anomaly(self.case, f"Signal {name[:60]!r} could not be read.", now)
            )
            return
        self._change(facts.told(self.case, name, decoded, now))

    @workflow.update(dynamic=True)
    def act(self, name: str, args: Sequence[RawValue]) -> Answer:
        """Take in what a person does, and say where it leaves the case."""
        self._change(_read(name, args).applied(self.case, workflow.now()))
        return Answer(phase=phase(self.case))

    @act.validator
    def _allowed(self, name: str, args: Sequence[RawValue]) -> None:
        if name == READING:
            raise answer(self.case)
        reason = _read(name, args).refusal(self.case, workflow.now())
        if reason is not None:
            raise ApplicationError(reason, type="Refused")

    @workflow.query(name="case")
    def whole_case(self) -> Case:
        """Return the case as it stands: instants, no judgements against now."""
        return self.case


def _newest_edition(carried: int) -> int:
    """Return the edition that this history was decided with: of a new run, the newest.

    A run asks as it begins and never again, since it would be told the same. Every run asks,
    because the answer is what lists of cases are filtered by; only those of edition 1 that
    continued another did not.
    """
    oldest = max(carried, 2) if carried else 1
    editions = range(NEWEST_EDITION, oldest - 1, -1)
    return next((n for n in editions if workflow.patched(f"edition-{n}")), carried)


def _read(name: str, args: Sequence[RawValue]) -> Act:
    wanted = ACTS.get(name)
    if wanted is None:
        raise ApplicationError(f"There is no act {name[:60]!r}.", type="Refused")
    if len(args) != 1:
        raise ApplicationError(f"{name} takes one argument, not {len(args)}.", type="Refused")
    try:
        read: Act = workflow.payload_converter().from_payload(args[0].payload, wanted)
    except (ValidationError, ValueError, RuntimeError) as error:
        raise ApplicationError(
            f"{name} is not understood: {_fields(error)}.", type="Refused"
        ) from None
    return read


def _fields(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return ", ".join(".".join(map(str, each["loc"])) for each in error.errors()) or "all of it"
    return "it is no JSON object of this act"
