"""Whole lives with less connected: what no integration does is a person's step, and done."""

import base64
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client

from domain.action_items.acts import RecordDone, RecordTicket
from domain.case import Phase
from domain.meeting.acts import RecordBooking
from domain.phases import phase
from domain.preparation.subject import RecordDocument
from tests.lives import GOOGLE, JIRA, Life, living
from tests.playing import AMARA, INES, OLIVER
from tests.stories import (
    LEADERS,
    all_is_decided,
    an_incident,
    everything_until_decided,
    items_are_proposed,
    somebody_owns_it,
    the_meeting_is_held,
    the_message_is_told,
    the_teams_confirm,
)

EVENT, DOCUMENT = "https://calendar.example.com/event/1", "https://wiki.example.com/INC-204"


async def tickets_are_opened_by_hand(life: Life) -> None:
    for number, item in enumerate((await life.case()).items, start=1):
        if item.confirmation is not None:
            leader, ticket = LEADERS[item.text], f"T-{number}"
            await life.act(RecordTicket(by=leader, item=item.id, reference=ticket))


async def tickets_are_done_by_hand(life: Life) -> None:
    """Wait until after the due days, when the leaders are asked, and say yes."""
    due = [item.due for item in (await life.case()).items if item.open and item.due]
    while (await life.now()).date() <= max(due) + timedelta(days=3):
        await life.forward(timedelta(days=1))
    for item in (await life.case()).items:
        if item.open:
            await life.act(RecordDone(by=LEADERS[item.text], item=item.id))


async def the_rest_of_life_without_a_tracker(life: Life) -> None:
    await the_teams_confirm(life)
    await tickets_are_opened_by_hand(life)
    await the_message_is_told(life)
    assert (await life.case()).published_at is not None
    await tickets_are_done_by_hand(life)


def subjects(life: Life, kind: str, to: str) -> list[str]:
    return [mail["subject"] for mail in life.mails(kind, to=to)]


async def test_a_life_with_nothing_but_mail_goes_by_steps_and_reminders(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path, without=GOOGLE + JIRA) as life:
        await life.resolve(an_incident())
        await somebody_owns_it(life)
        case = await life.case()
        assert case.meeting.start is not None
        (asked,) = life.mails("book-by-hand", to=AMARA)
        assert_the_meeting_is_attached(asked["attachments"], f"{case.meeting.start:%Y%m%dT%H%M%SZ}")
        await life.forward(timedelta(hours=22))
        assert life.mails("reminder:book-by-hand", to=AMARA) != []

        await life.act(RecordBooking(by=AMARA, reference=EVENT))
        await life.act(RecordDocument(by=AMARA, reference=DOCUMENT))
        await items_are_proposed(life)
        await the_meeting_is_held(life)
        assert DOCUMENT in life.mails("pre-read", to=INES)[0]["text"]
        await all_is_decided(life)
        await the_rest_of_life_without_a_tracker(life)

        closed = await life.closed()
        assert phase(closed) is Phase.CLOSED
        assert closed.anomalies == ()
        assert subjects(life, "ticket-by-hand", INES)[0] == "INC-204: please open a ticket"
        assert len(life.mails("ticket-by-hand", to=OLIVER)) == 1
        assert len(life.mails("item-done", to=OLIVER)) == 1
        assert life.events() == life.documents() == life.tickets() == []
        assert (tmp_path / "archive" / "postmortem-INC-204-1.json").exists()
        await life.recorded("nothing-but-mail")


def assert_the_meeting_is_attached(attachments: list[dict[str, str]], start: str) -> None:
    (attached,) = attachments
    text = base64.b64decode(attached["content"]).decode()
    assert attached["filename"].endswith(".ics")
    assert f"DTSTART:{start}" in text


async def test_a_life_without_a_tracker_has_its_meeting_and_document_made(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path, without=JIRA) as life:
        await everything_until_decided(life)
        await the_rest_of_life_without_a_tracker(life)

        closed = await life.closed()
        assert phase(closed) is Phase.CLOSED
        assert len(life.events()) == len(life.documents()) == 1
        assert life.mails("book-by-hand") == life.mails("document-by-hand") == life.tickets() == []
        assert len(life.mails("ticket-by-hand", to=INES)) == 1
        assert len(life.mails("item-done", to=INES)) == 1
