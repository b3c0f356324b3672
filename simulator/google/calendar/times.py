"""When an event is: Google's date-times, and what the zone of a calendar makes of them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from simulator.errors import google_error
from simulator.store import JSON


def instant(when: JSON, calendar_zone: str) -> datetime:
    """Return the moment that an event's start or end names."""
    if "dateTime" not in when:
        midnight = datetime.combine(date.fromisoformat(when["date"]), datetime.min.time())
        return midnight.replace(tzinfo=ZoneInfo(calendar_zone))
    read = datetime.fromisoformat(when["dateTime"])
    if read.tzinfo:
        return read
    return read.replace(tzinfo=ZoneInfo(when.get("timeZone") or calendar_zone))


def told_in(when: JSON, calendar_zone: str) -> JSON:
    """Return a start or end as Google repeats it: in the zone of the calendar."""
    if "dateTime" not in when:
        return {"date": when["date"]}
    local = instant(when, calendar_zone).astimezone(ZoneInfo(calendar_zone))
    text = local.isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"dateTime": text, "timeZone": when.get("timeZone") or calendar_zone}


def checked_span(event: JSON, calendar_zone: str) -> tuple[datetime, datetime]:
    """Return when an event begins and ends, or refuse it as Google does."""
    for side in ("start", "end"):
        _refuse_unusable(event.get(side), side)
    try:
        start, end = (instant(event[side], calendar_zone) for side in ("start", "end"))
    except (KeyError, ValueError):
        raise google_error(400, "invalid", "Invalid value for: Invalid format") from None
    if ("date" in event["start"]) != ("date" in event["end"]):
        raise google_error(
            400, "invalid", "Start and end times must either both be date or both be dateTime."
        )
    if end <= start:
        raise google_error(400, "timeRangeEmpty", "The specified time range is empty.")
    return start, end


def parameter_instant(text: str, name: str) -> datetime:
    """Read a query parameter that is a time; Google demands an offset."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise google_error(400, "badRequest", "Bad Request", ("parameter", name))
    return read.astimezone(UTC)


def _refuse_unusable(when: JSON | None, side: str) -> None:
    if not when or not (when.get("dateTime") or when.get("date")):
        raise google_error(400, "required", f"Missing {side} time.")
    zone = when.get("timeZone")
    try:
        ZoneInfo(zone or "UTC")
    except (KeyError, ValueError, OSError):
        message = f"Invalid time zone definition for {side} time."
        raise google_error(400, "invalid", message) from None
