"""Limits of the policy: derived whenever asked, so that whatever changes moves them."""

from datetime import UTC, datetime, timedelta

from domain.calendar.interval import Interval
from domain.incident import Severity
from domain.lifecycle import life
from domain.moments import meeting_limit, posting_allowed_at, pre_read_at, report_limit
from domain.operations.subject import PassALimit
from domain.policy import Connected
from tests.playing import POLICY, Play, an_incident
from tests.scenes import approved, owned

TWO_DAYS = timedelta(days=2)


def held(play: Play) -> Play:
    """Everything stood still for two days from now on."""
    hold = Interval(start=play.now, end=play.now + TWO_DAYS)
    play.case = play.case.replace(holds=(hold,))
    return play


def test_another_severity_moves_the_limit_of_the_meeting_and_when_it_is_noted() -> None:
    play = Play(incident=an_incident(severity=Severity.SEV2))
    before = meeting_limit(play.case)

    worse = POLICY.rules_for(Severity.SEV1, Connected(), 1)
    case = play.case.replace(rules=worse)

    after = meeting_limit(case)
    assert before == datetime(2027, 1, 19, 18, tzinfo=UTC)
    assert after == datetime(2027, 1, 15, 18, tzinfo=UTC)
    noted = {e.effect.key: e.at for e in life(case).entries if isinstance(e.effect, PassALimit)}
    assert noted["turn:late:meeting"] == after + timedelta(seconds=1)


def test_what_stood_still_is_added_to_every_limit() -> None:
    play, plain = held(approved()), approved()
    limit, report, posting = (
        each(plain.case) for each in (meeting_limit, report_limit, posting_allowed_at)
    )
    assert report is not None
    assert posting is not None

    assert report_limit(play.case) == report + TWO_DAYS
    assert posting_allowed_at(play.case) == posting + TWO_DAYS
    assert limit is not None
    assert meeting_limit(play.case) == limit + TWO_DAYS


def test_the_pre_read_follows_the_meeting() -> None:
    play = owned()
    start = play.case.meeting.start
    assert start is not None

    assert pre_read_at(play.case) == start - timedelta(days=1)
    later = play.case.meeting.replace(start=start + timedelta(hours=1))
    assert pre_read_at(play.case.replace(meeting=later)) == start - timedelta(hours=23)
