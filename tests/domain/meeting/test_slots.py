"""Slots: what is preferred to what, and what is said about each time."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.calendar.directory_snapshot import Absence
from domain.calendar.interval import Interval
from domain.calendar.spans import Span
from domain.calendar.working_time import limit
from domain.meeting.slots import REST, Reason, Slot, SlotReason, SlotRequest, find_slots
from tests.domain.meeting.offices import EASTERN, HOME, TOKYO, berlin

NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)


def busy(*spans: str) -> tuple[Interval, ...]:
    """Read `10 09:00/12:00`: March 2026, Berlin time."""
    parts = (span.replace(" ", "/").split("/") for span in spans)
    return tuple(
        Interval(start=berlin(f"2026-03-{day} {start}"), end=berlin(f"2026-03-{day} {end}"))
        for day, start, end in parts
    )


def all_day(*days: str) -> tuple[Interval, ...]:
    return busy(*(f"{day} 09:00/17:00" for day in days))


def request(
    busy: Mapping[str, tuple[Interval, ...] | None] | None = None,
    now: str = "2026-03-09 10:00",
    limit: str = "2026-03-12 17:00",
    **fields: object,
) -> SlotRequest:
    """Monday 9 March 2026 10:00 in Berlin, limit Thursday 17:00, one hour, everybody free."""
    free = ("owner", "commander", "manager", "director", "responder", "guest")
    diaries = {**dict.fromkeys(free, ()), **(busy or {})}
    usual: dict[str, object] = {
        **dict.fromkeys(("earliest", "drafting_from", "resolved_at"), berlin(now)),
        "limit": berlin(limit),
        "minutes": 60,
        "must": ("owner", "commander"),
        "leaders": ("manager", "director"),
        "required": ("responder",),
        "busy": {person: taken for person, taken in diaries.items() if taken is not None},
        "pre_read_before": timedelta(hours=24),
        "home": HOME,
    }
    return SlotRequest.model_validate({**usual, **fields})


def best(asked: SlotRequest) -> Slot:
    return find_slots(asked)[0]


def kinds(slot: Slot) -> list[SlotReason]:
    return [reason.kind for reason in slot.reasons]


def about(slot: Slot, kind: SlotReason) -> tuple[str, ...]:
    """Whom one of its reasons names."""
    return next(reason.people for reason in slot.reasons if reason.kind is kind)


def test_the_worked_example_holds_the_meeting_on_wednesday_at_eleven() -> None:
    resolved = datetime(2026, 3, 6, 16, tzinfo=NEW_YORK)
    accepted = datetime(2026, 3, 9, 9, 30, tzinfo=NEW_YORK)
    wednesday = datetime(2026, 3, 11, tzinfo=NEW_YORK)
    taken = (Interval(start=wednesday.replace(hour=9), end=wednesday.replace(hour=11)),)
    asked = request(busy={"owner": taken}, home=EASTERN, resolved_at=resolved).replace(
        earliest=accepted,
        drafting_from=accepted,
        limit=limit(resolved, Span.model_validate("3bd"), EASTERN),
    )

    slot = best(asked)

    assert slot.start == wednesday.replace(hour=11)
    assert slot.pre_read_at == datetime(2026, 3, 10, 11, tzinfo=NEW_YORK)
    assert slot.pre_read_in_hours
    assert slot.inside_limit
    assert slot.reasons == (
        Reason(kind=SlotReason.ALL_FREE),
        Reason(kind=SlotReason.DAY_TO_DRAFT),
        Reason(kind=SlotReason.PRE_READ_IN_HOURS, span=DAY),
    )


def test_with_everybody_free_the_first_time_after_a_day_of_drafting_and_of_reading_wins() -> None:
    assert best(request()).start == berlin("2026-03-11 10:00")


def test_alternatives_are_two_hours_or_a_day_apart() -> None:
    starts = [slot.start for slot in find_slots(request())]

    assert starts == [berlin(f"2026-03-11 {clock}") for clock in ("10:00", "12:00", "14:00")]


def test_a_meeting_never_outlasts_working_hours_or_the_limit() -> None:
    taken = {"owner": busy("11 09:00/16:01", "12 09:00/16:01")}
    asked = request(busy=taken, limit="2026-03-12 16:30")

    assert all(slot.end <= berlin("2026-03-12 16:30") for slot in find_slots(asked, 20))
    assert best(asked).start == berlin("2026-03-10 10:00")


def test_one_free_leader_is_enough_and_a_busy_one_is_then_no_conflict() -> None:
    slot = best(request(busy={"director": all_day("11")}))

    assert slot.start == berlin("2026-03-11 10:00")
    assert slot.conflicts == ()


def test_a_free_leader_weighs_more_than_a_day_of_drafting() -> None:
    away = busy("10 12:00/17:00") + all_day("11", "12")

    slot = best(request(busy={"manager": away, "director": away}))

    assert slot.start == berlin("2026-03-10 10:00")
    assert SlotReason.HURRIED_DRAFT in kinds(slot)


def test_the_leader_gives_way_before_the_people_who_must_come() -> None:
    week = all_day("09", "10", "11", "12")
    taken = {"manager": week, "director": week, "owner": all_day("11")}

    slot = best(request(busy=taken))

    assert slot.start == berlin("2026-03-12 09:00")
    assert slot.conflicts == ("manager", "director")
    assert SlotReason.NO_LEADER in kinds(slot)


def test_the_people_who_must_come_give_way_before_the_limit() -> None:
    taken = {"owner": all_day("09", "10", "11", "12")}

    slot = best(request(busy=taken))

    assert slot.inside_limit
    assert slot.conflicts == ("owner",)
    assert about(slot, SlotReason.BUSY) == ("owner",)


def test_fewer_conflicts_of_required_people_weigh_more_than_drafting() -> None:
    late_week = busy("10 14:00/17:00") + all_day("11", "12")

    assert best(request(busy={"responder": late_week})).start == berlin("2026-03-10 10:00")


def test_an_unreadable_calendar_is_better_than_one_known_to_be_away() -> None:
    slot = best(request(busy={"responder": None}, calendars={"responder": EASTERN}))

    assert slot.start == berlin("2026-03-11 14:00")
    assert slot.conflicts == ("responder",)
    assert about(slot, SlotReason.UNREADABLE) == ("responder",)


def test_an_unreadable_leader_is_named_only_while_no_leader_is_known_to_be_free() -> None:
    week = all_day("09", "10", "11", "12")

    one_free = best(request(busy={"manager": None}))
    none_free = best(request(busy={"manager": None, "director": week}))

    assert one_free.conflicts == ()
    assert none_free.conflicts == ("manager",)
    assert SlotReason.NO_LEADER not in kinds(none_free)


def test_somebody_outside_working_hours_is_a_conflict_even_if_unreadable() -> None:
    slot = best(request(calendars={"responder": TOKYO}, busy={"responder": None}))

    assert slot.conflicts == ("responder",)
    assert about(slot, SlotReason.OUTSIDE_HOURS) == ("responder",)


def test_the_meeting_goes_where_working_hours_of_two_continents_overlap() -> None:
    slot = best(request(calendars={"responder": EASTERN}))

    assert slot.start == berlin("2026-03-11 14:00")


def test_somebody_absent_is_a_conflict() -> None:
    away = HOME.replace(absences=(Absence(first=date(2026, 3, 11), last=date(2026, 3, 11)),))

    assert best(request(calendars={"owner": away})).start == berlin("2026-03-12 09:00")


def test_nobody_meets_within_eleven_hours_of_a_nights_work_where_it_can_be_helped() -> None:
    asked = request(now="2026-03-09 03:00", limit="2026-03-09 17:00")

    assert best(asked).start == berlin("2026-03-09 14:00")


def test_a_night_that_ended_in_the_morning_counts_too() -> None:
    began = berlin("2026-03-08 23:00")

    slot = best(request(now="2026-03-09 07:00", limit="2026-03-09 17:00", started_at=began))

    assert slot.start == berlin("2026-03-09 09:00")
    tired = ("owner", "commander", "responder")
    assert Reason(kind=SlotReason.AFTER_NIGHT_WORK, people=tired, span=REST) in slot.reasons


def test_an_evening_incident_for_one_is_a_nights_work_for_another() -> None:
    tokyo = {"responder": TOKYO}

    slot = best(request(now="2026-03-09 15:00", limit="2026-03-09 17:00", calendars=tokyo))

    assert about(slot, SlotReason.AFTER_NIGHT_WORK) == ("responder",)


def test_a_pre_read_in_working_hours_is_preferred_and_one_on_a_sunday_is_said() -> None:
    friday = {"owner": all_day("06")}

    tuesday = best(request(busy=friday, now="2026-03-05 09:00", limit="2026-03-10 17:00"))
    monday = best(request(busy=friday, now="2026-03-05 09:00", limit="2026-03-09 17:00"))

    assert tuesday.start == berlin("2026-03-10 09:00")
    assert tuesday.pre_read_in_hours
    assert monday.start == berlin("2026-03-09 09:00")
    assert not monday.pre_read_in_hours
    assert Reason(kind=SlotReason.PRE_READ_OUTSIDE_HOURS, span=DAY) in monday.reasons


def test_too_little_notice_sends_the_pre_read_at_once() -> None:
    slot = best(request(limit="2026-03-09 17:00"))

    assert slot.start == berlin("2026-03-09 10:00")
    assert slot.pre_read_at == berlin("2026-03-09 10:00")
    assert Reason(kind=SlotReason.PRE_READ_SHORT, span=DAY) in slot.reasons


def test_an_optional_person_moves_the_meeting_within_its_day_only() -> None:
    morning = best(request(optional=("guest",), busy={"guest": busy("11 09:00/12:00")}))
    whole_day = best(request(optional=("guest",), busy={"guest": all_day("11")}))

    assert morning.start == berlin("2026-03-11 12:00")
    assert whole_day.start == berlin("2026-03-11 10:00")
    assert about(whole_day, SlotReason.OPTIONAL_MISSING) == ("guest",)


def test_when_the_limit_has_passed_the_first_good_day_after_it_is_found() -> None:
    slots = find_slots(request(limit="2026-03-09 09:30"))

    assert [slot.inside_limit for slot in slots] == [False, False, False]
    assert slots[0].start == berlin("2026-03-10 10:00")
    assert kinds(slots[0])[0] is SlotReason.PAST_LIMIT


def test_past_the_limit_ten_business_days_are_searched_and_no_more() -> None:
    asked = request(limit="2026-03-09 09:30", minutes=480)

    slots = find_slots(asked, 30)

    assert max(slot.start for slot in slots) == berlin("2026-03-23 09:00")
    assert len(slots) == 10  # today it is too late for eight hours


def test_a_meeting_longer_than_the_working_day_has_no_slot() -> None:
    assert find_slots(request(minutes=481)) == ()


def test_holidays_of_the_home_calendar_are_left_out_even_when_all_else_is_worse() -> None:
    home = HOME.replace(holidays=frozenset({date(2026, 3, 10), date(2026, 3, 11)}))

    days = {slot.start.date() for slot in find_slots(request(home=home), 20)}

    assert days == {date(2026, 3, 9), date(2026, 3, 12)}


def test_overlapping_and_touching_appointments_count_as_one() -> None:
    taken = busy("11 09:00/15:00", "11 10:00/11:00", "11 15:00/15:30", "11 16:00/16:00")

    assert best(request(busy={"owner": taken})).start == berlin("2026-03-11 15:30")


def test_a_slot_survives_being_written_and_read() -> None:
    slot = best(request(busy={"owner": all_day("11")}))

    assert Slot.model_validate_json(slot.model_dump_json()) == slot
