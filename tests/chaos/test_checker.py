"""The checker of chaos: whatever is lost, double or unasked is found, and nothing else."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from chaos import checker
from chaos.checker import Ledger, Verdict, judged
from chaos.report import findings, table
from chaos.wanted import Telling, Wanted
from domain.decisions.state import Verdict as Decided

CASE = "postmortem-CHAOS-0001"
CUSTOMERS = "customers@example.net"
GUESTS = ("amara@example.com", "joana@example.com")
ALERT, STAGES = "Add an alert", "Roll out in stages"
PUBLISHED = f"{CASE}:notice:published:reviews:1"
PRE_READ = f"{CASE}:notice:pre-read:amara:1"

WANTED = Wanted(
    case=CASE,
    incident="CHAOS-0001",
    tickets=(ALERT,),
    guests=GUESTS,
    notices=(PRE_READ,),
    told={Telling("published", "reviews@example.com"): 1},
    verdicts={ALERT: Decided.ACCEPTED, STAGES: Decided.DECLINED},
    customers="Requests were answered with errors.",
)
ITEMS = [
    {"text": ALERT, "decision": {"verdict": "accepted"}},
    {"text": STAGES, "decision": {"verdict": "declined"}},
]


def mail(key: str, to: str, text: str = "") -> dict[str, Any]:
    marks = {"case": CASE, "key": key}
    return {"custom_args": marks, "to": to, "text": text, "subject": "CHAOS-0001"}


def fair() -> Ledger:
    """A world in which everything is there once."""
    return Ledger(
        events=[
            {
                "summary": "Postmortem: CHAOS-0001",
                "status": "confirmed",
                "attendees": [{"email": guest} for guest in GUESTS],
            }
        ],
        documents=[{"name": "CHAOS-0001 postmortem", "trashed": False}],
        tickets=[
            {
                "key": "WAF-1",
                "fields": {"labels": [CASE], "summary": ALERT},
                "links": [{"object": {}}],
            }
        ],
        mails=[
            mail(PUBLISHED, "reviews@example.com"),
            mail(PRE_READ, GUESTS[0]),
            mail(f"{CASE}:customers", CUSTOMERS, WANTED.customers),
        ],
        records=[{"case": CASE, "items": ITEMS, "phase": "closed"}],
        closed={CASE: [(ALERT, "accepted"), (STAGES, "declined")]},
        customers_address=CUSTOMERS,
    )


def judge(ledger: Ledger) -> Verdict:
    return judged([WANTED], ledger)


def found(verdict: Verdict) -> Mapping[str, tuple[int, int]]:
    """Return lost and duplicated of every kind of which there is any."""
    rows = verdict.rows.items()
    return {k: (row.lost, row.duplicated) for k, row in rows if row.lost or row.duplicated}


LOSSES: dict[str, Callable[[Ledger], Ledger]] = {
    checker.EVENT: lambda it: replace(
        it, events=[{**it.events[0], "status": "cancelled"}, {**it.events[0], "summary": "Other"}]
    ),
    checker.GUEST: lambda it: replace(
        it, events=[{**it.events[0], "attendees": it.events[0]["attendees"][:1]}]
    ),
    checker.DOCUMENT: lambda it: replace(it, documents=[{**it.documents[0], "trashed": True}]),
    checker.TICKET: lambda it: replace(it, tickets=[]),
    checker.LINK: lambda it: replace(it, tickets=[{**it.tickets[0], "links": []}]),
    checker.NOTICE: lambda it: replace(it, mails=[it.mails[0], *it.mails[2:]]),
    checker.TOLD: lambda it: replace(it, mails=[{**it.mails[0], "to": GUESTS[1]}, *it.mails[1:]]),
    checker.CUSTOMERS: lambda it: replace(it, mails=it.mails[:2]),
    checker.RECORD: lambda it: replace(it, records=[{**it.records[0], "case": "another"}]),
    checker.CLOSED: lambda it: replace(it, closed={"another": it.closed[CASE]}),
}

DOUBLES: dict[str, Callable[[Ledger], Ledger]] = {
    checker.EVENT: lambda it: replace(it, events=[*it.events, {**it.events[0], "attendees": []}]),
    checker.DOCUMENT: lambda it: replace(it, documents=[*it.documents] * 2),
    checker.TICKET: lambda it: replace(it, tickets=[*it.tickets, {**it.tickets[0], "key": "B-1"}]),
    checker.LINK: lambda it: replace(it, tickets=[{**it.tickets[0], "links": [{}, {}]}]),
    checker.CUSTOMERS: lambda it: replace(it, mails=[*it.mails, it.mails[2]]),
    checker.RECORD: lambda it: replace(it, records=[*it.records] * 2),
    checker.DECISION: lambda it: replace(
        it, closed={CASE: [*it.closed[CASE], (ALERT, "accepted")]}
    ),
}

UNASKED: dict[str, Callable[[Ledger], Ledger]] = {
    checker.TICKET: lambda it: replace(
        it,
        tickets=[
            *it.tickets,
            {"key": "B-2", "fields": {"labels": [CASE], "summary": STAGES}, "links": [{}]},
        ],
    ),
    checker.CUSTOMERS: lambda it: replace(
        it, mails=[*it.mails[:2], {**it.mails[2], "text": "Another text, which nobody approved."}]
    ),
    checker.RECORD: lambda it: replace(it, records=[{**it.records[0], "phase": "deciding"}]),
    checker.DECISION: lambda it: replace(
        it, closed={CASE: [*it.closed[CASE], ("Do it twice", "accepted")]}
    ),
}


def test_a_fair_world_has_everything_once() -> None:
    verdict = judge(fair())

    assert not verdict.findings
    assert (verdict.lost, verdict.duplicated) == (0, 0)
    assert all(row.wanted == row.found > 0 for row in verdict.rows.values())
    assert set(verdict.rows) == set(checker.KINDS)


@pytest.mark.parametrize("kind", LOSSES)
def test_whatever_is_lost_is_found(kind: str) -> None:
    verdict = judge(LOSSES[kind](copy.deepcopy(fair())))

    assert verdict.rows[kind].lost == 1
    assert f"{CASE}: {kind} lost" in findings(verdict, [])


@pytest.mark.parametrize("kind", DOUBLES)
def test_whatever_is_double_is_found(kind: str) -> None:
    verdict = judge(DOUBLES[kind](copy.deepcopy(fair())))

    assert verdict.rows[kind].duplicated == 1
    assert verdict.lost == 0
    assert f"{CASE}: {kind} there 2 times" in findings(verdict, [])


@pytest.mark.parametrize("kind", UNASKED)
def test_whatever_nobody_wanted_is_found(kind: str) -> None:
    verdict = judge(UNASKED[kind](copy.deepcopy(fair())))

    assert found(verdict) == {kind: (0, 1)}
    assert "which nobody wanted" in findings(verdict, [])


def test_a_proposal_with_another_verdict_is_lost_and_unasked() -> None:
    said = [(ALERT, "declined"), (STAGES, "declined")]

    verdict = judge(replace(fair(), closed={CASE: said}))

    assert found(verdict) == {checker.DECISION: (1, 1)}


def test_a_mail_to_people_may_repeat_and_is_counted() -> None:
    ledger = fair()

    verdict = judge(replace(ledger, mails=[*ledger.mails, ledger.mails[0]]))

    assert not verdict.findings
    assert verdict.rows[checker.NOTICE].repeated == 1
    [line] = [each for each in table(verdict).splitlines() if each.startswith(checker.NOTICE)]
    assert line.split()[-1] == "1"


def test_one_mail_may_carry_several_notices() -> None:
    at = "2027-01-12T14:53:00+00:00"
    notices = (f"{CASE}:notice:pre-read:amara:{at}", f"{CASE}:notice:reminder:decisions:0:amara:1")
    told = {Telling("pre-read", GUESTS[0]): 1, Telling("reminder", GUESTS[0]): 1}
    both = mail("+".join(notices), GUESTS[0])

    verdict = judged([replace(WANTED, notices=notices, told=told)], replace(fair(), mails=[both]))

    assert verdict.rows[checker.NOTICE].found == verdict.rows[checker.TOLD].found == 2


def test_who_was_told_twice_must_have_two_mails() -> None:
    told = {Telling("published", "reviews@example.com"): 2}

    verdict = judged([replace(WANTED, told=told)], fair())

    assert found(verdict) == {checker.TOLD: (1, 0)}


def test_what_only_the_simulator_saw_twice_counts_as_well() -> None:
    twice = {"remote_links": {"WAF-1": 2}, "mails": {PUBLISHED: 3}}

    verdict = judge(replace(fair(), twice=twice))

    assert found(verdict) == {checker.LINK: (0, 1)}
