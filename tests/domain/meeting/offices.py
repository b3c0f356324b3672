"""Where the people of slot tests work: Berlin at home, and two places far away."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from domain.calendar.directory_snapshot import ClockChange
from domain.calendar.working_time import WorkCalendar

BERLIN = ZoneInfo("Europe/Berlin")


def office(*changes: tuple[str, int]) -> WorkCalendar:
    """Read instants in UTC and the offset in minutes from then on."""
    parsed = ((datetime.fromisoformat(at).replace(tzinfo=UTC), offset) for at, offset in changes)
    return WorkCalendar(
        changes=tuple(ClockChange(at=at, offset_minutes=offset) for at, offset in parsed)
    )


HOME = office(("2025-10-26 01:00", 60), ("2026-03-29 01:00", 120))
EASTERN = office(("2025-11-02 06:00", -300), ("2026-03-08 07:00", -240))
TOKYO = office(("2025-01-01 00:00", 540))


def berlin(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=BERLIN).astimezone(UTC)
