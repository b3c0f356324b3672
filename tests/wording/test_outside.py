from datetime import UTC, date, datetime, timedelta

import pytest

from domain.action_items.state import ItemFacts, ItemState
from domain.action_items.ticket import IssueState, TicketFacts
from domain.decisions.state import Verdict
from domain.incident import IncidentFacts, Severity
from domain.meeting.event import Attendee, EventFacts
from domain.preparation.facts import DecisionFacts, DocumentFacts, RowFacts
from tests.wording.kinds import KINDS
from wording.rendering import Wording
from wording.samples import sample

START = datetime(2026, 7, 9, 8, tzinfo=UTC)
INCIDENT = IncidentFacts(
    key="INC-204",
    title="Checkout *slow*",
    severity=Severity.SEV1,
    summary="Two\nlines.",
    process_name="incident review",
)
EVENT = EventFacts(
    key="case:meeting",
    start=START,
    end=START + timedelta(hours=1),
    incident=INCIDENT,
    inviting=True,
    attendees=(Attendee(person="maya"),),
    agenda=((5, "opening"), (20, "factors, <all>")),
    opening="We look at\nhow it came about.",
    document_url="https://docs.example.com/x_y_z",
)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(KINDS)


def test_an_event_is_only_held_before_people_are_invited(wording: Wording) -> None:
    held = EventFacts(key="k", start=START, end=START, incident=INCIDENT)

    assert wording.event(held) == (
        "Held: Incident review: INC-204 Checkout *slow*",
        "Held until the invitation is sent.",
    )


def test_an_invitation_says_what_it_is_about_literally(wording: Wording) -> None:
    title, description = wording.event(EVENT)

    assert title == "Incident review: INC-204 Checkout *slow*"
    assert description == (
        "Two\nlines.\n\nWe look at\nhow it came about.\n\n"
        "Agenda\n5 min  opening\n20 min  factors, <all>\n\n"
        "You may come for a part of it only.\n\nDocument: https://docs.example.com/x_y_z"
    )


def test_an_event_file_can_be_imported(wording: Wording) -> None:
    title = "Öl; a, b \\ " + "🚒" * 40
    event = EVENT.replace(incident=INCIDENT.replace(title=title))

    text = wording.event_file(event, datetime(2026, 7, 1, 12, 30, tzinfo=UTC))

    lines = text.split("\r\n")
    assert all(len(each.encode()) <= 75 for each in lines)
    whole = text.replace("\r\n ", "").split("\r\n")
    assert whole[:6] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//aftermath//EN",
        "BEGIN:VEVENT",
        "UID:case:meeting",
        "DTSTAMP:20260701T123000Z",
    ]
    assert whole[6:8] == ["DTSTART:20260709T080000Z", "DTEND:20260709T090000Z"]
    assert whole[8] == f"SUMMARY:Incident review: INC-204 Öl\\; a\\, b \\\\ {'🚒' * 40}"
    assert "\\n5 min  opening\\n20 min  factors\\, <all>\\n" in whole[9]
    assert whole[10:] == ["END:VEVENT", "END:VCALENDAR", ""]


def test_a_ticket_is_enough_for_who_was_not_there(wording: Wording) -> None:
    facts = TicketFacts(
        key="case:AI-1",
        project="PAY",
        incident=INCIDENT,
        text="Limit the *pool*\nto 200",
        why="It ran out.",
        done_when="a graph shows it",
        decided_by="Maya Okafor",
        due=date(2026, 7, 24),
        labels=("postmortem", "sev1"),
        priority="P1",
        document_url="https://docs.example.com/x",
    )

    ticket = wording.ticket(facts)

    assert ticket.title == "Limit the *pool* to 200"
    assert ticket.body == (
        "From the review of INC-204: Checkout *slow*.",
        "Two\nlines.",
        "Why: It ran out.",
        "Done when: a graph shows it",
        "Due Fri 24 Jul 2026, by the limit for sev1.",
        "Decided by Maya Okafor.",
    )
    assert (ticket.key, ticket.project, ticket.priority) == ("case:AI-1", "PAY", "P1")
    assert (ticket.labels, ticket.due) == (facts.labels, facts.due)
    assert (ticket.link_url, ticket.link_title) == (facts.document_url, "INC-204 Checkout *slow*")
    assert wording.ticket(facts.replace(document_url="")).link_title == ""


def test_our_parts_of_the_document_are_in_the_words_of_people(wording: Wording) -> None:
    item = ItemFacts(id="AI-1", text="Limit *it*", state=ItemState.CONFIRMING)
    decided = DecisionFacts(
        item="AI-2",
        text="A second region",
        verdict=Verdict.DEFERRED,
        by="Bo Li",
        reason="It costs more.",
        consequence="Slow again.",
        revisit=date(2027, 1, 7),
    )
    facts = DocumentFacts(
        key="case:document",
        folder_id="f",
        incident=INCIDENT,
        phase="cooling-down",
        zone="Europe/Lisbon",
        services=("checkout", "search"),
        meeting_at=START,
        opening="We\nlook.",
        sections=(("Summary", "Two sentences."),),
        began_at=START - timedelta(hours=30),
        resolved_at=START - timedelta(hours=29),
        roles=(("Maya Okafor", "responder"), ("Bo Li", "scribe")),
        rows=(RowFacts(item=item, priority="P1", team="pay"),),
        decisions=(decided, decided.replace(verdict=Verdict.ACCEPTED, reason="", consequence="")),
        editors=("maya",),
    )

    document = wording.document(facts)

    assert document.title == "Incident review INC-204: Checkout *slow*"
    assert document.header == (
        ("Status", "confirming with the team"),
        ("Severity", "sev1"),
        ("Services", "checkout, search"),
        ("Owner", "being asked"),
        ("Facilitator", "none yet"),
        ("Meeting", "Thu 9 Jul 2026 09:00 (Europe/Lisbon)"),
        ("Incident", "INC-204"),
    )
    assert document.facts == (
        ("Incident log", "2026-07-08 02:00 UTC  began\n2026-07-08 03:00 UTC  resolved"),
        ("People and roles", "Maya Okafor: responder\nBo Li: scribe"),
    )
    assert document.rows[0].state == "confirming with the team"
    assert (document.rows[0].text, document.rows[0].team) == ("Limit *it*", "pay")
    assert document.decisions == (
        (
            "AI-2 A second region: deferred (Bo Li). Reason: It costs more. "
            "Expected consequence: Slow again. Look at it again on Thu 7 Jan 2027."
        ),
        "AI-2 A second region: accepted (Bo Li).",
    )
    assert (document.opening, document.sections) == (facts.opening, facts.sections)
    assert (document.editors, document.folder_id) == (("maya",), "f")


def test_without_roles_there_is_no_list_of_people(wording: Wording) -> None:
    document = wording.document(sample(DocumentFacts).replace(roles=()))

    assert [heading for heading, _ in document.facts] == ["Incident log"]


def test_a_row_of_the_document_names_the_ticket_and_where_it_stands(wording: Wording) -> None:
    item = sample(ItemFacts).replace(
        state=ItemState.TICKETED, ticket="WAF-1", ticket_state=IssueState.DONE
    )
    facts = sample(DocumentFacts).replace(rows=(RowFacts(item=item),))

    assert wording.document(facts).rows[0].state == "WAF-1: done"
