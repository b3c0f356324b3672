"""How instants, days and durations are written for people: in English, whatever the locale."""

from datetime import date, datetime, timedelta

from domain.calendar.directory_snapshot import ClockChange
from domain.calendar.working_time import local

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def shown(instant: datetime, changes: tuple[ClockChange, ...], zone_name: str) -> str:
    """Write an instant as the zone's clocks show it.

    A zone whose clock changes are not known is shown in UTC, and says so.

    >>> from datetime import UTC
    >>> summer = (ClockChange(at=datetime(2026, 3, 29, 1, tzinfo=UTC), offset_minutes=60),)
    >>> shown(datetime(2026, 7, 9, 8, tzinfo=UTC), summer, "Europe/Lisbon")
    'Thu 9 Jul 09:00'
    >>> shown(datetime(2026, 7, 9, 8, tzinfo=UTC), (), "Europe/Lisbon")
    'Thu 9 Jul 08:00 UTC'
    """
    there = local(instant, changes)
    suffix = "" if _known(changes, zone_name) else " UTC"
    return f"{shown_day(there.date())} {_clock(there)}{suffix}"


def shown_with_zone(instant: datetime, changes: tuple[ClockChange, ...], zone_name: str) -> str:
    """Write an instant with its year and the zone whose clocks show it.

    >>> from datetime import UTC
    >>> summer = (ClockChange(at=datetime(2026, 3, 29, 1, tzinfo=UTC), offset_minutes=60),)
    >>> shown_with_zone(datetime(2026, 7, 9, 8, tzinfo=UTC), summer, "Europe/Lisbon")
    'Thu 9 Jul 2026 09:00 (Europe/Lisbon)'
    """
    there = local(instant, changes)
    zone = zone_name if _known(changes, zone_name) else "UTC"
    return f"{shown_day(there.date())} {there.year} {_clock(there)} ({zone})"


def shown_day(day: date) -> str:
    """Write a day without its year.

    >>> shown_day(date(2027, 1, 7))
    'Thu 7 Jan'
    """
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def shown_duration(duration: timedelta) -> str:
    """Write a duration in days, hours and minutes, rounded to the minute.

    >>> shown_duration(timedelta(hours=1, minutes=10))
    '1 h 10 min'
    >>> shown_duration(timedelta(days=2, hours=3))
    '2 days 3 h'
    """
    minutes = round(abs(duration) / timedelta(minutes=1))
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = (
        (f"{days} day" if days == 1 else f"{days} days") if days else "",
        f"{hours} h" if hours else "",
        f"{minutes} min" if minutes else "",
    )
    written = " ".join(filter(None, parts))
    if not written:
        return "0 min"
    return f"-{written}" if duration < timedelta() else written


def _known(changes: tuple[ClockChange, ...], zone_name: str) -> bool:
    return bool(changes) or zone_name == "UTC"


def _clock(there: datetime) -> str:
    return f"{there.hour:02}:{there.minute:02}"
