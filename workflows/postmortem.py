"""Postmortem: one case, from resolved to published, and its action items to done."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from domain import lifecycle
    from domain.case import Answer, Case
    from domain.engine import agenda, editions
    from domain.engine.act import OPERATIONS, Act
    from domain.engine.agenda import Life
    from domain.engine.effect import Transition, noted, taken
    from domain.engine.journal import Door
    from domain.engine.signal import told
    from domain.phases import phase
    from domain.steering.acts import Cancel
    from domain.views.details import details
    from domain.views.summary import CaseSummary, summary
    from workflows.carrying_out import carry_out
    from workflows.names import WORKFLOW
    from workflows.options import LONGEST_MESSAGE, is_full, is_spent
    from workflows.reading import READING, answer, standing
    from workflows.search_attributes import search_attributes


@workflow.defn(dynamic=True)
class Postmortem:
    """The postmortem of one incident.

    Tools tell facts by signals, people act through updates; both only change the case. One
    loop carries out what is due. Everything that is decided is decided in `domain`. It is
    dynamic so that it takes whatever input somebody gives it: a wrong one is noted on the case,
    where a typed one would fail the first task for ever.
    """

    @workflow.init
    def __init__(self, carried: Sequence[RawValue]) -> None:
        self._began = workflow.now()
        before = _carried(carried, self._began)
        edition = editions.newest_known(before.edition, list(editions.Edition), workflow.patched)
        self.case = before.replace(edition=edition)
        self._published_before = before.published_at is not None
        # A new run inherits what the last one showed.
        self._shown = self._summary(self._began) if before.incident is not None else None
        self._changes = self._updates = self._signals = 0
        self._wakes_at: datetime | None = None
        self._timer: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, carried: Sequence[RawValue]) -> CaseSummary:
        """Let the case live to its end; who requests its cancellation cancels it in good order."""
        _refuse_other_workflows()
        life, stopped = asyncio.create_task(self._live()), False
        while not life.done():
            try:
                # What is under way is never cut off: it may have happened.
                await asyncio.shield(life)
            except asyncio.CancelledError:
                if workflow.cancellation_reason() is None:
                    # A worker forgets the case, which nobody asked to end.
                    raise
                stopped = True
                self._cancel()
        ended = life.result()
        if stopped:
            raise asyncio.CancelledError
        return ended

    async def _live(self) -> CaseSummary:
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
        return self._summary(workflow.now())

    async def _moment(self) -> bool:
        """Carry out, together, everything that is due now, and tell whether there was any."""
        now = workflow.now()
        due = agenda.due(self._life, now)
        if not due:
            return False
        if isinstance(due[0], Transition):
            self._change(taken(self.case, due[0], now))
            return True
        self.case = self.case.replace(under_way=tuple(each.key for each in due))
        for effect, report, learned in await carry_out(self.case, due, now):
            self._change(noted(self.case, effect, report, learned, workflow.now()))
        self.case = self.case.replace(under_way=())
        return True

    async def _wait(self, seen: int) -> None:
        """Wait until the agenda's next time, or until something changes."""
        self._arm(agenda.wake_at(self._life, workflow.now()))
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

    @property
    def _life(self) -> Life[Case]:
        return lifecycle.life(self.case)

    def _cancel(self) -> None:
        """Take Temporal's own request for a cancellation, which gives no reason, for the act."""
        act = Cancel(by=OPERATIONS, through=Door.TEMPORAL, reason="")
        if self.case.closed_at is None and not self.case.is_ending:
            self._change(act.done(self.case, workflow.now()))

    def _change(self, case: Case) -> None:
        self.case = case
        self._changes += 1

    def _summary(self, now: datetime) -> CaseSummary:
        return summary(self._life, lifecycle.attention(self._life), now)

    def _show(self) -> None:
        """Show operations where the case is; an upsert costs, so only when something changed."""
        now = workflow.now()
        attention = lifecycle.attention(self._life)
        seen = summary(self._life, attention, now)
        workflow.set_current_details(details(self._life, attention, seen, now))
        if seen == self._shown:
            return
        in_clear = self.case.directory.in_clear if self.case.directory else str
        shown = search_attributes(self._shown, in_clear) if self._shown else []
        changed = [each for each in search_attributes(seen, in_clear) if each not in shown]
        if changed:
            workflow.upsert_search_attributes(changed)
        workflow.upsert_memo({"summary": seen})
        self._shown = seen

    def _should_renew(self) -> bool:
        """Begin a new run at publication, after four weeks, and before Temporal's limits."""
        just_published = self.case.published_at is not None and not self._published_before
        spent = is_spent(workflow.now() - self._began, self._updates, self._signals)
        return just_published or spent or workflow.info().is_continue_as_new_suggested()

    async def _renew(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        # What is as it would be anyway is left out; not the edition, whose default moves.
        carried = self.case.carried().model_dump(mode="json", exclude_defaults=True)
        workflow.continue_as_new({**carried, "edition": self.case.edition})

    @workflow.signal(dynamic=True)
    def told(self, name: str, args: Sequence[RawValue]) -> None:
        """Take in what a tool tells; whatever makes no sense is noted on the case."""
        now = workflow.now()
        self._signals += 1
        if _is_too_large(args):
            facts = {"signal": name[:60], "limit": str(LONGEST_MESSAGE // 1024)}
            self._change(self.case.with_anomaly(now, "signal-too-large", **facts))
            return
        try:
            decoded = [_plain(each) for each in args]
            after = told(self.case, lifecycle.signals(), name, decoded, now)
        except Exception:  # noqa: BLE001 - any encoding may arrive, and nothing may stop a case
            after = self.case.with_anomaly(now, "signal-unreadable", signal=name[:60])
        self._change(after)

    @workflow.update(dynamic=True)
    def act(self, name: str, args: Sequence[RawValue]) -> Answer:
        """Take in what a person does, and say where it leaves the case."""
        self._updates += 1
        self._change(_read(name, args).done(self.case, workflow.now()))
        return Answer(phase=phase(self.case))

    @act.validator
    def _allowed(self, name: str, args: Sequence[RawValue]) -> None:
        if name == READING:
            raise answer(self.case)
        now, act = workflow.now(), _read(name, args)
        reason = lifecycle.refusal(self.case, act, now)
        if reason is None and is_full(self._updates):
            reason = "Very much is being done here at once. Try again in a minute."
        if reason is not None:
            raise ApplicationError(reason, type="Refused")
        if act.stands(self.case, now):
            # A repeat is answered here, where it leaves nothing in history.
            raise standing(Answer(phase=phase(self.case)))

    @workflow.query(name="case")
    def whole_case(self) -> Case:
        """Return the case as it stands: instants, no judgements against now."""
        return self.case


def _refuse_other_workflows() -> None:
    wanted = workflow.info().workflow_type
    if wanted != WORKFLOW:
        reason = f"There is no workflow {wanted[:60]!r}; start {WORKFLOW}."
        raise ApplicationError(reason, type="Refused", non_retryable=True)


def _carried(args: Sequence[RawValue], now: datetime) -> Case:
    """Return the case of the run before, or a new one; other input is noted and left."""
    if workflow.info().continued_run_id:
        # It may raise: after a rollback an older release must stop at a newer case.
        return Case.model_validate(_plain(args[0]))
    new = Case(id=workflow.info().workflow_id, edition=0, received_at=now)
    return new.with_anomaly(now, "start-input-ignored") if args else new


def _is_too_large(args: Sequence[RawValue]) -> bool:
    return sum(len(each.payload.data) for each in args) > LONGEST_MESSAGE


def _plain(value: RawValue) -> Any:  # noqa: ANN401 - it comes from outside
    return workflow.payload_converter().from_payload(value.payload)


def _read(name: str, args: Sequence[RawValue]) -> Act[Case]:
    wanted = lifecycle.acts().get(name)
    if wanted is None:
        raise ApplicationError(f"There is no act {name[:60]!r}.", type="Refused")
    if _is_too_large(args):
        limit = f"{LONGEST_MESSAGE // 1024} KB"
        raise ApplicationError(f"{name} is larger than {limit}. Write less.", type="Refused")
    if len(args) != 1:
        raise ApplicationError(f"{name} takes one argument, not {len(args)}.", type="Refused")
    try:
        read: Act[Case] = workflow.payload_converter().from_payload(args[0].payload, wanted)
    except ValidationError as error:
        reason = f"{name} is not understood: {_fields(error)}."
    except Exception:  # noqa: BLE001 - any encoding may arrive, and nothing may stop a case
        reason = f"{name} is not understood: it is no JSON object of this act."
    else:
        return read
    raise ApplicationError(reason, type="Refused")


def _fields(error: ValidationError) -> str:
    return ", ".join(".".join(map(str, each["loc"])) for each in error.errors()) or "all of it"
