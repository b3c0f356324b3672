"""When people meet, and when they were told of it: what tests of the meeting look at."""

from datetime import datetime, timedelta

from tests.playing import Play

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def start_of(play: Play) -> datetime:
    assert play.case.meeting.start is not None
    return play.case.meeting.start


def pre_reads(play: Play) -> list[datetime]:
    """The moments at which pre-reads left."""
    return sorted({at for at, _ in play.sent("pre-read")})
