"""A meeting that was deleted from the calendar, missed, or has nobody to say how it went."""

from datetime import timedelta

import pytest

from domain.case import Case
from domain.engine.effect import noted
from domain.engine.ledger import Report, Status
from domain.meeting.acts import MoveMeeting
from domain.meeting.booking import length
from domain.meeting.effects import PutEvent, ReadBusy, ReadEvent, event_key
from domain.meeting.event import ObservedEvent
from domain.moments import meeting_limit
from tests.domain.meeting.bookings import DAY, HOUR, pre_reads, start_of
from tests.playing import AMARA, JOANA, Play
from tests.scenes import met, owned, record

# --- deleted --------------------------------------------------------------------------------


def deleted() -> Play:
    play = owned()
    play.delete_event()
    play.signal("meeting_changed")
    return play


def test_the_owner_is_asked_what_a_deleted_event_means() -> None:
    play = deleted()

    play.wait(hours=1)

    assert [to for _, to in play.sent("meeting-deleted")] == [AMARA]
    assert play.stuck == ["event-deleted"]


def test_without_an_owner_the_commander_is_asked() -> None:
    play = Play()
    play.delete_event()

    play.signal("meeting_changed")

    assert [to for _, to in play.sent("meeting-deleted")] == [JOANA]


def test_a_deleted_meeting_gets_a_new_event_when_somebody_names_a_time() -> None:
    play = deleted()
    start = start_of(play)

    play.act(MoveMeeting(by=AMARA, start=start))
    play.until(start)

    assert len(play.events) == 2
    assert play.case.meeting.start == start
    assert play.case.meeting.invited
    assert pre_reads(play) == [start - DAY]


def test_a_deleted_meeting_is_booked_again_after_four_business_hours() -> None:
    play = deleted()

    play.wait(days=1)

    assert len(play.events) == 2
    assert play.case.meeting.generation == 2
    assert start_of(play) > play.now - DAY


def test_while_the_event_is_gone_nobody_is_asked_about_the_meeting() -> None:
    play = deleted()

    play.wait(hours=2)

    assert not play.sent("meeting-outcome")
    assert not play.sent("pre-read")


def test_an_event_deleted_after_the_meeting_changes_nothing() -> None:
    play = owned()
    play.until(start_of(play))
    play.delete_event()

    play.until(play.case.meeting.end)

    assert play.sent("meeting-outcome")
    assert not play.sent("meeting-deleted")


def test_an_old_event_tells_nothing_about_the_new_one() -> None:
    play = deleted()
    old = play.kinds(ReadEvent)[0]
    play.act(MoveMeeting(by=AMARA, start=start_of(play)))

    told = noted(play.case, old, Report(key="read-event"), ObservedEvent(exists=False), play.now)

    assert told.meeting == play.case.meeting


def test_a_meeting_that_moves_while_its_event_is_deleted_asks_again() -> None:
    play = owned()
    play.delete_event()

    play.act(MoveMeeting(by=AMARA, start=start_of(play) + HOUR))
    parked = play.case.ledger["event"].status
    play.wait(days=1)

    assert parked is Status.REFUSED
    assert play.sent("meeting-deleted")
    assert play.case.ledger["event"].status is Status.DONE


# --- held or missed -------------------------------------------------------------------------


def test_a_missed_meeting_is_booked_again_in_the_same_event_and_in_the_future() -> None:
    play = owned()
    play.until(play.case.meeting.end)

    play.act(record(play.case, held=False))

    assert start_of(play) > play.now
    assert len(play.events) == 1
    assert play.events[event_key(play.case)].start == start_of(play)


def test_a_missed_meeting_is_asked_about_again_after_its_new_time() -> None:
    play = owned()
    play.until(play.case.meeting.end)
    play.act(record(play.case, held=False))

    play.until(play.case.meeting.end)

    assert len(play.sent("meeting-outcome")) == 2


def test_a_meeting_is_booked_again_twice_and_then_people_choose_its_time() -> None:
    play = owned()
    for _ in range(2):
        play.until(play.case.meeting.end)
        play.act(record(play.case, held=False))
    play.until(play.case.meeting.end)
    invitations = len(play.kinds(PutEvent))

    said = play.refusal(record(play.case, held=False))

    assert "booked again 2 times already" in said
    assert len(play.kinds(PutEvent)) == invitations
    play.act(MoveMeeting(by=AMARA, start=play.now + timedelta(days=1), reason="Nobody could"))
    play.until(play.case.meeting.end)
    assert not play.refusal(record(play.case))


def test_a_meeting_missed_on_its_last_day_looks_beyond_the_limit() -> None:
    play = owned()
    limit = meeting_limit(play.case)
    assert limit is not None
    play.act(MoveMeeting(by=AMARA, start=limit - HOUR))
    play.until(limit)

    play.act(record(play.case, held=False))

    assert start_of(play) > limit
    searches = play.kinds(ReadBusy)
    assert searches[-1].within.start == play.now
    assert searches[-1].within.end > start_of(play)


def test_a_meeting_without_facilitator_is_asked_about_by_its_owner() -> None:
    known = Play().case.directory
    assert known is not None
    play = owned(directory=known.replace(facilitators=()))

    play.until(play.case.meeting.end)

    assert [to for _, to in play.sent("meeting-outcome")] == [AMARA]


@pytest.mark.parametrize("case", [Case(), Play().case.replace(rules=None), met().case])
def test_a_length_is_known_at_any_moment(case: Case) -> None:
    assert length(case) >= timedelta(minutes=15)


def test_what_was_put_into_an_old_event_tells_nothing_about_the_new_one() -> None:
    play = deleted()
    old = play.kinds(PutEvent)[-1]
    play.act(MoveMeeting(by=AMARA, start=start_of(play)))

    seen = ObservedEvent(exists=True, url="https://calendar/old")
    told = noted(play.case, old, Report(key="event"), seen, play.now)

    assert told.meeting == play.case.meeting
