"""The document, and the pre-read that carries it: what they say, and what people do by hand."""

import pytest

from domain.engine.act import OPERATIONS
from domain.ownership.acts import AcceptOwnership
from domain.preparation.effects import PutDocument, document_facts
from domain.preparation.notices import DocumentByHand, PreRead
from domain.preparation.subject import RecordDocument
from tests.playing import AMARA, RUI, Play
from tests.scenes import LEVEL_0, met, owned


@pytest.mark.parametrize("empty", [(), ("Impact",), ("Impact", "Timeline")])
def test_a_pre_read_says_what_is_missing(empty: tuple[str, ...]) -> None:
    play = owned(empty_sections=empty)

    play.until(play.case.meeting.start)

    notice = play.told(PreRead)[0]
    assert notice.empty_sections == empty
    assert notice.meeting_at == play.case.meeting.start
    assert notice.link is not None
    assert (notice.link.leads_to, notice.link.url) == ("document", "https://documents/1")


def test_the_document_says_who_does_what_and_where_it_stands() -> None:
    play = met()

    facts = document_facts(play.case)

    assert (facts.owner, facts.facilitator) == ("Amara Okafor", "Hannah Lindqvist")
    assert facts.phase == "deciding"
    assert facts.zone == "Europe/Lisbon"
    assert ("Joana Neves", "incident commander") in facts.roles
    assert [row.item.id for row in facts.rows] == ["AI-1", "AI-2", "AI-3", "AI-4"]


def test_rows_that_people_wrote_are_not_written_again() -> None:
    play = met()

    assert play.kinds(PutDocument)[-1].document.rows == ()


# --- by hand --------------------------------------------------------------------------------


def by_hand() -> Play:
    play = Play(connected=LEVEL_0)
    play.act(AcceptOwnership(by=AMARA))
    return play


def test_where_no_store_is_connected_the_owner_makes_the_document() -> None:
    play = by_hand()

    assert [notice.incident.key for notice in play.told(DocumentByHand)] == ["INC-204"]
    play.act(RecordDocument(by=AMARA, reference=" https://wiki/1 "))

    assert play.case.document.url == "https://wiki/1"
    assert play.waits("document-by-hand") == []


def test_without_a_document_the_pre_read_leads_to_the_page() -> None:
    play = by_hand()
    assert play.case.directory is not None
    play.case = play.case.replace(
        meeting=play.case.meeting.replace(booked_by_hand=play.case.meeting.booked)
    )

    play.until(play.case.meeting.start)

    notice = play.told(PreRead)[0]
    assert notice.link is not None
    assert (notice.link.leads_to, notice.document_url) == ("steps", "")


def test_a_document_made_by_hand_is_what_the_pre_read_leads_to() -> None:
    play = by_hand()
    play.act(RecordDocument(by=OPERATIONS, reference="https://wiki/1"))
    play.case = play.case.replace(
        meeting=play.case.meeting.replace(booked_by_hand=play.case.meeting.booked)
    )

    play.until(play.case.meeting.start)

    assert play.told(PreRead)[0].document_url == "https://wiki/1"


def test_a_document_is_recorded_once_by_who_was_asked() -> None:
    play = by_hand()
    act = RecordDocument(by=AMARA, reference="https://wiki/1")

    assert "The owner is asked" in play.refusal(act.replace(by=RUI))
    assert "Paste the address" in play.refusal(act.replace(reference=" "))
    play.act(act)

    assert "there already" in play.refusal(act)
    assert "there already" in owned().refusal(act)
