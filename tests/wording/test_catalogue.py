from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.action_items.state import ItemFacts, ItemState
from domain.action_items.ticket import IssueState
from domain.decisions.state import Verdict
from domain.engine.journal import Anomaly, Door, Happening, Line
from domain.engine.subject import Attention
from tests.wording.kinds import NAMES
from wording.catalogue import Catalogue, catalogue
from wording.errors import WordingError

AT = datetime(2026, 7, 9, 8, tzinfo=UTC)
PEOPLE = {"maya": "Maya Okafor", "bo": "Bo Li", "ana": "Ana Reis"}


@pytest.fixture
def words() -> Catalogue:
    return catalogue()


def test_there_are_words_for_all_that_there_is_and_for_nothing_else(words: Catalogue) -> None:
    words.check(NAMES)


def test_it_is_read_once() -> None:
    assert catalogue() is catalogue()


def test_missing_words_are_an_error_at_start(words: Catalogue) -> None:
    with pytest.raises(WordingError, match=r"\[waits\] has no words for 'review'"):
        words.check(replace(NAMES, waits=(*NAMES.waits, "review")))


def test_words_about_nothing_are_an_error_at_start(words: Catalogue) -> None:
    with pytest.raises(WordingError, match=r"\[acts\] has words for 'retry', which there is not"):
        words.check(replace(NAMES, acts=[each for each in NAMES.acts if each != "retry"]))


def test_a_sentence_about_an_unknown_fact_is_an_error_at_start(words: Catalogue) -> None:
    with pytest.raises(WordingError, match=r"anomalies\.unknown-ticket: .* no fact 'ticket'"):
        words.check(replace(NAMES, anomalies={**NAMES.anomalies, "unknown-ticket": ("key",)}))


def test_a_name_without_words_is_never_guessed(words: Catalogue) -> None:
    for ask in (words.phase, words.wait, words.act, words.notice):
        with pytest.raises(LookupError, match="'nothing'"):
            ask("nothing")


def test_things_are_called_as_people_call_them(words: Catalogue) -> None:
    assert words.phase("cooling-down").label == "confirming with the team"
    assert words.phase("closed").next == "Nothing: everything is done."
    assert words.act("decide").button == "Record the decisions"
    assert words.item_state(ItemState.CONFIRMING) == "confirming with the team"
    assert words.ticket_state(IssueState.UNREACHABLE) == "cannot be seen"
    assert words.verdict(Verdict.ALREADY_DONE) == "already done"
    assert words.door(Door.STOP_LINK) == "through the stop link"


def test_what_is_asked_names_its_items(words: Catalogue) -> None:
    items = (
        ItemFacts(id="AI-1", text="x", state=ItemState.TICKETED, ticket="PAY-1"),
        ItemFacts(id="AI-2", text="y", state=ItemState.CONFIRMING),
    )

    assert words.asked("appointment") == "Appoint an owner"
    assert words.asked("action-item", items) == "Finish this action item (AI-1, PAY-1; AI-2)"
    assert words.asked_of("Maya", "ownership") == "Maya: a yes or no to owning it"


def test_since_when_is_told_by_the_readers_clocks(words: Catalogue) -> None:
    shown = "Thu 9 Jul 2026 09:00 (Europe/Lisbon)"
    assert words.since("decisions", AT, "Europe/Lisbon") == f"since {shown}"
    assert words.since("action-item", AT, "Europe/Lisbon") == f"late from {shown}"


def test_anomalies_and_attention_are_sentences_with_their_facts(words: Catalogue) -> None:
    odd = Anomaly(at=AT, kind="unknown-ticket", facts={"ticket": "<PAY>\n1"})
    stuck = Attention("ladder-climbed", {"wait": "approval", "person": "maya"})

    assert words.anomaly(odd) == "Ticket <PAY> 1 belongs to no action item here."
    assert words.attention(stuck) == "approval from maya: everybody on the ladder was told."
    assert words.slot("busy", {"people": "Bo, Ana"}) == "Busy: Bo, Ana."


@pytest.mark.parametrize(
    ("what", "name", "facts", "people", "sentence"),
    [
        (Happening.SIGNAL, "incident_resolved", {}, (), "The incident was reported as resolved."),
        (
            Happening.SIGNAL,
            "ticket_changed",
            {"item": "AI-1", "ticket": "PAY-1", "state": "unreachable"},
            (),
            "The tracker told of a ticket: PAY-1 of AI-1, cannot be seen.",
        ),
        (
            Happening.ACT,
            "record_done",
            {"item": "AI-1", "outcome": "won't do"},
            (),
            "Maya Okafor said that AI-1 will not be done.",
        ),
        (
            Happening.TRANSITION,
            "pass-a-limit",
            {"limit": "meeting"},
            (),
            "The limit for the meeting passed.",
        ),
        (Happening.ACT, "accept_ownership", {}, (), "Maya Okafor will own it."),
        (Happening.ACT, "appoint_owner", {"owner": "bo"}, (), "Maya Okafor appointed Bo Li."),
        (Happening.ACT, "appoint_owner", {}, (), "Maya Okafor appointed an owner."),
        (
            Happening.ACT,
            "move_meeting",
            {"start": "2026-07-09T08:00:00Z"},
            (),
            "Maya Okafor moved the meeting to Thu 9 Jul 2026 09:00 (Europe/Lisbon).",
        ),
        (
            Happening.ACT,
            "decide",
            {"AI-1": "accepted", "AI-2": "declined"},
            (),
            "Maya Okafor recorded decisions: AI-1 accepted, AI-2 declined.",
        ),
        (
            Happening.ACT,
            "propose_action_items",
            {"count": "1"},
            (),
            "Maya Okafor proposed 1 action item.",
        ),
        (
            Happening.TRANSITION,
            "pass-over",
            {},
            ("bo",),
            "Bo Li gave no answer; the next person is asked.",
        ),
        (
            Happening.OUTCOME,
            "send_notices",
            {"status": "done", "notice": "pre-read"},
            ("maya", "bo", "ana"),
            "Maya Okafor, Bo Li and Ana Reis got the pre-read.",
        ),
        (
            Happening.OUTCOME,
            "send_notices",
            {"status": "refused", "reason": "No such address."},
            ("bo",),
            "The mail: refused for Bo Li. No such address.",
        ),
        (
            Happening.OUTCOME,
            "send_to_customers",
            {"status": "unknown", "reason": "Time-out."},
            (),
            "The customer message: nobody knows whether it was done. Time-out.",
        ),
    ],
)
def test_the_journal_is_told_in_sentences(  # noqa: PLR0913 - a line has that many parts
    words: Catalogue,
    what: Happening,
    name: str,
    facts: dict[str, str],
    people: tuple[str, ...],
    sentence: str,
) -> None:
    line = Line(number=1, at=AT, what=what, name=name, by="maya", facts=facts, people=people)

    assert words.line(line, PEOPLE.__getitem__, "Europe/Lisbon") == sentence


def test_a_line_whose_facts_an_older_release_wrote_is_told_all_the_same(words: Catalogue) -> None:
    tables = {
        Happening.ACT: NAMES.acts,
        Happening.TRANSITION: NAMES.transitions,
        Happening.SIGNAL: NAMES.signals,
    }
    for what, names in tables.items():
        for name in names:
            line = Line(number=1, at=AT, what=what, name=name)
            told = words.line(line, PEOPLE.__getitem__)
            assert told.endswith(".")
            assert told[0].isupper()
            assert "  " not in told
