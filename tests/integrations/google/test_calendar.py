"""One meeting in Google Calendar, over HTTP against the simulator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from domain.calendar.interval import Interval
from domain.meeting.event import Attendee, DesiredEvent, Response
from integrations.errors import Ambiguous, Refused, ServiceError, Throttled, Unavailable
from integrations.google.calendar import GoogleCalendar
from integrations.google.credentials import static_token
from integrations.google.event import id_of
from integrations.google.http import GoogleAccess
from integrations.ports import Address
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("nothing_broken")

START = datetime(2026, 3, 4, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
PEOPLE = {
    "ines": Address(email="ines@example.com", name="Inês Duarte"),
    "rui": Address(email="rui@example.com", name="Rui Barbosa"),
    "amara": Address(email="amara@example.com"),
}
TEAM = "team-calendar@example.com"
EVENTS = "/events"
BEARER = {"Authorization": "Bearer somebody"}


@pytest.fixture(scope="module")
def world(world: World) -> World:
    """Let the calendar know all three people."""
    people = [{"email": each.email, "name": each.name or "x"} for each in PEOPLE.values()]
    world.tell("people", {"people": people})
    world.tell("calendars", {"id": TEAM})
    return world


def calendar(world: World, timeout: float = 5) -> GoogleCalendar:
    access = GoogleAccess(static_token("simulator"), world.url, (1, timeout))
    return GoogleCalendar(access, TEAM)


def wanted(key: str, *attendees: Attendee, **changes: Any) -> DesiredEvent:  # noqa: ANN401
    return DesiredEvent(
        key=key,
        title="Postmortem meeting: INC-204",
        description="Agenda and document.",
        start=START,
        end=START + HOUR,
        attendees=attendees,
    ).replace(**changes)


def guest(person: str, *, optional: bool = False) -> Attendee:
    return Attendee(person=person, optional=optional)


def stored(world: World, key: str) -> Any:  # noqa: ANN401 - JSON
    return [each for each in world.all("events", calendar=TEAM) if each["id"] == id_of(key)]


def edit(world: World, key: str, **changes: object) -> None:
    """Change the event as a person does in the calendar."""
    path = f"/calendar/v3/calendars/{TEAM}/events/{id_of(key)}"
    world.vendor("PATCH", path, json=changes, headers=BEARER)


def test_a_held_slot_has_an_address_a_conference_and_no_guests(world: World) -> None:
    reading = calendar(world).put_event(wanted("held"), PEOPLE)

    [event] = stored(world, "held")
    assert reading.exists
    assert (reading.start, reading.end) == (START, START + HOUR)
    assert reading.url == event["htmlLink"]
    assert not event.get("attendees")
    assert calendar(world).read_event("held", PEOPLE).conference_url.startswith("http")


def test_guests_are_invited_by_mail_and_the_optional_ones_told_so(world: World) -> None:
    calendar(world).put_event(wanted("invited"), PEOPLE)

    reading = calendar(world).put_event(
        wanted("invited", guest("ines"), guest("rui", optional=True)), PEOPLE
    )

    [event] = stored(world, "invited")
    assert {each["email"]: each.get("optional", False) for each in event["attendees"]} == {
        "ines@example.com": False,
        "rui@example.com": True,
    }
    assert reading.responses == {"ines": Response.NEEDS_ACTION, "rui": Response.NEEDS_ACTION}
    assert world.all("mails", to="ines@example.com")


@pytest.mark.parametrize("fault", ["close_after", "close_before"])
def test_an_event_whose_answer_was_lost_is_found_again(world: World, fault: str) -> None:
    key = f"lost-{fault}"
    world.break_next("POST", EVENTS, fault)
    with pytest.raises(Ambiguous):
        calendar(world).put_event(wanted(key, guest("ines")), PEOPLE)
    assert world.asked("POST", EVENTS) == 1

    reading = calendar(world).put_event(wanted(key, guest("ines")), PEOPLE)

    assert reading.exists
    assert len(stored(world, key)) == 1


def test_an_answer_that_comes_too_late_is_ambiguous_and_then_found(world: World) -> None:
    world.break_next("POST", EVENTS, "delay_after", seconds=2)
    with pytest.raises(Ambiguous):
        calendar(world, timeout=0.5).put_event(wanted("late"), PEOPLE)

    calendar(world).put_event(wanted("late"), PEOPLE)

    assert len(stored(world, "late")) == 1


def test_putting_the_same_again_reads_once_and_writes_nothing(world: World) -> None:
    calendar(world).put_event(wanted("same", guest("ines")), PEOPLE)
    world.forget()

    calendar(world).put_event(wanted("same", guest("ines")), PEOPLE)

    assert world.asked() == world.asked("GET", EVENTS) == 1


def test_a_change_whose_answer_was_lost_is_not_made_twice(world: World) -> None:
    calendar(world).put_event(wanted("moved", guest("ines")), PEOPLE)
    later = wanted("moved", guest("ines"), start=START + HOUR, end=START + 2 * HOUR)
    world.break_next("PATCH", EVENTS, "close_after")
    with pytest.raises(Ambiguous):
        calendar(world).put_event(later, PEOPLE)

    reading = calendar(world).put_event(later, PEOPLE)

    assert reading.start == START + HOUR
    assert world.asked("PATCH", EVENTS) == 1


def test_a_move_tells_the_guests(world: World) -> None:
    calendar(world).put_event(wanted("told", guest("amara")), PEOPLE)
    before = len(world.all("mails", to="amara@example.com"))

    calendar(world).put_event(
        wanted("told", guest("amara"), start=START + HOUR, end=START + 2 * HOUR), PEOPLE
    )

    assert len(world.all("mails", to="amara@example.com")) == before + 1


def test_what_people_answered_stays_when_the_meeting_changes(world: World) -> None:
    calendar(world).put_event(wanted("answers", guest("ines")), PEOPLE)
    answer = {"email": "ines@example.com", "responseStatus": "accepted"}
    edit(world, "answers", attendees=[answer])

    reading = calendar(world).put_event(wanted("answers", guest("ines"), guest("rui")), PEOPLE)

    assert reading.responses == {"ines": Response.ACCEPTED, "rui": Response.NEEDS_ACTION}


def test_guests_that_people_added_stay_and_those_they_removed_stay_away(world: World) -> None:
    calendar(world).put_event(wanted("guests", guest("ines"), guest("rui")), PEOPLE)
    edit(world, "guests", attendees=[{"email": "ines@example.com"}, {"email": "x@example.com"}])

    calendar(world).put_event(wanted("guests", guest("ines"), guest("rui"), guest("amara")), PEOPLE)

    [event] = stored(world, "guests")
    assert {each["email"] for each in event["attendees"]} == {
        "ines@example.com",
        "x@example.com",
        "amara@example.com",
    }


def test_a_guest_who_is_no_longer_wanted_is_let_go(world: World) -> None:
    calendar(world).put_event(wanted("fewer", guest("ines"), guest("rui")), PEOPLE)

    reading = calendar(world).put_event(wanted("fewer", guest("rui")), PEOPLE)

    assert set(reading.responses) == {"rui"}


def test_a_time_that_people_chose_is_not_undone(world: World) -> None:
    calendar(world).put_event(wanted("theirs"), PEOPLE)
    moved = START + 3 * HOUR
    edit(
        world,
        "theirs",
        start={"dateTime": moved.isoformat()},
        end={"dateTime": (moved + HOUR).isoformat()},
        summary="Our own title",
    )

    reading = calendar(world).put_event(wanted("theirs", guest("ines")), PEOPLE)

    assert reading.start == moved
    assert stored(world, "theirs")[0]["summary"] == "Our own title"


def test_a_time_that_the_case_adopted_is_noted_without_telling_anybody(world: World) -> None:
    calendar(world).put_event(wanted("adopted", guest("ines")), PEOPLE)
    moved = START + 3 * HOUR
    times = {"start": moved, "end": moved + HOUR}
    edit(world, "adopted", **{name: {"dateTime": at.isoformat()} for name, at in times.items()})
    before = len(world.all("mails", to="ines@example.com"))

    reading = calendar(world).put_event(wanted("adopted", guest("ines"), **times), PEOPLE)

    assert reading.start == moved
    assert len(world.all("mails", to="ines@example.com")) == before


def test_an_event_that_people_deleted_is_gone_and_not_made_again(world: World) -> None:
    calendar(world).put_event(wanted("deleted"), PEOPLE)
    path = f"/calendar/v3/calendars/{TEAM}/events/{id_of('deleted')}"
    world.vendor("DELETE", path, headers=BEARER)

    assert not calendar(world).read_event("deleted", PEOPLE).exists
    with pytest.raises(Refused):
        calendar(world).put_event(wanted("deleted"), PEOPLE)


def test_an_event_that_was_never_made_does_not_exist(world: World) -> None:
    assert not calendar(world).read_event("never", PEOPLE).exists


def test_who_has_no_address_is_left_out(world: World) -> None:
    reading = calendar(world).put_event(wanted("unknown", guest("ghost"), guest("rui")), PEOPLE)

    assert set(reading.responses) == {"rui"}


def test_a_change_by_somebody_else_meanwhile_is_read_and_kept(world: World) -> None:
    calendar(world).put_event(wanted("race", guest("ines")), PEOPLE)
    world.break_next("PATCH", EVENTS, "status", status=412, times=1)

    reading = calendar(world).put_event(wanted("race", guest("ines"), guest("rui")), PEOPLE)

    assert set(reading.responses) == {"ines", "rui"}


def test_busy_times_are_told_and_the_unknown_are_not_free(world: World) -> None:
    start, end = START + timedelta(days=7), START + timedelta(days=7, hours=1)
    busy = {"calendar": "rui@example.com", "start": start.isoformat(), "end": end.isoformat()}
    world.tell("busy", busy)
    people = PEOPLE | {"ghost": Address(email="ghost@elsewhere.example")}

    found = calendar(world).busy(people, Interval(start=start - HOUR, end=end + HOUR))

    assert found["rui"] == (Interval(start=start, end=end),)
    assert found["amara"] == ()
    assert "ghost" not in found


def test_more_than_fifty_people_take_more_than_one_question(world: World) -> None:
    crowd = {f"p{n}": Address(email=f"p{n}@example.com") for n in range(60)}
    everyone = [{"email": each.email, "name": "x"} for each in crowd.values()]
    world.tell("people", {"people": everyone})

    found = calendar(world).busy(crowd, Interval(start=START, end=START + HOUR))

    assert len(found) == 60
    assert world.asked("POST", "freeBusy") == 2


@pytest.mark.parametrize(
    ("status", "reason", "word"),
    [
        (400, "badRequest", Refused),
        (403, "forbiddenForServiceAccounts", Refused),
        (403, "rateLimitExceeded", Throttled),
        (429, "rateLimitExceeded", Throttled),
        (503, "backendError", Ambiguous),
    ],
)
def test_an_error_has_its_word_and_none_of_googles(
    world: World, status: int, reason: str, word: type[ServiceError]
) -> None:
    detail = {"domain": "global", "reason": reason, "message": "secret words"}
    body = {"error": {"errors": [detail], "code": status, "message": "secret words"}}
    world.break_next(
        "POST", EVENTS, "status", status=status, body=body, headers={"Retry-After": "7"}
    )

    with pytest.raises(word) as error:
        calendar(world).put_event(wanted(f"error-{status}-{reason}"), PEOPLE)

    assert type(error.value) is word
    assert "secret" not in str(error.value)
    if isinstance(error.value, Throttled):
        assert error.value.retry_after == timedelta(seconds=7)


def test_a_lost_reading_is_never_ambiguous(world: World) -> None:
    world.break_next("GET", EVENTS, "close_after")

    with pytest.raises(Unavailable):
        calendar(world).read_event("held", PEOPLE)


def test_a_stranger_that_answers_is_refused(world: World) -> None:
    world.break_next("GET", EVENTS, "html200")

    with pytest.raises(Refused, match="not Google"):
        calendar(world).read_event("held", PEOPLE)


def test_a_redirect_is_not_followed(world: World) -> None:
    world.break_next(
        "GET", EVENTS, "status", status=302, headers={"Location": f"{world.url}/simulator/clock"}
    )

    with pytest.raises(Refused):
        calendar(world).read_event("held", PEOPLE)


def test_a_token_that_google_refuses_and_nobody_can_renew_needs_a_human(world: World) -> None:
    world.break_next("GET", EVENTS, "status", status=401, times=9)

    with pytest.raises(Refused):
        calendar(world).read_event("held", PEOPLE)


def test_nothing_listening_is_unavailable() -> None:
    access = GoogleAccess(static_token("x"), "http://127.0.0.1:9", (1, 1))

    with pytest.raises(Unavailable):
        GoogleCalendar(access, TEAM).read_event("held", PEOPLE)


def test_one_access_serves_many_threads(world: World) -> None:
    shared = calendar(world)
    keys = [f"thread-{n}" for n in range(12)]

    with ThreadPoolExecutor(6) as pool:
        readings = list(pool.map(lambda key: shared.put_event(wanted(key), PEOPLE), keys))

    assert [each.event_id for each in readings] == [id_of(key) for key in keys]


def test_a_description_is_shown_as_it_is_written_though_google_shows_html(world: World) -> None:
    hostile = "<img src=https://evil.example/p.png> <a href='https://evil.example'>a</a> &lt; \"b\""

    calendar(world).put_event(wanted("html", description=f"{hostile}\n{hostile}"), PEOPLE)

    (event,) = stored(world, "html")
    assert "<" not in event["description"]
    assert unescape(event["description"]) == f"{hostile}\n{hostile}"


def test_a_description_with_marks_of_html_is_written_once(world: World) -> None:
    marked = wanted("html-twice", description="a < b & c")
    calendar(world).put_event(marked, PEOPLE)
    (before,) = stored(world, "html-twice")

    calendar(world).put_event(marked, PEOPLE)

    (after,) = stored(world, "html-twice")
    assert after["etag"] == before["etag"]


def test_an_event_is_called_off_once_and_google_mails_nobody(world: World) -> None:
    calendar(world).put_event(wanted("off", guest("rui")), PEOPLE)
    before = len(world.all("mails"))

    calendar(world).call_off("off")
    calendar(world).call_off("off")
    calendar(world).call_off("never-there")

    [event] = stored(world, "off")
    assert event["status"] == "cancelled"
    assert not calendar(world).read_event("off", PEOPLE).exists
    assert len(world.all("mails")) == before
