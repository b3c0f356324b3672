"""Vendors that are away, refuse or leave an answer open: each delays only what is its own."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from domain.customer_message.acts import SettleDelivery
from domain.engine.ledger import Status
from domain.moments import meeting_limit
from domain.operations.subject import Retry
from tests.lives import Life, living
from tests.playing import AMARA, OLIVER, RUI
from tests.scenes import confirm
from tests.stories import (
    BY_MAIL,
    all_tickets_are_done,
    an_incident,
    everything_until_approval_is_asked,
    everything_until_decided,
    somebody_owns_it,
    the_liaison_approves,
    the_meeting_is_booked,
    the_message_is_posted,
    the_message_is_told,
    the_teams_confirm,
)
from workflows.search_attributes import NEEDS_ATTENTION, WAITING_ON

CALENDAR, DOCUMENTS, JIRA, MAIL = "/calendar/v3", "/v1/documents|/drive/v3", "/rest/api", "/v3/mail"
A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)


@pytest.mark.usefixtures("one_attempt")
async def test_without_the_calendar_for_a_day_only_the_meeting_waits(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        life.vendor_is_down(CALENDAR)
        await life.resolve(an_incident())
        await somebody_owns_it(life)
        assert len(life.mails("nomination")) == len(life.documents()) == 1
        await life.forward(A_DAY)
        assert (await life.case()).meeting.start is None

        life.vendors_are_back()
        await life.forward(AN_HOUR)

        case = await life.case()
        meeting, limit = case.meeting, meeting_limit(case)
        assert meeting.end is not None
        assert limit is not None
        assert meeting.end <= limit
        assert len(life.events()) == 1
        assert AMARA in meeting.invited
        assert not await life.shows(NEEDS_ATTENTION)


@pytest.mark.usefixtures("one_attempt")
async def test_without_documents_for_a_day_the_pre_read_still_leaves_on_time(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        life.vendor_is_down(DOCUMENTS)
        start = await the_meeting_is_booked(life)
        await life.until(start - A_DAY - timedelta(minutes=1))
        assert life.mails("pre-read") == []

        await life.until(start - A_DAY + timedelta(minutes=1))

        assert len(life.mails("pre-read", to=AMARA)) == 1
        assert life.documents() == []
        life.vendors_are_back()
        await life.forward(AN_HOUR)
        assert len(life.documents()) == 1


async def test_without_jira_for_a_day_tickets_open_later_and_nothing_else_does(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await everything_until_decided(life)
        urgent = next(item.id for item in (await life.case()).items if item.priority == "P0")
        await life.act(confirm(OLIVER, urgent))
        life.vendor_is_down(JIRA, **{"Retry-After": "10800"})
        await the_teams_confirm(life)
        await the_message_is_told(life)
        await life.forward(A_DAY)
        assert [each["key"] for each in life.tickets()] == ["EDGE-1"]

        life.vendors_are_back()
        await life.forward(3 * AN_HOUR)

        assert sorted(each["key"] for each in life.tickets()) == ["EDGE-1", "WAF-1"]
        assert (await life.case()).published_at is not None
        assert not await life.shows(NEEDS_ATTENTION)


async def test_without_mail_for_a_day_everything_but_mail_goes_on(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        life.vendor_is_down(MAIL)
        start = await the_meeting_is_booked(life)
        await life.forward(timedelta(hours=20))
        assert len(life.events()) == len(life.documents()) == 1
        assert life.mails("nomination") == []
        await life.until(start - A_DAY + timedelta(hours=2))

        life.vendors_are_back()
        await life.forward(AN_HOUR)

        assert len(life.mails("pre-read", to=AMARA)) == 1
        assert not await life.shows(NEEDS_ATTENTION)


@pytest.mark.usefixtures("one_attempt")
async def test_who_is_asked_late_for_want_of_mail_has_the_hours_that_everybody_has(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        life.vendor_is_down(MAIL)
        await life.resolve(an_incident())
        await life.forward(timedelta(hours=20))
        unasked = (await life.case()).ownership

        life.vendors_are_back()
        await life.forward(AN_HOUR)
        asked = (await life.case()).ledger[f"notice:nomination:{AMARA}"].at
        await life.until(asked + 4 * AN_HOUR - A_MINUTE)
        waited = (await life.case()).ownership
        await life.until(asked + 4 * AN_HOUR + A_MINUTE)

        assert (unasked.nominee, waited.nominee) == (AMARA, AMARA)
        (passed,) = (await life.case()).ownership.passed
        assert passed.person == AMARA
        assert passed.at - asked >= 4 * AN_HOUR
        assert len(life.mails("nomination", to=AMARA)) == len(life.mails("reminder", to=AMARA)) == 1
        assert len(life.mails("nomination", to=RUI)) == 1
        await somebody_owns_it(life)
        await life.recorded("asked-late")


async def test_a_refused_ticket_is_parked_until_somebody_mends_jira_and_retries(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path, unknown_projects=("WAF", "SRE")) as life:
        await everything_until_approval_is_asked(life)
        assert await life.shows(NEEDS_ATTENTION)
        assert "attention: effect refused: issue:AI-1, Jira refused to open the ticket" in (
            await life.details()
        )
        assert [each["key"] for each in life.tickets()] == ["EDGE-1"]
        await the_liaison_approves(life)
        await the_message_is_posted(life)

        life.world.tell("projects", {"key": "WAF", "name": "Edge Firewall"})
        await life.act(Retry(by=AMARA))

        assert sorted(each["key"] for each in life.tickets()) == ["EDGE-1", "WAF-1"]
        assert not await life.shows(NEEDS_ATTENTION)
        await all_tickets_are_done(life)
        await life.recorded("refused-ticket")


async def test_an_answer_lost_after_booking_leaves_one_event(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        life.world.break_next("POST", f"{CALENDAR}/calendars/[^/]+/events$", "close_after")

        await life.resolve(an_incident())

        assert len(life.events()) == 1
        assert (await life.case()).done("event")


async def test_an_answer_lost_after_opening_a_ticket_leaves_one_ticket(
    temporal: Client, tmp_path: Path
) -> None:
    async with living(temporal, tmp_path) as life:
        await everything_until_decided(life)
        life.world.break_next("POST", f"{JIRA}/3/issue$", "close_after")

        await the_teams_confirm(life)
        await life.forward(timedelta(hours=3))

        labels = [tuple(each["fields"]["labels"]) for each in life.tickets()]
        assert len(labels) == len(set(labels)) == 2
        assert all(item.issue for item in (await life.case()).items if item.accepted)


async def the_customer_mail_is_lost(life: Life) -> None:
    """Let the answer to the customers' mail get lost after it left."""
    await everything_until_approval_is_asked(life)
    await the_liaison_approves(life)
    life.world.break_next("POST", "/v3/mail/send", "close_after")
    await life.forward(timedelta(minutes=11))


async def it_arrived(life: Life) -> None:
    await life.act(
        SettleDelivery(by=AMARA, outcome="arrived", evidence="link and code", proof="it was seen")
    )


async def send_again(life: Life) -> None:
    await life.act(
        SettleDelivery(
            by=AMARA, outcome="send again", evidence="link and code", proof="it was seen"
        )
    )


@pytest.mark.parametrize(("answer", "sent"), [(it_arrived, 1), (send_again, 2)])
async def test_a_customer_mail_of_unknown_fate_is_sent_again_only_by_the_owner(
    temporal: Client,
    tmp_path: Path,
    answer: Callable[[Life], Awaitable[None]],
    sent: int,
) -> None:
    async with living(temporal, tmp_path, policy=BY_MAIL) as life:
        await the_customer_mail_is_lost(life)
        await life.forward(timedelta(days=2))
        assert (await life.case()).ledger["customers"].status is Status.UNKNOWN
        assert len(life.mails("customers")) == 1
        assert len(life.mails("delivery", to=AMARA)) == 1
        assert await life.shows(NEEDS_ATTENTION)
        assert f"delivery:{AMARA}" in (await life.shows(WAITING_ON))

        await answer(life)

        assert len(life.mails("customers")) == sent
        assert (await life.case()).message.posted_at is not None
        assert not await life.shows(NEEDS_ATTENTION)
