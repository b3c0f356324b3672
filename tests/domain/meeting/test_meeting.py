"""The meeting and its pre-read: booked, moved by people, deleted, missed."""

from datetime import UTC, datetime, time, timedelta

from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.calendar.interval import Interval
from domain.case import Case, Phase
from domain.engine.effect import noted
from domain.engine.ledger import Report
from domain.incident import Severity
from domain.lifecycle import attention, life
from domain.meeting.acts import MoveMeeting
from domain.meeting.booking import meeting_minutes
from domain.meeting.effects import Busy, PutEvent, ReadBusy, ReadEvent, event_key
from domain.meeting.event import ObservedEvent
from domain.moments import meeting_limit
from domain.phases import phase
from domain.preparation.notices import PreRead
from tests.domain.meeting.bookings import DAY, HOUR, pre_reads, start_of
from tests.playing import AMARA, JOANA, Play, an_incident
from tests.scenes import owned, record

# --- booked ---------------------------------------------------------------------------------


def test_the_meeting_is_held_inside_the_limit_before_anybody_owns_it() -> None:
    play = Play()

    meeting = play.case.meeting
    limit = meeting_limit(play.case)
    assert meeting.end is not None
    assert limit is not None
    assert meeting.end <= limit
    assert not meeting.invited


def test_a_public_holiday_moves_the_limit_of_business_days() -> None:
    before_holiday = an_incident(datetime(2027, 3, 24, 9, 0, tzinfo=UTC))  # Good Friday: 26 March

    play = Play(incident=before_holiday)

    limit = meeting_limit(play.case)
    assert limit is not None
    assert limit.date().isoformat() == "2027-03-30"
    assert start_of(play).date().isoformat() != "2027-03-26"


def test_busy_people_are_spared_where_the_limit_allows() -> None:
    resolved = an_incident().resolved_at
    taken = (Interval(start=resolved, end=datetime(2027, 1, 15, 10, 0, tzinfo=UTC)),)

    play = Play(busy={AMARA: taken})

    assert start_of(play) >= taken[0].end


def test_the_invitation_leaves_when_an_owner_has_accepted() -> None:
    play = owned()

    first, second = (effect for effect in play.kinds(PutEvent))
    assert not first.event.attendees
    assert AMARA in {each.person for each in second.event.attendees}
    assert AMARA in play.case.meeting.invited


def test_the_invitation_leaves_after_two_business_hours_at_the_latest() -> None:
    play = Play()

    play.until(datetime(2027, 1, 12, 16, 53, tzinfo=UTC))

    assert play.case.ownership.owner is None
    assert play.case.meeting.invited


def test_when_no_time_is_found_somebody_can_name_one() -> None:
    long = Play().policy.severities[Severity.SEV1].replace(meeting_minutes=120)
    policy = Play().policy
    policy = policy.replace(severities={**policy.severities, Severity.SEV1: long})
    play = Play(policy=policy)
    unbooked = play.case.replace(meeting=play.case.meeting.replace(start=None, end=None, slots=()))
    narrow = unbooked.replace(directory=_working_an_hour_a_day(unbooked))

    empty = noted(narrow, _busy(), Report(key="busy"), Busy(times={}), play.now)

    assert [each.kind for each in attention(life(empty))] == ["no-time-found"]
    move = MoveMeeting(by=JOANA, start=play.now + DAY)
    assert move.refusal(empty, play.now) is None
    moved = move.applied(empty, play.now).meeting
    assert moved.end is not None
    assert moved.start is not None
    assert moved.end - moved.start == timedelta(minutes=120)


def test_a_time_that_somebody_chose_is_not_replaced_by_the_search() -> None:
    play = owned()

    late = noted(play.case, _busy(), Report(key="busy"), Busy(times={}), play.now)

    assert late.meeting == play.case.meeting


def test_a_long_incident_gets_a_longer_meeting() -> None:
    short = an_incident()
    long = short.replace(started_at=short.resolved_at - timedelta(hours=3))

    assert meeting_minutes(Play(incident=short).case) == 60
    assert meeting_minutes(Play(incident=long).case) == 90


def test_the_agenda_fills_the_length_of_the_meeting() -> None:
    play = owned()

    agenda = play.kinds(PutEvent)[-1].event.agenda

    assert sum(minutes for minutes, _ in agenda) == 60


# --- the pre-read ---------------------------------------------------------------------------


def test_the_pre_read_leaves_exactly_24_elapsed_hours_before_even_on_a_sunday() -> None:
    friday = an_incident(datetime(2027, 1, 14, 17, 0, tzinfo=UTC))
    play = owned(incident=friday)
    play.act(MoveMeeting(by=AMARA, start=datetime(2027, 1, 18, 9, 0, tzinfo=UTC)))

    play.until(start_of(play))

    assert pre_reads(play) == [datetime(2027, 1, 17, 9, 0, tzinfo=UTC)]


def test_an_incomplete_pre_read_leaves_and_names_what_is_missing() -> None:
    play = owned(empty_sections=("Impact", "Timeline"))

    play.until(start_of(play))

    assert play.told(PreRead)[0].empty_sections == ("Impact", "Timeline")


def test_everybody_who_is_invited_gets_the_pre_read_once() -> None:
    play = owned()

    play.until(start_of(play))

    assert sorted(to for _, to in play.sent("pre-read")) == sorted(play.case.meeting.invited)


def test_a_meeting_that_is_booked_late_sends_its_pre_read_at_once() -> None:
    play = owned()

    play.act(MoveMeeting(by=AMARA, start=play.now + 5 * HOUR))

    assert pre_reads(play) == [play.now]


# --- moved ----------------------------------------------------------------------------------


def test_every_dependent_time_follows_an_event_that_a_person_moved() -> None:
    play = owned()
    later = start_of(play) + 3 * HOUR
    play.move_event(later)

    play.until(later)
    play.until(play.case.meeting.end)

    assert pre_reads(play) == [later - DAY]
    assert play.sent("meeting-outcome")[0][0] == later + HOUR
    assert play.case.meeting.moves[-1].by == "calendar"
    assert len(play.events) == 1


def test_a_longer_event_is_still_the_same_booking() -> None:
    play = owned()
    start, booked = start_of(play), play.case.meeting.booked
    play.move_event(start, start + 2 * HOUR)

    play.until(start)

    assert play.case.meeting.end == start + 2 * HOUR
    assert play.case.meeting.booked == booked


def test_a_meeting_moved_to_later_does_not_repeat_the_pre_read() -> None:
    play = owned()
    play.until(start_of(play) - 20 * HOUR)

    play.act(MoveMeeting(by=AMARA, start=start_of(play) + 4 * HOUR, reason="The room is taken."))
    play.until(start_of(play))

    assert len(pre_reads(play)) == 1
    assert phase(play.case) is Phase.IN_REVIEW
    assert play.case.meeting.moves[-1].reason == "The room is taken."


def test_a_meeting_moved_to_sooner_repeats_the_pre_read_with_its_time() -> None:
    play = owned()
    play.until(start_of(play) - 20 * HOUR)

    play.act(MoveMeeting(by=AMARA, start=start_of(play) - 4 * HOUR))

    assert len(pre_reads(play)) == 2


def test_the_calendar_is_read_each_business_morning_until_the_meeting() -> None:
    play = owned(incident=an_incident(severity=Severity.SEV2))

    play.until(play.case.meeting.end)
    play.act(record(play.case))
    play.wait(days=5)

    read = [at for at, effect in play.done if isinstance(effect, ReadEvent)]
    start = start_of(play)
    assert [f"{at:%a %H}" for at in read] == ["Wed 09", "Wed 15", "Thu 09", f"Thu {start.hour}"]


def test_a_calendar_that_tells_of_a_change_is_read_at_once() -> None:
    play = owned()
    play.move_event(start_of(play) + HOUR)

    play.signal("meeting_changed")

    assert play.case.meeting.start == play.events[event_key(play.case)].start
    assert len(play.kinds(ReadEvent)) == 1


def test_a_move_on_the_page_is_not_undone_by_a_late_answer_of_the_calendar() -> None:
    play = owned()
    asked = next(e for e in play.kinds(PutEvent) if e.event.attendees)
    old = ObservedEvent(exists=True, start=asked.event.start, end=asked.event.end)
    case = MoveMeeting(by=AMARA, start=start_of(play) + HOUR).applied(play.case, play.now)

    told = noted(case, asked, Report(key="event"), old, play.now)

    assert told.meeting.start == start_of(play) + HOUR


def test_an_event_that_became_a_whole_day_stays_where_it_was_for_us() -> None:
    play = owned()
    put = play.kinds(PutEvent)[-1]

    told = noted(play.case, put, Report(key="event"), ObservedEvent(exists=True), play.now)

    assert told.meeting.start == start_of(play)


def test_an_event_moved_beyond_all_calendars_is_noted_and_not_followed() -> None:
    play = owned()
    play.move_event(datetime(2037, 1, 1, tzinfo=UTC))

    play.signal("meeting_changed")

    assert start_of(play).year == 2027
    assert play.stuck == ["moved-beyond-calendars"]


def _busy() -> ReadBusy:
    now = an_incident().resolved_at
    return ReadBusy(people=(), within=Interval(start=now, end=now + DAY))


def _working_an_hour_a_day(case: Case) -> DirectorySnapshot:
    known = case.directory
    assert known is not None
    teams = {k: t.replace(hours=(time(9), time(10))) for k, t in known.teams.items()}
    return known.replace(teams=teams)
