"""The forms about the meeting: another time, what came of it, and where it was booked by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.decisions.acts import Decide
from domain.decisions.state import Verdict
from domain.engine.entry import AnyEffect
from domain.engine.journal import Door
from domain.engine.ledger import Status
from domain.meeting.acts import MoveMeeting, RecordBooking, RecordMeeting
from domain.meeting.effects import ReadBusy
from domain.people import home_zone
from domain.policy import Connected
from tests.playing import AMARA, INES, JOANA, RUI, Play
from tests.web_cases import chair, held, house, only_act, opened, owned, posted, received, sent
from wording import dates

BY_HAND = Connected(calendar=False, documents=False, issues=False)
OTHER = {"start": "other", "other": "2027-01-15T11:00", "reason": "r"}
MOVED_IN_THE_CALENDAR = "You can also simply move the event in the calendar"


def unfindable() -> Play:
    """Nobody's busy times can be read, so no time is found by itself."""

    def no_busy_times(effect: AnyEffect, _: datetime) -> Status | None:
        return Status.UNAVAILABLE if isinstance(effect, ReadBusy) else None

    play = Play(trouble=no_busy_times)
    assert play.case.meeting.start is None
    return play


def deleted(play: Play) -> Play:
    """Somebody deleted the event in the calendar, and the calendar said so."""
    play.delete_event()
    play.signal("meeting_changed")
    assert play.case.meeting.gone_at is not None
    return play


def over(play: Play) -> Play:
    """The meeting should be over, and nobody has said what came of it."""
    assert play.case.meeting.end is not None
    play.until(play.case.meeting.end + timedelta(minutes=5))
    return play


async def test_a_meeting_without_a_time_gets_one_on_the_page() -> None:
    here = house(unfindable())
    page = await opened(here, JOANA)
    assert "Choose a time for the meeting" in page.text
    assert "The meeting has no time yet." in page.text
    assert MOVED_IN_THE_CALENDAR not in page.text
    assert page.form("move_meeting").choices == {}

    await sent(here, JOANA, "move_meeting", other="2027-01-15T11:00")

    start = datetime(2027, 1, 15, 11, tzinfo=UTC)
    assert only_act(here) == MoveMeeting(by=JOANA, through=Door.PAGE, start=start)
    assert here.case.meeting.ahead


async def test_a_booked_meeting_can_be_moved_here_or_in_the_calendar() -> None:
    page = await opened(house(owned()), AMARA)

    assert "Move the meeting" in page.text
    assert "The meeting is now on" in page.text
    assert MOVED_IN_THE_CALENDAR in page.text


async def test_without_a_calendar_of_ours_nobody_is_told_to_move_the_event_there() -> None:
    page = await opened(house(owned(Connected(calendar=False))), AMARA)

    assert "move_meeting" in page.form_names
    assert MOVED_IN_THE_CALENDAR not in page.text


async def test_a_meeting_whose_event_was_deleted_is_not_said_to_take_place() -> None:
    here = house(deleted(owned()))
    start = here.case.meeting.start
    assert start is not None

    page = await opened(here, AMARA)

    was = dates.instant(start, home_zone(here.case))
    assert f"{was}, but deleted from the calendar" in page.text
    assert f"It was to be on {was}; then its event was deleted." in page.text
    assert "The meeting is now on" not in page.text
    assert MOVED_IN_THE_CALENDAR not in page.text


async def test_a_meeting_that_was_deleted_by_mistake_gets_its_time_again() -> None:
    here = house(deleted(owned()))
    start = here.case.meeting.start
    page = await opened(here, AMARA)
    assert page.form_names[0] == "move_meeting"

    await sent(here, AMARA, "move_meeting", start=page.form("move_meeting").choices["start"][0])

    assert here.case.meeting.start == start
    assert here.case.meeting.ahead


async def test_before_there_is_an_owner_the_commander_chooses_the_time() -> None:
    here = house(deleted(received()))
    asked = [to for _, to in here.play.sent("meeting-deleted")]

    await sent(here, JOANA, "move_meeting", **OTHER)

    assert asked == [JOANA]
    assert here.case.meeting.ahead


async def test_once_there_is_an_owner_the_commander_leaves_the_time_to_them() -> None:
    page = await opened(house(owned()), JOANA)

    assert "move_meeting" not in page.form_names


@pytest.mark.parametrize("person", [AMARA, JOANA])
async def test_where_the_facilitator_is_silent_owner_or_commander_record_the_meeting(
    person: str,
) -> None:
    here = house(over(owned()))
    assert person != here.case.meeting.facilitator

    await sent(here, person, "record_meeting", held="yes", facts_agreed="yes")

    assert only_act(here) == RecordMeeting(by=person, through=Door.PAGE, held=True)


@pytest.mark.parametrize("person", [AMARA, JOANA])
async def test_where_the_facilitator_is_silent_owner_or_commander_record_the_decisions(
    person: str,
) -> None:
    here = house(held())
    assert person != here.case.meeting.facilitator
    declined = {"verdict_AI_3": "declined", "reason_AI_3": "r", "consequence_AI_3": "c"}

    await sent(here, person, "decide", decided_by=INES, **declined)

    act = only_act(here)
    assert isinstance(act, Decide)
    assert act.by == person
    assert Verdict.DECLINED in {each.verdict for each in act.decisions}


async def test_a_responder_records_neither() -> None:
    meeting = await opened(house(over(owned())), RUI)
    decisions = await opened(house(held()), RUI)

    assert "record_meeting" not in meeting.form_names
    assert "decide" not in decisions.form_names


async def test_a_meeting_that_was_held_is_neither_moved_nor_recorded_again() -> None:
    page = await opened(house(held()), AMARA)

    assert not {"move_meeting", "record_meeting"} & set(page.form_names)


async def test_the_owner_takes_another_time_that_was_found() -> None:
    here = house(owned())
    page = await here.browser().open(here.steps(AMARA))
    offered = page.form("move_meeting").choices["start"][0]

    await sent(here, AMARA, "move_meeting", start=offered, reason="Two of us are away")

    act = only_act(here)
    assert isinstance(act, MoveMeeting)
    assert act.start == datetime.fromisoformat(offered)


async def test_a_typed_time_is_on_the_home_teams_clocks() -> None:
    here = house(owned())

    await sent(here, AMARA, "move_meeting", start="other", other="2027-07-14T11:00", reason="r")

    act = only_act(here)
    assert isinstance(act, MoveMeeting)
    assert act.start == datetime(2027, 7, 14, 10, tzinfo=UTC)


async def test_giving_the_meeting_its_former_time_again_is_a_new_act() -> None:
    here = house(owned())
    for time in ("2027-01-15T11:00", "2027-01-15T12:00", "2027-01-15T11:00"):
        page = await sent(here, AMARA, "move_meeting", start="other", other=time, reason="r")
        assert page.status == 200

    assert len(here.cases.acts) == 3
    assert here.case.meeting.start == datetime(2027, 1, 15, 11, tzinfo=UTC)


async def test_the_facilitator_records_the_meeting() -> None:
    play = owned()
    assert play.case.meeting.end is not None
    play.until(play.case.meeting.end + timedelta(minutes=1))
    here = house(play)

    await sent(
        here, chair(play), "record_meeting", held="yes", facts_agreed="no", note="One\r\ntwo"
    )

    assert only_act(here) == RecordMeeting(
        by=chair(play), through=Door.PAGE, held=True, facts_agreed=False, note="One\ntwo"
    )


async def test_recording_too_early_is_refused_with_what_was_typed_kept() -> None:
    here = house(owned())

    page = await sent(here, chair(here.play), "record_meeting", held="no", note="Nobody came")

    assert (page.status, here.cases.acts) == (409, [])
    assert "The meeting has not begun yet." in page.text
    assert page.form("record_meeting").filled["note"] == "Nobody came"


async def test_a_time_that_was_found_says_what_speaks_for_it() -> None:
    page = await opened(house(owned()), AMARA)

    assert " · " in page.text
    assert "required is free" in page.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "start"),
        ({"start": "other", "other": "soon"}, "other"),
        ({"start": "never"}, "start"),
        ({"start": "other", "other": "0001-01-01T00:00+14:00"}, "other"),
    ],
)
async def test_a_time_that_cannot_be_read_is_said_beside_its_field(
    typed: dict[str, str], field: str
) -> None:
    here = house(owned())

    page = await posted(here, AMARA, "move_meeting", typed)

    assert (page.status, here.cases.acts) == (422, [])
    assert f"#move_meeting-{field}" in page.links


async def test_where_no_calendar_books_it_the_owner_says_where_the_meeting_stands() -> None:
    here = house(owned(BY_HAND))
    page = await opened(here, AMARA)
    assert "It is to be on Thu 14 Jan 2027" in page.text
    assert (await sent(here, AMARA, "record_booking")).status == 422

    await sent(here, AMARA, "record_booking", reference="https://calendar.example.com/1")

    address = "https://calendar.example.com/1"
    assert only_act(here) == RecordBooking(by=AMARA, through=Door.PAGE, reference=address)
    assert here.case.meeting.stands
