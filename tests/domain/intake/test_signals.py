"""What tools tell: taken in where it makes sense, noted where it does not, never raised."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.action_items.ticket import ObservedIssue
from domain.action_items.tickets import ticket_seen
from domain.case import Case, Phase
from domain.engine.journal import ANOMALIES_KEPT, LONGEST_FACT
from domain.engine.signal import told
from domain.incident import Incident
from domain.lifecycle import attention, life, phase, signals
from domain.views.summary import summary
from tests.playing import Play, an_incident
from tests.scenes import settled

NOW = datetime(2027, 1, 12, 15, 0, tzinfo=UTC)
CASE = Case(id="postmortem-INC-204")

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def payload(**changes: object) -> dict[str, Any]:
    return {**an_incident().model_dump(mode="json"), **changes}


def not_understood(fields: str) -> tuple[str, dict[str, str]]:
    return "signal-not-understood", {"fields": fields}


REQUIRED = "key, title, severity, services, resolved_at"
YEARS_AGO, AFTERWARDS = "1999-07-02T13:42:00Z", "2027-02-02T13:42:00Z"
LONG_AGO = payload(started_at=None, resolved_at="2019-07-02T13:42:00Z")


def noted(case: Case) -> tuple[str, dict[str, str]]:
    """What was noted last: its kind and its facts."""
    return case.anomalies[-1].kind, case.anomalies[-1].facts


def test_a_resolved_incident_opens_its_case() -> None:
    case = told(CASE, signals(), "incident_resolved", (payload(),), NOW)

    assert case.incident == an_incident()
    assert case.opened_at == NOW


@pytest.mark.parametrize(
    ("name", "args", "kind", "facts"),
    [
        ("incident_solved", ({},), "signal-unknown", {"signal": "incident_solved"}),
        ("incident_resolved", (), "signal-arguments", {"count": "0"}),
        ("incident_resolved", ({}, {}), "signal-arguments", {"count": "2"}),
        ("meeting_changed", ({},), "signal-arguments", {"count": "1"}),
        (
            "incident_resolved",
            ({},),
            *not_understood(REQUIRED),
        ),
        ("incident_resolved", (7,), *not_understood("all of it")),
        ("incident_resolved", (payload(severity="bad"),), *not_understood("severity")),
        ("incident_resolved", (payload(key="INC-1"),), "another-incident", {"key": "INC-1"}),
        ("incident_resolved", (LONG_AGO,), "resolved-too-far", {}),
        ("incident_resolved", (payload(started_at=YEARS_AGO),), "lasted-for-years", {}),
        ("incident_resolved", (payload(started_at=AFTERWARDS),), *not_understood("all of it")),
        ("ticket_changed", ({"key": "WAF-1"},), "unknown-ticket", {"ticket": "WAF-1"}),
        ("ticket_changed", ({"key": "WAF-1", "\ud800": 1},), *not_understood("all of it")),
    ],
)
def test_what_makes_no_sense_is_noted(
    name: str, args: tuple[Any, ...], kind: str, facts: dict[str, str]
) -> None:
    case = told(CASE, signals(), name, args, NOW)

    assert noted(case)[0] == kind
    assert facts.items() <= noted(case)[1].items()
    assert case.replace(anomalies=()) == CASE
    assert summary(life(case), attention(life(case)), NOW).needs_attention
    assert Case.model_validate_json(case.model_dump_json()) == case


@given(name=st.sampled_from(("incident_resolved", "ticket_changed", "x")) | st.text(), args=json)
def test_no_signal_ever_raises(name: str, args: Any) -> None:  # noqa: ANN401 - anything may come
    case = told(CASE, signals(), name, tuple(args) if isinstance(args, list) else (args,), NOW)

    assert life(case).entries == ()
    assert case.replace(anomalies=()) == CASE


@given(started=st.none() | st.datetimes(timezones=st.timezones()), resolved=st.datetimes())
def test_no_date_of_an_incident_stops_its_case(
    started: datetime | None, resolved: datetime
) -> None:
    dates = {"started_at": started, "resolved_at": resolved.replace(tzinfo=UTC)}

    case = told(CASE, signals(), "incident_resolved", (payload(**dates),), NOW)

    assert [entry.effect.key for entry in life(case).entries] in ([], ["rules", "directory"])


@given(due=st.none() | st.dates(), touched=st.none() | st.datetimes(timezones=st.just(UTC)))
def test_no_date_of_a_ticket_stops_its_case(due: date | None, touched: datetime | None) -> None:
    play = _settled()
    seen = ObservedIssue(key="WAF-1", due=due, touched_at=touched)

    case = ticket_seen(play.case, seen, play.now)

    assert life(case).entries
    issue = next(item.issue for item in case.items if item.issue and item.issue.key == "WAF-1")
    assert issue.touched_at is None or issue.touched_at <= play.now


def told_again(case: Case, **changes: object) -> Case:
    return told(case, signals(), "incident_resolved", (payload(**changes),), NOW)


def test_the_same_telling_again_changes_nothing() -> None:
    case = told_again(CASE)

    assert told_again(case) is case


def test_another_telling_under_the_same_key_is_shown_to_operations_once() -> None:
    case = told_again(CASE)

    after = told_again(case, title="Another incident", source="another tool")
    again = told_again(after, title="A third one", source="another tool")

    assert noted(after) == (
        "told-otherwise",
        {"source": "another tool", "fields": "title, source"},
    )
    assert again == after
    assert after.incident == case.incident
    assert summary(life(after), attention(life(after)), NOW).needs_attention


def test_an_incident_of_which_too_much_was_told_says_what_was_cut() -> None:
    case = told_again(CASE, shortened=["title", "services"])

    assert case.incident is not None
    assert noted(case) == ("told-too-much", {"fields": "title, services"})


@pytest.mark.parametrize(
    "too_much",
    [
        {"services": [f"{n:02d}{'s' * 118}" for n in range(19)]},
        {"services": ["s" * 2100]},
        {"services": ["edge-proxy"] * 21},
        {"participants": [{"person": f"p{n}", "role": "responder"} for n in range(101)]},
        {"shortened": ["X" * 41]},
    ],
)
def test_an_incident_beyond_its_bounds_is_noted_and_not_taken_in(
    too_much: dict[str, object],
) -> None:
    case = told_again(CASE, **too_much)

    assert case.incident is None
    assert noted(case)[0] == "signal-not-understood"


def test_a_resolution_that_the_record_holds_begins_nothing_anew() -> None:
    first = an_incident()
    for recorded, phase_of in (
        (first.resolved_at, Phase.NOT_REQUIRED),
        (first.resolved_at + timedelta(days=9), Phase.NOT_REQUIRED),
        (first.resolved_at - timedelta(seconds=1), Phase.AWAITING_OWNER),
    ):
        play = Play(recorded=recorded)

        assert phase(play.case) is phase_of
        assert bool(play.mails) is (phase_of is Phase.AWAITING_OWNER)
        assert (play.case.closed_at is not None) is (phase_of is Phase.NOT_REQUIRED)


def test_a_ticket_of_nobody_is_not_seen() -> None:
    play = settled()

    assert ticket_seen(play.case, ObservedIssue(key="X-1"), play.now) == play.case


def test_a_tool_gone_mad_does_not_fill_the_case() -> None:
    case = CASE
    for number in range(ANOMALIES_KEPT + 5):
        case = case.with_anomaly(NOW, "mended", text=f"{number} " + "x" * 1000)

    assert len(case.anomalies) == ANOMALIES_KEPT
    text = noted(case)[1]["text"]
    assert text.startswith(f"{ANOMALIES_KEPT + 4} ")
    assert len(text) == LONGEST_FACT
    assert len(attention(life(case))) == ANOMALIES_KEPT


def test_an_incident_knows_when_it_began_and_who_did_what() -> None:
    incident = an_incident()

    assert incident.began_at == incident.resolved_at - timedelta(minutes=70)
    assert Incident.model_validate_json(incident.model_dump_json()) == incident


@cache
def _settled() -> Play:
    return settled()
