"""Whatever a case is told from outside, on a real server: it lives, and its people go on."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowUpdateFailedError
from temporalio.common import RawValue

from domain.case import Phase
from domain.customer_message.state import MessageText
from domain.decisions.acts import (
    ConfirmActionItem,
    Decide,
    ItemAnswer,
    ItemDecision,
    ProposeActionItems,
)
from domain.decisions.state import Verdict
from domain.engine.budget import ROOM, weight
from domain.incident import (
    LONGEST_SERVICE,
    LONGEST_TITLE,
    LONGEST_URL,
    MOST_PARTICIPANTS,
    Incident,
    Participant,
    Role,
)
from domain.meeting.acts import MoveMeeting
from domain.ownership.acts import AcceptOwnership
from domain.phases import phase
from domain.preparation.document import LONGEST, MOST_ROWS, ActionRow
from tests.lives import PATIENCE, ROOT, Life, environment, living
from tests.playing import AMARA, INES
from tests.simulated import World
from tests.stories import (
    all_tickets_are_done,
    an_incident,
    chair,
    everything_until_published,
    somebody_owns_it,
    the_liaison_approves,
    the_meeting_is_held,
    the_message_is_drafted,
    the_message_is_posted,
)
from workflows import options
from workflows.client import ActRefused
from workflows.names import WORKFLOW
from workflows.search_attributes import SERVICES as SERVICES_SHOWN

LETTER = "ж"
"""Two bytes; what the bounds allow in them fills a case."""

SERVICES = tuple(f"{number:02d}-{'s' * (LONGEST_SERVICE - 3)}" for number in range(20))
LONG = tuple(f"{number:02d}-{'s' * 117}" for number in range(19))


async def lives(life: Life) -> bool:
    return (await life.described()).status is WorkflowExecutionStatus.RUNNING


async def events(life: Life, kind: int) -> int:
    """Count the events of one kind in the present run."""
    return len(
        [each async for each in life.handle.fetch_history_events() if each.event_type == kind]
    )


async def test_nineteen_long_service_ids_by_signal_do_not_end_a_case(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        told = an_incident().model_dump(mode="json")
        life.id = "postmortem-INC-204"
        await temporal.start_workflow(
            WORKFLOW,
            id=life.id,
            task_queue=life.task_queue,
            start_signal="incident_resolved",
            start_signal_args=[told | {"services": [*LONG, "edge-firewall"]}],
        )
        await life.settled()

        assert await lives(life)
        assert (await life.case()).anomalies


async def test_a_service_id_of_2100_characters_by_signal_does_not_end_a_case(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        told = an_incident().model_dump(mode="json")
        life.id = "postmortem-INC-204"
        await temporal.start_workflow(
            WORKFLOW,
            id=life.id,
            task_queue=life.task_queue,
            start_signal="incident_resolved",
            start_signal_args=[told | {"services": ["s" * 2100]}],
        )
        await life.settled()

        assert await lives(life)


async def test_a_repeated_yes_never_reaches_the_history(temporal: Client, tmp_path: Path) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())
        await somebody_owns_it(life)
        before = len(await life.updates())

        for number in range(30):
            answer = await life.cases.act(life.id, AcceptOwnership(by=AMARA), link=f"link {number}")
            assert answer.phase is phase(await life.case())

        assert len(await life.updates()) == before


async def test_an_incident_told_again_and_again_never_reaches_the_history(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())

        for _ in range(30):
            assert await life.cases.incident_resolved(an_incident()) == life.id

        assert await events(life, EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED) == 1


async def test_a_signal_of_nearly_two_megabytes_costs_the_case_nothing_but_a_note(
    temporal: Client, tmp_path: Path
) -> None:
    strange = json.dumps({f"{number:x}": number for number in range(100_000)}).encode()
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())

        payload = Payload(metadata={"encoding": b"json/plain"}, data=strange)
        await life.signal("incident_resolved", RawValue(payload))

        case = await life.case()
        assert [each.kind for each in case.anomalies] == ["signal-too-large"]
        assert await somebody_owns_it(life) == AMARA


async def test_an_update_of_nearly_two_megabytes_is_refused_in_a_sentence(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())
        strange = {"by": AMARA, "reason": "x" * 1_500_000}

        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await life.handle.execute_update("decline_ownership", strange)

        assert "larger than 256 KB" in str(refused.value.cause)
        assert await life.updates() == []


async def test_a_replayed_signal_into_a_closed_case_mails_nobody(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await everything_until_published(life)
        await all_tickets_are_done(life)
        mails, events = len(life.world.all("mails")), len(life.events())

        await temporal.start_workflow(
            WORKFLOW,
            id=life.id,
            task_queue=life.task_queue,
            start_signal="incident_resolved",
            start_signal_args=[an_incident()],
        )
        await asyncio.wait_for(life.handle.result(), PATIENCE)

        assert phase(await life.case()) is Phase.NOT_REQUIRED
        assert (len(life.world.all("mails")), len(life.events())) == (mails, events)


async def test_a_run_that_cannot_end_refuses_before_temporal_closes_it_for_good(
    temporal: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())
        await somebody_owns_it(life)
        monkeypatch.setattr(options, "NEARLY_ALL_UPDATES", 1)
        move = MoveMeeting(by=AMARA, start=await life.now() + timedelta(days=1))

        with pytest.raises(ActRefused, match="Try again in a minute"):
            await life.act(move)


def with_long_services(world: World, folder: Path) -> dict[str, str]:
    """A deployment whose organisation knows twenty services of the longest names.

    People make the document themselves: the simulated one takes a minute for so long a table.
    """
    known = (ROOT / "organisation.toml").read_text(encoding="utf-8")
    for service in SERVICES:
        known += f'\n[services.{service}]\nname = "{service}"\nteam = "edge-firewall"\n'
    (folder / "organisation.toml").write_text(known, encoding="utf-8")
    file = str(folder / "organisation.toml")
    own = {"PM_ORGANISATION_FILE": file, "PM_GOOGLE_DOCUMENTS": "false"}
    return environment(world, folder) | own


def the_largest_incident() -> Incident:
    told = an_incident()
    strangers = tuple(
        Participant(person=f"{number:03d}{'p' * 61}", role=Role.RESPONDER)
        for number in range(MOST_PARTICIPANTS - len(told.participants))
    )
    return told.replace(
        title=LETTER * LONGEST_TITLE,
        services=SERVICES,
        summary=LETTER * 2000,
        url=told.url.ljust(LONGEST_URL, "x"),
        participants=(*told.participants, *strangers),
    )


def the_longest_rows() -> tuple[ActionRow, ...]:
    return tuple(
        ActionRow(
            text=f"{number:02d}{LETTER * (LONGEST['text'] - 2)}",
            done_when=LETTER * LONGEST["done_when"],
            priority="P1" if number < 2 else "P3",
            team="edge-firewall",
        )
        for number in range(MOST_ROWS)
    )


async def all_is_accepted_at_length(life: Life) -> None:
    verdicts = (
        ItemDecision(
            item=item.id,
            verdict=Verdict.ACCEPTED,
            decided_by=INES,
            reason=LETTER * 500,
            consequence=LETTER * 500,
        )
        for item in (await life.case()).items
    )
    await life.act(Decide(by=await chair(life), decisions=tuple(verdicts)))


async def test_the_largest_legal_case_lives_to_its_end(temporal: Client, tmp_path: Path) -> None:
    longest = dict.fromkeys(("summary", "what_happened", "what_we_do"), LETTER * 5000)
    text = MessageText(subject=LETTER * 200, **longest)
    async with living(temporal, tmp_path, deployment=with_long_services) as life:
        await life.resolve(the_largest_incident())
        assert len(await life.shows(SERVICES_SHOWN)) == len(SERVICES)
        await somebody_owns_it(life)
        await life.act(ProposeActionItems(by=AMARA, items=the_longest_rows()))
        await the_meeting_is_held(life)
        await all_is_accepted_at_length(life)
        full = await life.case()
        items = tuple(ItemAnswer(item=item.id, answer="confirm") for item in full.items)
        await life.act(ConfirmActionItem(by=INES, answers=items))
        await the_message_is_drafted(life, text)
        await the_liaison_approves(life)
        await the_message_is_posted(life)
        published = await life.case()
        closed = await all_tickets_are_done(life)

        assert weight(full) > ROOM / 2
        assert published.published_at is not None
        assert phase(closed) is Phase.CLOSED
        assert len(life.tickets()) == 2
        assert closed.anomalies == ()
