"""Who is busy when, as Google's freeBusy query tells it."""

from datetime import UTC, datetime

from simulator.errors import google_error
from simulator.google.calendar.access import CalendarAccess
from simulator.google.calendar.events import Events
from simulator.google.calendar.times import instant, parameter_instant
from simulator.store import JSON
from simulator.world import World

_MOST_CALENDARS = 50

_Span = tuple[datetime, datetime]


def free_busy(world: World, query: JSON, by: str) -> JSON:
    """Answer a freeBusy query; a calendar nobody knows is an error of its own, not a free one."""
    for name in ("timeMin", "timeMax"):
        if not query.get(name):
            raise google_error(400, "required", f"Missing {name} parameter.")
    start, end = (parameter_instant(query[name], name) for name in ("timeMin", "timeMax"))
    if end <= start:
        raise google_error(400, "timeRangeEmpty", "The specified time range is empty.")
    asked = [str(item.get("id")) for item in query.get("items") or []]
    return {
        "kind": "calendar#freeBusy",
        "timeMin": _told(start),
        "timeMax": _told(end),
        "calendars": _calendars(world, by, asked, (start, end)),
    }


def _calendars(world: World, by: str, asked: list[str], window: _Span) -> JSON:
    if len(asked) > _MOST_CALENDARS:
        return {name: _unknown("tooManyCalendarsRequested") for name in asked}
    events = Events(world).everywhere()
    answers: JSON = {}
    for name in asked:
        calendar = world.store.get("calendars", name.lower())
        error = world.settings.free_busy_errors.get(name)
        if calendar is None or CalendarAccess(world).role(name, by) is None:
            error = "notFound"
        if error:
            answers[name] = _unknown(error)
            continue
        spans = _joined(_clipped(_busy(world, name, events), window))
        answers[name] = {"busy": [{"start": _told(a), "end": _told(b)} for a, b in spans]}
    return answers


def _unknown(reason: str) -> JSON:
    return {"errors": [{"domain": "global", "reason": reason}], "busy": []}


def _busy(world: World, name: str, events: list[tuple[str, JSON]]) -> list[_Span]:
    spans = []
    for calendar, event in events:
        if _occupies(name.lower(), calendar.lower(), event):
            zone = (world.store.get("calendars", calendar.lower()) or {"timeZone": "UTC"})[
                "timeZone"
            ]
            spans.append((instant(event["start"], zone), instant(event["end"], zone)))
    return spans


def _occupies(name: str, calendar: str, event: JSON) -> bool:
    if event["status"] == "cancelled" or event.get("transparency") == "transparent":
        return False
    answers = [
        a["responseStatus"] for a in event.get("attendees", []) if a["email"].lower() == name
    ]
    if answers:
        return bool(answers[0] != "declined")
    return calendar == name


def _clipped(spans: list[_Span], window: _Span) -> list[_Span]:
    inside = [(max(start, window[0]), min(end, window[1])) for start, end in spans]
    return sorted((start, end) for start, end in inside if start < end)


def _joined(spans: list[_Span]) -> list[_Span]:
    joined: list[_Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _told(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
