"""How instants and days are written for their reader: weekday, date in full, their own clocks."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.calendar.instants import shown_day


def instant(at: datetime, zone: str) -> str:
    """Write an instant as the clocks of a zone show it; an unknown zone is shown in UTC.

    >>> instant(datetime(2026, 7, 9, 8, tzinfo=UTC), "Europe/Lisbon")
    'Thu 9 Jul 2026 09:00 (Europe/Lisbon)'
    >>> instant(datetime(2026, 7, 9, 8, tzinfo=UTC), "Nowhere")
    'Thu 9 Jul 2026 08:00 (UTC)'
    """
    try:
        there, name = at.astimezone(ZoneInfo(zone)), zone
    except (ZoneInfoNotFoundError, ValueError, OSError):
        there, name = at.astimezone(UTC), "UTC"
    return f"{day(there.date())} {there:%H:%M} ({name})"


def day(which: date) -> str:
    """Write a day in full.

    >>> day(date(2027, 1, 7))
    'Thu 7 Jan 2027'
    """
    return f"{shown_day(which)} {which.year}"


def in_utc(at: datetime) -> str:
    """Write an instant as a timeline does.

    >>> in_utc(datetime(2026, 7, 9, 8, tzinfo=UTC))
    '2026-07-09 08:00 UTC'
    """
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
