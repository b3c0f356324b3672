"""Whole lives: from the signal that an incident is resolved to the case closed, weeks later."""

import json
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from temporalio.client import Client

from domain.case import Phase
from domain.customer_message.acts import WithdrawMessage
from domain.incident import Severity
from domain.moments import meeting_limit
from domain.phases import phase
from domain.views.summary import CaseSummary
from tests import playing
from tests.lives import Life, living
from tests.playing import AMARA, BEATRIZ
from tests.scenes import TEXT
from tests.stories import (
    BY_MAIL,
    CUSTOMERS,
    SOONER,
    STATUS_PAGE,
    a_ticket_is_done,
    all_is_decided,
    all_tickets_are_done,
    an_incident,
    everything_until_approval_is_asked,
    everything_until_published,
    rows_are_typed,
    somebody_owns_it,
    the_liaison_approves,
    the_meeting_is_held,
    the_teams_confirm,
    tuesday,
)
from workflows.search_attributes import MEETING_AT, WAITING_ON


def records(folder: Path) -> list[str]:
    return sorted(each.name for each in (folder / "archive").glob("*.json"))


@pytest.mark.parametrize("cached", [100, 0], ids=["cached", "cache off"])
async def test_a_sev1_goes_from_its_signal_to_closed(
    temporal: Client, tmp_path: Path, cached: int
) -> None:
    async with living(temporal, tmp_path, cached=cached) as life:
        published = await everything_until_published(life)
        assert phase(published) is Phase.FOLLOWING_THROUGH
        closed = await all_tickets_are_done(life)

        assert phase(closed) is Phase.CLOSED
        assert_one_event_within_the_limit(life, meeting_limit(closed))
        assert_one_document_with_the_decisions(life)
        assert_two_tickets_of_the_accepted_items(life)
        assert closed.message.posted_url == STATUS_PAGE
        assert sorted(mail["to"] for mail in life.mails("published")) == [
            f"{name}@example.com" for name in ("edge-firewall", "edge-platform", "incident-reports")
        ]
        assert records(tmp_path) == ["postmortem-INC-204-1.json"]
        record = json.loads((tmp_path / "archive" / records(tmp_path)[0]).read_text())
        assert (record["phase"], record["anomalies"]) == ("closed", [])
        result: CaseSummary = await life.client.get_workflow_handle(
            life.id, result_type=CaseSummary
        ).result()
        assert (result.phase, result.open_items) == (Phase.CLOSED, ())
        if cached:
            await life.recorded("happy-life")


def assert_one_event_within_the_limit(life: Life, limit: datetime | None) -> None:
    (event,) = life.events()
    assert limit is not None
    assert datetime.fromisoformat(event["end"]["dateTime"]) <= limit
    assert life.email(AMARA) in [each["email"] for each in event["attendees"]]


def assert_one_document_with_the_decisions(life: Life) -> None:
    (document,) = life.documents()
    assert f"{SOONER}: declined" in document["text"]


def assert_two_tickets_of_the_accepted_items(life: Life) -> None:
    tickets = {each["key"]: each["fields"]["labels"] for each in life.tickets()}
    day = f"{an_incident().resolved_at:%Y%m%d}"
    assert sorted(tickets) == ["EDGE-1", "WAF-1"]
    assert all({"sev1", f"sev1_{day}"} <= set(labels) for labels in tickets.values())


async def test_a_customer_message_by_mail_waits_out_its_hold_back_and_leaves_once(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path, policy=BY_MAIL) as life:
        await everything_until_approval_is_asked(life)

        await the_liaison_approves(life)
        await life.forward(timedelta(minutes=9))
        held_back = life.mails("customers")
        await life.forward(timedelta(minutes=2))

        assert held_back == []
        (mail,) = life.mails("customers")
        assert mail["to"] == f"{CUSTOMERS}@example.com"
        assert mail["subject"] == TEXT.subject
        assert all(part in mail["text"] for part in (TEXT.summary, TEXT.what_we_do))
        closed = await all_tickets_are_done(life)
        assert closed.message.posted_at is not None
        assert len(life.mails("customers")) == 1


async def test_a_message_stopped_during_its_hold_back_never_leaves(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path, policy=BY_MAIL) as life:
        await everything_until_approval_is_asked(life)
        await the_liaison_approves(life)

        await life.act(WithdrawMessage(by=BEATRIZ, reason="The numbers are wrong"))
        await life.forward(timedelta(days=1))

        assert life.mails("customers") == []
        assert f"message-draft:{AMARA}" in (await life.shows(WAITING_ON) or ())


async def test_the_same_incident_told_again_changes_nothing(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())
        before, run = await life.case(), (await life.described()).run_id

        for title in ("Web requests answered with errors", "The same, by another tool"):
            await life.cases.incident_resolved(an_incident().replace(title=title))
        await life.settled()

        after = await life.case()
        assert [each.kind for each in after.anomalies] == ["told-otherwise"]
        assert after.replace(anomalies=()) == before
        assert (await life.described()).run_id == run
        assert len(life.events()) == len(life.documents()) == len(life.mails("nomination")) == 1


async def test_an_incident_that_comes_back_after_its_case_closed_gets_a_second_revision(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        for later in (timedelta(), timedelta(days=28)):
            await life.resolve(playing.an_incident(tuesday() + later, Severity.SEV2))
            await somebody_owns_it(life)
            await rows_are_typed(life)
            await the_meeting_is_held(life)
            await all_is_decided(life)
            await the_teams_confirm(life)
            await all_tickets_are_done(life)

        closed = await life.case()
        assert closed.rules is not None
        assert closed.rules.revision == 2
        assert [len(found) for found in (life.events(), life.documents(), life.tickets())] == [
            2,
            2,
            4,
        ]
        assert records(tmp_path) == ["postmortem-INC-204-1.json", "postmortem-INC-204-2.json"]


async def test_everything_follows_a_meeting_that_is_moved_in_the_calendar(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await life.resolve(an_incident())
        await somebody_owns_it(life)
        meeting = (await life.case()).meeting
        assert meeting.start is not None
        later = timedelta(minutes=90)
        start, end = meeting.start + later, meeting.start + later + timedelta(hours=1)
        path = urlsplit(meeting.url).path

        await life.press(f"{path}/move", start=start.isoformat(), end=end.isoformat())
        await life.until(meeting.start - timedelta(hours=23))
        too_early = life.mails("pre-read")
        await life.until(start - timedelta(hours=23, minutes=59))

        assert too_early == []
        assert len(life.mails("pre-read", to=AMARA)) == 1
        assert (await life.shows(MEETING_AT)) == start
        await life.until(end - timedelta(minutes=1))
        assert life.mails("meeting-outcome") == []
        await life.until(end + timedelta(minutes=1))
        assert len(life.mails("meeting-outcome")) == 1


async def test_a_ticket_that_nobody_touches_is_followed_through_a_renewal(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        published = await everything_until_published(life)
        await a_ticket_is_done(life, "EDGE-1")
        run = (await life.described()).run_id

        await life.forward(timedelta(weeks=5))

        renewed = await life.case()
        assert (await life.described()).run_id != run
        assert (renewed.incident, renewed.message) == (published.incident, published.message)
        assert [item.issue.state for item in renewed.items if item.issue] == ["open", "done"]
        assert len(life.mails("still-open")) >= 2
        assert life.mails("still-open", to="edge-platform") == []
        assert set(published.ledger) - {"directory"} <= set(renewed.ledger)
        assert sent_twice(life) == []
        closed = await all_tickets_are_done(life)
        assert phase(closed) is Phase.CLOSED
        await life.recorded("followed-through")


def sent_twice(life: Life) -> list[str]:
    """Return the notices that left more than once; a mail may carry several."""
    told = (mail["custom_args"].get("key", "") for mail in life.world.all("mails"))
    notices = Counter(
        each for keys in told for each in re.split(r"\+(?=postmortem-)", keys) if each
    )
    return [key for key, count in notices.items() if count > 1]
