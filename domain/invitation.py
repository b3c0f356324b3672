"""The meeting as it should stand in the calendar: held first, then with its invitation."""

from datetime import UTC, datetime, timedelta

from domain.calendar.interval import Interval
from domain.calendar.working_time import after, before, limit
from domain.case import Case
from domain.incident import Incident
from domain.keys import outside_key
from domain.meeting.event import DesiredEvent
from domain.meeting.slots import Slot, SlotRequest, find_slots
from domain.people import attendees, calendar_of, commander, home_calendar, leaders, name_of
from domain.policy import CaseRules

BEYOND_THE_LIMIT = timedelta(days=21)
"""How far past the limit calendars are read, so that ten business days fit in."""

HELD = "Held until the invitation is sent."


def meeting_limit(case: Case) -> Interval | None:
    """Return from the resolution up to the policy's limit (S2), in the home team's calendar."""
    if case.incident is None or case.rules is None:
        return None
    resolved = case.incident.resolved_at
    end = limit(resolved, case.rules.severity.meeting_within, home_calendar(case))
    return Interval(start=resolved, end=end)


def meeting_minutes(case: Case) -> int:
    """Return the meeting's length: by severity, longer after a long incident (PM, S4)."""
    if case.incident is None or case.rules is None:
        return 60
    rules = case.rules
    lasted = case.incident.resolved_at - case.incident.began_at
    long = after(case.incident.began_at, rules.meeting.long_incident, home_calendar(case))
    added = rules.meeting.long_incident_adds_minutes
    is_long = lasted > long - case.incident.began_at
    return min(120, rules.severity.meeting_minutes + (added if is_long else 0))


def people_to_ask(case: Case) -> tuple[str, ...]:
    """Return whose calendars decide about the time."""
    return tuple(sorted(each.person for each in attendees(case)))


def search_window(case: Case) -> Interval | None:
    """Return when to look for a time: up to the limit, and some weeks more if need be."""
    window, start = meeting_limit(case), case.meeting.wanted_from or case.opened_at
    if window is None or start is None:
        return None
    return Interval(start=start, end=max(start, window.end) + BEYOND_THE_LIMIT)


def best_slots(
    case: Case, busy: dict[str, tuple[Interval, ...]], now: datetime
) -> tuple[Slot, ...]:
    """Return the best times for the meeting, best first; the first one is held."""
    window = meeting_limit(case)
    if window is None or case.rules is None or case.directory is None or case.incident is None:
        return ()
    invited = attendees(case)
    required = tuple(each.person for each in invited if not each.optional)
    owner = case.ownership.owner or case.ownership.nominee
    needed = (owner, commander(case), case.meeting.facilitator)
    asked = {each.person for each in invited}
    must = tuple(dict.fromkeys(person for person in needed if person in asked))
    began = max(now, window.start)
    pre_read = case.rules.meeting.pre_read_before
    home = home_calendar(case)
    request = SlotRequest(
        earliest=began,
        limit=window.end,
        minutes=meeting_minutes(case),
        must=must,
        leaders=leaders(case),
        required=required,
        optional=tuple(each.person for each in invited if each.optional),
        busy=busy,
        drafting_from=began,
        pre_read_before=began - before(began, pre_read, home),
        resolved_at=case.incident.resolved_at,
        started_at=case.incident.began_at,
        calendars={each.person: calendar_of(case, each.person) for each in invited},
        home=home,
        names={each.person: case.directory.name_of(each.person) for each in invited},
    )
    return find_slots(request)


def event_key(case: Case) -> str:
    """Return the key of the calendar event; only a deleted one is followed by another."""
    generation = case.meeting.generation
    return outside_key(case, "meeting" if generation == 1 else f"meeting-{generation}")


def pre_read_at(case: Case) -> datetime | None:
    """Return when the pre-read of the present meeting time leaves (S0: 24 elapsed hours before)."""
    if case.meeting.start is None or case.rules is None:
        return None
    return before(case.meeting.start, case.rules.meeting.pre_read_before, home_calendar(case))


def desired_event(case: Case, *, inviting: bool) -> DesiredEvent | None:
    """Return the event as it should be now; nobody is on it until people are invited."""
    meeting, incident, rules = case.meeting, case.incident, case.rules
    if meeting.start is None or meeting.end is None or incident is None or rules is None:
        return None
    title = f"{rules.process_name.capitalize()}: {incident.key} {incident.title}"
    return DesiredEvent(
        key=event_key(case),
        title=title if inviting else f"Held: {title}",
        description=_description(case, incident, rules) if inviting else HELD,
        start=meeting.start,
        end=meeting.end,
        attendees=attendees(case) if inviting else (),
    )


def _description(case: Case, incident: Incident, rules: CaseRules) -> str:
    chair = name_of(case, case.meeting.facilitator)
    lines = [
        incident.summary or incident.title,
        rules.document.opening,
        "Agenda\n" + "\n".join(agenda_lines(case)),
        "You may come for a part of it only.",
        f"Facilitator: {chair}" if chair else "",
        f"Document: {case.document.url}" if case.document.url else "",
        f"Incident: {incident.url}" if incident.url else "",
    ]
    return "\n\n".join(filter(None, lines))


def agenda_lines(case: Case) -> tuple[str, ...]:
    """Return the agenda with minutes scaled to the meeting's length, in order (S0, S1)."""
    if case.rules is None or case.meeting.start is None or case.meeting.end is None:
        return ()
    length = (case.meeting.end - case.meeting.start) / timedelta(minutes=1)
    shares = case.rules.meeting.agenda
    whole = sum(share for share, _ in shares)
    return tuple(f"{round(share * length / whole)} min  {text}" for share, text in shares)


def calendar_file(case: Case) -> str:
    """Return the meeting as an iCalendar text for whoever books it by hand (RFC 5545)."""
    event = desired_event(case, inviting=True)
    if event is None or case.opened_at is None:
        return ""
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//aftermath//EN",
        "BEGIN:VEVENT",
        f"UID:{event.key}",
        f"DTSTAMP:{_basic(case.opened_at)}",
        f"SEQUENCE:{case.meeting.booked}",
        f"DTSTART:{_basic(event.start)}",
        f"DTEND:{_basic(event.end)}",
        f"SUMMARY:{_escaped(event.title)}",
        f"DESCRIPTION:{_escaped(event.description)}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "\r\n".join(_folded(line) for line in lines) + "\r\n"


def _basic(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    written = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n"))
    for plain, escaped in written:
        text = text.replace(plain, escaped)
    return text


def _folded(line: str) -> str:
    """Break a line so that no piece exceeds 75 octets, whatever its characters."""
    pieces = (
        [line[at : at + 18] for at in range(0, len(line), 18)]
        if not line.isascii()
        else [line[at : at + 70] for at in range(0, len(line), 70)]
    )
    return "\r\n ".join(pieces)
