"""The steps page about the meeting: when it has no time, when its event is gone, who stands in."""

from datetime import UTC, datetime, timedelta

from domain.decisions.acts import Decide
from domain.engine.effect import Effect
from domain.engine.ledger import Status
from domain.meeting.acts import MoveMeeting, RecordMeeting
from domain.meeting.effects import ReadBusy
from domain.people import shown_at_home
from domain.policy import Connected
from tests.playing import AMARA, INES, JOANA, RUI, Play
from tests.web_cases import House, Page, held, house, owned, received

OTHER = {"start": "other", "other": "2027-01-15T11:00", "reason": "r"}
MOVED_IN_THE_CALENDAR = "You can also simply move the event in the calendar"


def unfindable() -> Play:
    """Nobody's busy times can be read, so no time is found by itself."""

    def no_busy_times(effect: Effect, _: datetime) -> Status | None:
        return Status.UNAVAILABLE if isinstance(effect, ReadBusy) else None

    play = Play(trouble=no_busy_times)
    play.settle()
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


async def opened(here: House, person: str) -> Page:
    return await here.browser().open(here.steps(person))


async def sent(here: House, person: str, form: str, **typed: str) -> None:
    page = await here.browser().answer(here.steps(person), form, **typed)
    assert page.status == 200


async def test_a_meeting_without_a_time_gets_one_on_the_page() -> None:
    here = house(unfindable())
    page = await opened(here, JOANA)
    assert "Choose a time for the meeting" in page.text
    assert "The meeting has no time yet." in page.text
    assert MOVED_IN_THE_CALENDAR not in page.text
    assert page.form("move_meeting").choices == {}

    await sent(here, JOANA, "move_meeting", other="2027-01-15T11:00")

    assert here.cases.acts == [MoveMeeting(by=JOANA, start=datetime(2027, 1, 15, 11, tzinfo=UTC))]
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

    was = shown_at_home(here.case, start)
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


async def test_where_the_facilitator_is_silent_owner_or_commander_record_the_meeting() -> None:
    for person in (AMARA, JOANA):
        here = house(over(owned()))
        assert person != here.case.meeting.facilitator

        await sent(here, person, "record_meeting", held="yes", facts_agreed="yes")

        assert here.cases.acts == [RecordMeeting(by=person, held=True)]


async def test_where_the_facilitator_is_silent_owner_or_commander_record_the_decisions() -> None:
    for person in (AMARA, JOANA):
        here = house(held())

        await sent(
            here,
            person,
            "decide",
            decided_by=INES,
            verdict_AI_3="declined",
            reason_AI_3="r",
            consequence_AI_3="c",
        )

        assert isinstance(here.cases.acts[0], Decide)


async def test_a_responder_records_neither() -> None:
    meeting = await opened(house(over(owned())), RUI)
    decisions = await opened(house(held()), RUI)

    assert "record_meeting" not in meeting.form_names
    assert "decide" not in decisions.form_names


async def test_a_meeting_that_was_held_is_neither_moved_nor_recorded_again() -> None:
    page = await opened(house(held()), AMARA)

    assert not {"move_meeting", "record_meeting"} & set(page.form_names)
