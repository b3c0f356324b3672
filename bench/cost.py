"""What a case costs: the happy path of a sev1 with five accepted action items, measured.

    python -m bench.cost [--report FILE]

Counted to publication, and per later week while nobody is late and nobody touches a ticket:
history events (without the marks of skipped time), history bytes, billable Temporal actions
(starts, signals, updates, timers, activities with retries, local activities as if each were
billed by itself, search-attribute upserts) and requests to Google, Jira and SendGrid.
"""

import argparse
import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowExecutionDescription

from devstack.environment import Environment, environment
from devstack.signing import EVIDENCE, signed
from domain.case import Case
from domain.customer_message.acts import DecideExternalMessage, DraftExternalMessage, MarkPosted
from domain.customer_message.state import MessageText
from domain.decisions.acts import (
    ConfirmActionItem,
    Decide,
    ItemAnswer,
    ItemDecision,
    ProposeActionItems,
)
from domain.decisions.state import Verdict
from domain.engine.act import Act
from domain.incident import Incident
from domain.meeting.acts import RecordMeeting
from domain.ownership.acts import AcceptOwnership
from domain.preparation.document import ActionRow

ITEMS = 5
LATER_WEEKS = 6
FAR_AWAY = timedelta(days=120)
_LOOKS = 60
_BETWEEN_LOOKS = 1.0
CHANGE_MARK = "TemporalChangeVersion"
LOCAL_ACTIVITY = "core_local_activity"

_MARKS_OF_SKIPPED_TIME = (
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
)
_KINDS = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: "starts",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: "signals",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: "updates",
    EventType.EVENT_TYPE_TIMER_STARTED: "timers",
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: "activities",
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: "upserts",
}


@dataclass(frozen=True)
class Cost:
    """What was spent up to some moment."""

    actions: Counter[str]
    events: int
    bytes: int
    requests: int

    def since(self, earlier: "Cost") -> "Cost":
        """Return what was spent after an earlier moment."""
        return Cost(
            self.actions - earlier.actions,
            self.events - earlier.events,
            self.bytes - earlier.bytes,
            self.requests - earlier.requests,
        )

    def figures(self) -> dict[str, int]:
        """Return the four figures."""
        return {
            "actions": self.actions.total(),
            "events": self.events,
            "bytes": self.bytes,
            "requests": self.requests,
        }


@dataclass(frozen=True)
class Measured:
    """The whole measurement."""

    publication: Cost
    later_weeks: tuple[Cost, ...]

    @property
    def per_later_week(self) -> dict[str, int]:
        """What a later week costs on average, rounded up."""
        weeks = [week.figures() for week in self.later_weeks]
        return {name: ceil(sum(w[name] for w in weeks) / len(weeks)) for name in weeks[0]}

    def report(self) -> dict[str, object]:
        """Return the figures to publication, and per later week."""
        return {**self.publication.figures(), "per_later_week": self.per_later_week}


async def measured(folder: Path) -> Measured:
    """Play the happy path on a fresh stack, and count."""
    async with environment(folder) as here:
        await to_publication(here)
        published = await _spent(here)
        await _message_out(here)
        await _due_far_away(here)
        weeks = [await _spent(here)]
        for _ in range(LATER_WEEKS):
            await here.until(await here.now() + timedelta(days=7))
            weeks.append(await _spent(here))
        pairs = zip(weeks[1:], weeks, strict=False)
        return Measured(published, tuple(later.since(before) for later, before in pairs))


async def to_publication(here: Environment, incident: str = "BENCH-1") -> None:
    """Play one case until its report is published."""
    resolved_at = _coming_tuesday()
    here.case_id = await here.cases.incident_resolved(_incident(incident, resolved_at))
    await _jump(here, resolved_at + timedelta(minutes=20))
    owner = (await here.case()).ownership.nominee or ""
    await _act(here, AcceptOwnership(by=owner))
    await _act(here, ProposeActionItems(by=owner, items=_items()))
    text = MessageText(subject="Errors", summary="Four.", what_happened="Three.", what_we_do="Two.")
    await _act(here, DraftExternalMessage(by=owner, text=text))
    meeting = (await here.case()).meeting
    if meeting.end is None or meeting.facilitator is None:
        raise RuntimeError("The bench found no time for its meeting.")
    await _jump(here, meeting.end + timedelta(minutes=2))
    await _act(here, RecordMeeting(by=meeting.facilitator, held=True))
    await _act(here, Decide(by=meeting.facilitator, decisions=await _accepted(here)))
    await here.forward(timedelta(hours=1))
    answers = tuple(ItemAnswer(item=f"AI-{n}", answer="confirm") for n in range(1, ITEMS + 1))
    await _act(here, ConfirmActionItem(by="ines-duarte", answers=answers))
    await _until_published(here)


async def _jump(here: Environment, instant: datetime) -> None:
    """Let time pass in one go: each skip costs, and would be counted as if a case did."""
    await here.forward(instant - await here.now())


async def _until_published(here: Environment) -> None:
    """Wait for what is under way; beside many other lives it takes a while."""
    for _ in range(_LOOKS):
        if (await here.case()).published_at is not None:
            return
        await asyncio.sleep(_BETWEEN_LOOKS)
        await here.settle()
    raise RuntimeError("The bench's report was not published.")


async def _message_out(here: Environment) -> None:
    asked = (await here.case()).message.approval
    if asked is None:
        raise RuntimeError("The bench's liaison was not asked.")
    decision = DecideExternalMessage(
        by=asked.liaison,
        approval_id=asked.id,
        digest=asked.digest,
        decision="approved",
        evidence=EVIDENCE,
        proof="",
    )
    await _act(here, decision)
    await here.forward(timedelta(minutes=11))
    await _act(here, MarkPosted(by=asked.liaison, url="https://status.example.com/1"))


async def _due_far_away(here: Environment) -> None:
    """Give every ticket a due day far ahead, as a team may, so that nobody is late."""
    day = ((await here.now()) + FAR_AWAY).date().isoformat()
    for ticket in await here.told("tickets"):
        await here.press(f"/tickets/{ticket['key']}/due-date", duedate=day)
    for _ in range(100):
        if all(item.due and item.due.isoformat() == day for item in (await here.case()).items):
            return
        await asyncio.sleep(0.05)
    raise RuntimeError("Jira's webhooks did not arrive.")


async def _act(here: Environment, act: Act[Case]) -> None:
    proved = signed(here.proofs, await here.case(), act)
    await here.cases.act(here.case_id, proved, link="bench")
    await here.settle()


async def _accepted(here: Environment) -> tuple[ItemDecision, ...]:
    return tuple(
        ItemDecision(item=item.id, verdict=Verdict.ACCEPTED, decided_by="ines-duarte")
        for item in (await here.case()).items
    )


async def _spent(here: Environment) -> Cost:
    actions: Counter[str] = Counter()
    events = size = 0
    async for run in _runs(here):
        handle = here.client.get_workflow_handle(run.id, run_id=run.run_id)
        size += run.raw_description.workflow_execution_info.history_size_bytes
        async for event in handle.fetch_history_events():
            if (
                event.event_type
                == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED
            ):
                continue
            events += 1
            actions.update(_actions(event))
    # The start and its signal are one action.
    actions["signals"] -= 1
    requests = (await here.told("requests"))["total"]
    return Cost(+actions, events, size, requests)


async def _runs(here: Environment) -> AsyncIterator[WorkflowExecutionDescription]:
    async for each in here.client.list_workflows(f"WorkflowId = '{here.case_id}'"):
        handle = here.client.get_workflow_handle(each.id, run_id=each.run_id)
        yield await handle.describe()


def _actions(event: HistoryEvent) -> list[str]:
    kind = _KINDS.get(event.event_type)
    if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
        return ["retries"] * (event.activity_task_started_event_attributes.attempt - 1)
    if kind == "upserts":
        upserted = event.upsert_workflow_search_attributes_event_attributes.search_attributes
        if set(upserted.indexed_fields) == {CHANGE_MARK}:
            return []
    if event.marker_recorded_event_attributes.marker_name == LOCAL_ACTIVITY:
        return ["local activities"]
    return [kind] if kind else []


def _coming_tuesday() -> datetime:
    today = datetime.now(UTC).date()
    day = today + timedelta(days=(1 - today.weekday()) % 7 or 7)
    return datetime(day.year, day.month, day.day, 14, 52, tzinfo=UTC)


def _incident(key: str, resolved_at: datetime) -> Incident:
    return Incident.model_validate(
        {
            "key": key,
            "title": "Web requests answered with errors",
            "severity": "sev1",
            "services": ["edge-firewall"],
            "started_at": resolved_at - timedelta(minutes=70),
            "resolved_at": resolved_at,
            "participants": [
                {"person": "joana-neves", "role": "incident commander"},
                {"person": "amara-okafor", "role": "responder"},
            ],
        }
    )


def _items() -> tuple[ActionRow, ...]:
    return tuple(
        ActionRow(
            text=f"Do thing number {number}",
            type="prevent",
            priority="P1",
            team="edge-firewall",
            done_when="A test shows it",
        )
        for number in range(1, ITEMS + 1)
    )


def _printed(found: Measured) -> str:
    week, spent = found.per_later_week, found.publication.actions
    lines = [f"{'':<22}{'to publication':>16}{'per later week':>16}"]
    for name, value in found.publication.figures().items():
        lines.append(f"{name:<22}{value:>16}{week[name]:>16}")
    lines.append("actions to publication, by kind")
    lines += [f"  {kind:<20}{spent[kind]:>16}" for kind in sorted(spent)]
    weeks = ", ".join(str(each.actions.total()) for each in found.later_weeks)
    lines.append(f"actions in each later week: {weeks} (a new run begins every four weeks)")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the report where asked."""
    parser = argparse.ArgumentParser(prog="python -m bench.cost", description=__doc__)
    parser.add_argument("--report", type=Path, help="write the figures to this JSON file")
    wanted = parser.parse_args()
    print("Playing one case on embedded parts, about half a minute …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measured(Path(folder)))
    print(_printed(found))
    if wanted.report:
        wanted.report.write_text(json.dumps(found.report(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
