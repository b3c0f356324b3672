"""Proposals: rows of the document's table, and what the owner adds on the page."""

from domain.decisions.acts import ProposeActionItems
from domain.preparation.document import ActionRow
from domain.preparation.effects import PutDocument
from tests.playing import AMARA, INES, Play
from tests.scenes import ROWS, confirm, decided, owned

LATE = ActionRow(text="Think about rules", priority="p1 ", team="Edge-Firewall")


def read_document(play: Play) -> None:
    """Let the document be read, as it is at the meeting's end or before the pre-read."""
    play.until(play.case.meeting.end)


def test_rows_typed_into_the_document_become_proposals() -> None:
    typed = LATE.model_dump() | {"text": "  Think \n about  rules "}
    play = owned(rows=(*ROWS, ActionRow.model_validate(typed)))

    read_document(play)

    assert [item.id for item in play.case.items] == ["AI-1", "AI-2", "AI-3", "AI-4", "AI-5"]
    last = play.item("AI-5")
    assert (last.text, last.priority, last.team) == ("Think about rules", "P1", "edge-firewall")
    assert play.rows[-1].id == "AI-5"


def test_a_corrected_row_corrects_its_proposal() -> None:
    play = owned(rows=ROWS)
    play.until(play.case.meeting.start)
    play.rows = (play.rows[0].replace(text="Refuse rules that can backtrack"), *play.rows[1:])

    read_document(play)

    assert play.item("AI-1").text == "Refuse rules that can backtrack"
    assert len(play.case.items) == 4


def test_a_row_deleted_before_its_decision_takes_the_proposal_back() -> None:
    play = owned(rows=ROWS)
    play.until(play.case.meeting.start)
    play.rows = play.rows[1:]

    read_document(play)

    assert [item.id for item in play.case.items] == ["AI-2", "AI-3", "AI-4"]


def test_a_row_put_back_is_the_proposal_that_it_was() -> None:
    play = owned(rows=ROWS)
    play.until(play.case.meeting.start)
    kept, play.rows = play.rows, play.rows[1:]
    read_document(play)
    play.rows = kept

    play.wait(days=1)

    assert {item.id for item in play.case.items} == {"AI-1", "AI-2", "AI-3", "AI-4"}


def test_deleting_the_row_of_a_decided_item_changes_nothing() -> None:
    play = decided()
    play.rows = ()

    play.act(confirm(INES, "AI-3"))

    assert len(play.case.items) == 4
    assert len(play.rows) == 4


def test_the_same_words_twice_are_one_proposal() -> None:
    play = owned(rows=(*ROWS, ActionRow(text="ROLL rules out in stages ", priority="P0")))

    read_document(play)

    assert len(play.case.items) == 4
    assert play.item("AI-2").priority == "P1"


def test_a_copied_row_with_other_words_is_another_proposal() -> None:
    play = owned(rows=ROWS)
    play.until(play.case.meeting.start)
    play.rows = (*play.rows, play.rows[0].replace(text="Refuse rules that recurse"))

    read_document(play)

    assert play.item("AI-1").text == "Refuse rules that backtrack"
    assert play.item("AI-5").text == "Refuse rules that recurse"


def test_proposals_of_the_page_stand_in_the_document_too() -> None:
    play = owned(rows=ROWS[:1])
    read_document(play)

    play.act(ProposeActionItems(by=AMARA, items=(LATE, ActionRow(id="AI-1", text="Better words"))))

    assert play.item("AI-1").text == "Better words"
    assert play.item("AI-2").proposed_by == AMARA
    assert play.rows[-1].text == "Think about rules"


def test_empty_rows_are_no_proposals() -> None:
    play = owned(rows=(ActionRow(text="  "),))

    read_document(play)

    assert not play.case.items


def test_a_document_read_again_is_written_no_more() -> None:
    play = owned(rows=ROWS)
    read_document(play)
    before = len(play.kinds(PutDocument))

    play.settle()

    assert len(play.kinds(PutDocument)) == before


def test_what_is_decided_is_not_corrected_any_more() -> None:
    play = decided()
    row = ActionRow(id="AI-3", text="Something else altogether")

    play.act(ProposeActionItems(by=AMARA, items=(row,)))

    assert play.item("AI-3").text == "Measure rules before they go out"
