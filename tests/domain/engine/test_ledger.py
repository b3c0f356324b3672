"""The ledger: what became of an effect, and when it is tried again (defect 13)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.engine.effect import noted, taken
from domain.engine.journal import LONGEST_FACT, Happening
from domain.engine.ledger import LONGEST_PAUSE, Outcome, Report, Status, outcome_of
from tests.domain.engine.drill import (
    HOUR,
    MINUTE,
    NOW,
    Bell,
    Drill,
    Evacuate,
    Knock,
    LoudRing,
    done,
    ring,
    warn,
)

AWAY = Report(key="bell", status=Status.UNAVAILABLE, reason="No answer.")
ON_THE_MINUTE = NOW


def tried(times: int, said: timedelta | None = None) -> list[timedelta]:
    """How long it waits after each of so many failures."""
    pauses, before, now = [], None, ON_THE_MINUTE
    for _ in range(times):
        before = outcome_of(before, "1", AWAY.replace(retry_after=said), now)
        assert before.again_at is not None
        pauses.append(before.again_at - now)
        now = before.again_at
    return pauses


def test_a_system_that_is_away_is_tried_after_1_5_15_and_then_every_60_minutes() -> None:
    assert [pause // MINUTE for pause in tried(6)] == [1, 5, 15, 60, 60, 60]


def test_a_vendor_who_always_says_a_minute_is_not_asked_every_minute() -> None:
    assert [pause // MINUTE for pause in tried(5, MINUTE)] == [1, 5, 15, 60, 60]


def test_a_vendor_who_asks_for_longer_gets_it_within_a_day() -> None:
    assert [pause // MINUTE for pause in tried(4, 20 * MINUTE)] == [20, 20, 20, 60]
    assert tried(1, timedelta(days=9000)) == [LONGEST_PAUSE]
    assert tried(1, timedelta(days=-3)) == [MINUTE]


def test_what_waits_for_the_same_system_is_tried_together_on_a_full_minute() -> None:
    seconds = [outcome_of(None, "1", AWAY, NOW + timedelta(seconds=s)) for s in (1, 30, 59)]

    assert {each.again_at for each in seconds} == {NOW + 2 * MINUTE}


def test_tries_begin_anew_after_anything_else() -> None:
    before = outcome_of(None, "1", AWAY, NOW)
    assert outcome_of(before, "2", AWAY, NOW).tries == 2
    refused = outcome_of(before, "1", Report(key="bell", status=Status.REFUSED), NOW)

    assert (refused.tries, refused.again_at) == (1, None)
    assert outcome_of(refused, "1", AWAY, NOW).tries == 1


@given(
    st.sampled_from(Status),
    st.none() | st.timedeltas(),
    st.none() | st.integers(1, 10**6),
    st.text(max_size=2000),
)
def test_whatever_an_activity_reports_makes_an_outcome(
    status: Status, said: timedelta | None, tries: int | None, reason: str
) -> None:
    before = tries and Outcome(version="1", status=Status.UNAVAILABLE, at=NOW, tries=tries)
    report = Report(key="bell", status=status, retry_after=said, reason=reason)

    found = outcome_of(before or None, "1", report, NOW)

    assert (found.again_at is not None) is (status is Status.UNAVAILABLE)
    assert found.again_at is None or NOW < found.again_at <= NOW + LONGEST_PAUSE + MINUTE
    assert len(found.reason) <= LONGEST_FACT
    assert Outcome.model_validate_json(found.model_dump_json()) == found


# --- noted on the case ----------------------------------------------------------------------


def test_what_is_done_is_noted_and_its_answer_taken_in() -> None:
    case = noted(Drill(), ring(), done("bell"), Bell(tone="high"), NOW)

    assert case.done("bell")
    assert case.rung == ("high",)
    assert case.journal == ()


def test_an_answer_is_taken_in_even_where_the_effect_is_not_done() -> None:
    case = noted(Drill(), ring(), AWAY, Bell(tone="high"), NOW)

    assert not case.done("bell")
    assert case.rung == ("high",)


def test_where_there_is_nothing_to_learn_the_case_stays_as_it_was() -> None:
    case = noted(Drill(), Knock(key="door"), done("door"), None, NOW)

    assert case.replace(ledger={}) == Drill()


def test_without_an_answer_nothing_is_learned_of_what_is_not_done() -> None:
    assert noted(Drill(), ring(), AWAY, None, NOW).rung == ()
    assert not Drill().done("bell")


def test_what_people_would_want_to_know_is_in_the_journal() -> None:
    loud = LoudRing(key="bell", version="tower", to=("ana",))

    (line,) = noted(Drill(), loud, done("bell"), Bell(tone="high"), NOW).journal

    assert (line.what, line.name, line.people) == (Happening.OUTCOME, "ring", ("ana",))
    assert line.facts == {"status": "done", "bell": "tower"}


@pytest.mark.parametrize("status", [Status.REFUSED, Status.UNKNOWN])
def test_what_somebody_must_mend_is_in_the_journal_once(status: Status) -> None:
    report = Report(key="bell", status=status, reason="No such bell.")

    case = noted(Drill(), ring(), report, None, NOW)
    again = noted(case, ring(version="2"), report, None, NOW + HOUR)

    assert again.journal == case.journal
    assert case.journal[0].facts == {"status": status.value, "reason": "No such bell."}


def test_waiting_for_a_vendor_is_no_news() -> None:
    assert noted(Drill(), LoudRing(key="bell"), AWAY, None, NOW).journal == ()


def test_a_step_of_the_case_is_noted_as_done_and_in_the_journal() -> None:
    case = taken(Drill(), Evacuate(version="7"), NOW)

    assert case.rung == ("out",)
    assert case.ledger["turn:evacuate"].version == "7"
    assert [(line.what, line.name) for line in case.journal] == [(Happening.TRANSITION, "evacuate")]


def test_who_was_chased_is_remembered_and_who_was_asked_is_not() -> None:
    def reminded(chases: str) -> dict[str, datetime]:
        sent = warn(chases=chases)
        return noted(Drill(), sent, done(sent.key), None, NOW).reminded

    assert reminded("drill") == {"ana": NOW}
    assert reminded("") == {}


def test_an_effect_that_goes_alone_says_so_when_it_is_handed_over_with_others() -> None:
    assert ring().request(Drill(), NOW) == ring()
    with pytest.raises(NotImplementedError, match="Ring"):
        type(ring()).requested_together(Drill(), [ring()], NOW)


def test_notices_of_a_moment_are_handed_over_with_shared_facts_written_once() -> None:
    sent = [warn("ana"), warn("ben"), warn("ana", key="other")]

    mailing = type(sent[0]).requested_together(Drill(id="drill-1"), sent, NOW)

    assert mailing.case == "drill-1"
    assert [each.kind for each in mailing.notices] == ["warn"]
    assert mailing.notices[0].facts["about"] == "smoke"
    assert [(each.key, each.to, each.notice) for each in mailing.envelopes] == [
        ("notice:warn:ana", "ana", 0),
        ("notice:warn:ben", "ben", 0),
        ("other", "ana", 0),
    ]
