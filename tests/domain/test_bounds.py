"""However much people and tools bring, a case stays small enough for Temporal, and says so."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.case import Case
from domain.customer_message.acts import DraftExternalMessage
from domain.customer_message.state import MessageText
from domain.decisions.acts import Decide, ItemDecision, ProposeActionItems
from domain.decisions.state import Verdict
from domain.engine.act import FULL
from domain.engine.budget import RESERVE, ROOM, weight
from domain.engine.journal import LINES_KEPT, LONGEST_LINE, Happening
from domain.lifecycle import life
from domain.meeting.acts import MoveMeeting, RecordMeeting
from domain.meeting.booking import MOVES_KEPT
from domain.ownership.acts import AcceptOwnership, AppointOwner
from domain.preparation.document import LONGEST, MOST_ROWS, ActionRow
from domain.proposals import with_table
from domain.views.record import record
from domain.views.summary import fitting, summary
from tests.playing import AMARA, INES, JOANA, RUI, Play, an_incident
from tests.scenes import owned

ATTRIBUTE = 2048
"""Bytes that Temporal takes as one search attribute: of a larger one the case dies."""

BLOB = 2_000_000
"""Bytes, hardly less than what Temporal takes as one payload."""

LETTER, WIDE = "ж", "\U0001f525"
"""A letter of two bytes, and one of four."""


def rows(count: int, of: str = "x", first: int = 0) -> tuple[ActionRow, ...]:
    return tuple(
        ActionRow(
            text=f"{number:04d}{of * (LONGEST['text'] - 4)}",
            done_when=of * LONGEST["done_when"],
            priority="P1",
            team="edge-firewall",
        )
        for number in range(first, first + count)
    )


def written(play: Play) -> Play:
    """A case in which every text is as long as it may be."""
    play.act(ProposeActionItems(by=AMARA, items=rows(MOST_ROWS, LETTER)))
    longest = dict.fromkeys(("summary", "what_happened", "what_we_do"), LETTER * 5000)
    play.act(DraftExternalMessage(by=AMARA, text=MessageText(subject=LETTER * 200, **longest)))
    return play


def in_attribute(names: tuple[str, ...]) -> int:
    return len(json.dumps(names).encode())


def test_only_services_that_the_organisation_knows_become_a_search_attribute() -> None:
    strange = tuple(f"{number:02d}-{'s' * 77}" for number in range(18))
    play = Play(incident=an_incident().replace(services=("edge-firewall", *strange, "edge-proxy")))

    assert play.seen.services == ("edge-firewall", "edge-proxy")
    assert play.stuck == ["unknown-service"]
    assert play.case.anomalies[0].facts["services"].startswith("00-sss")


def test_before_anybody_is_known_no_service_is_shown() -> None:
    told = Case(id="postmortem-INC-204", incident=an_incident())

    assert summary(life(told), (), an_incident().resolved_at).services == ()


@pytest.mark.parametrize("letter", ["s", "é", WIDE, '"'])
@pytest.mark.parametrize("count", [0, 1, 19, 20, 500])
def test_names_never_exceed_a_search_attribute_and_say_how_many_are_missing(
    letter: str, count: int
) -> None:
    names = tuple(f"{number}{letter * 77}" for number in range(count))

    shown = fitting(names)

    assert in_attribute(shown) <= ATTRIBUTE
    if shown != names:
        assert shown[:-1] == names[: len(shown) - 1]
        assert shown[-1] == f"and {count - len(shown) + 1} more"


def test_fifteen_posts_of_fifty_proposals_fill_a_case_and_no_more() -> None:
    play = owned()
    play.act(ProposeActionItems(by=AMARA, items=rows(50)))

    for post in range(1, 15):
        said = play.refusal(ProposeActionItems(by=AMARA, items=rows(50, first=50 * post)))
        assert said == "A postmortem takes 60 action items. Join some of them."

    assert len(play.case.items) == 50


@pytest.mark.parametrize("field", LONGEST)
def test_a_proposal_that_is_too_long_is_not_understood(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        ActionRow.model_validate({"text": "Do it"} | {field: "x" * (LONGEST[field] + 1)})


def test_a_draft_of_126_kilobytes_is_not_understood() -> None:
    parts = dict.fromkeys(MessageText.model_fields, "x" * (126 * 1024 // 4))

    with pytest.raises(ValidationError, match="at most 5000"):
        MessageText.model_validate(parts)


def test_414_drafts_of_the_longest_kind_leave_room_for_everybody_else() -> None:
    play = written(owned())
    text = play.case.message.text
    assert text is not None

    for number in range(414):
        draft = DraftExternalMessage(by=AMARA, text=text.replace(subject=f"{number}"))
        play.case = draft.done(play.case, play.now)

    assert weight(play.case) < ROOM
    assert len(play.case.journal) == LINES_KEPT


def test_a_meeting_that_is_moved_a_thousand_times_leaves_room_for_everybody_else() -> None:
    play = owned()
    assert play.case.meeting.start is not None

    for number in range(1000):
        there = play.case.meeting.start + timedelta(minutes=number + 1)
        move = MoveMeeting(by=AMARA, start=there, reason=WIDE * 500)
        play.case = move.done(play.case, play.now)

    assert len(play.case.meeting.moves) == MOVES_KEPT
    assert weight(play.case) < ROOM


def test_a_table_of_more_rows_than_a_case_takes_is_cut_and_noted_once() -> None:
    play = owned()

    for _ in range(3):
        play.case = with_table(play.case, rows(MOST_ROWS + 1), play.now)

    assert len(play.case.items) == MOST_ROWS
    assert play.stuck == ["too-many-proposals"]


def test_a_table_that_was_not_read_to_its_end_takes_no_proposal_back() -> None:
    play = owned()
    three = rows(3)
    play.case = with_table(play.case, three, play.now)
    known = tuple(row.replace(id=item.id) for row, item in zip(three, play.case.items, strict=True))
    play.case = with_table(play.case, known, play.now)

    cut = with_table(play.case, known[:1], play.now, whole=False)
    whole = with_table(play.case, known[:1], play.now)

    assert [item.id for item in cut.items] == ["AI-1", "AI-2", "AI-3"]
    assert [item.id for item in whole.items] == ["AI-1"]


def filled(play: Play, size: int) -> Play:
    """A case that holds so much, however it came to that."""
    lacking = size - weight(play.case)
    play.case = play.case.replace(added={"elsewhere": {"text": "x" * (lacking - 27)}})
    return play


def test_a_full_case_refuses_long_acts_says_why_and_takes_short_ones() -> None:
    play = filled(owned(), ROOM)
    text = MessageText(subject="s", summary="x" * 4000, what_happened="x", what_we_do="x")

    assert play.refusal(DraftExternalMessage(by=AMARA, text=text)) == FULL
    assert play.refusal(ProposeActionItems(by=AMARA, items=rows(10))) == FULL
    assert not play.refusal(ProposeActionItems(by=AMARA, items=rows(1)))
    assert not play.refusal(AppointOwner(by=JOANA, owner=RUI))


def test_a_case_that_is_full_to_the_brim_may_only_become_smaller() -> None:
    play = written(owned())
    assert play.case.message.text is not None
    brim = filled(play, ROOM + RESERVE)
    shorter = play.case.message.text.replace(summary="x", what_happened="x", what_we_do="x")

    assert brim.case.meeting.start is not None
    later = brim.case.meeting.start + timedelta(hours=1)

    assert brim.refusal(MoveMeeting(by=AMARA, start=later)) == FULL
    assert not brim.refusal(DraftExternalMessage(by=AMARA, text=shorter))
    assert not brim.refusal(AcceptOwnership(by=AMARA))


def test_whatever_its_bounds_allow_fits_into_a_case() -> None:
    play = written(owned())
    verdicts = tuple(
        ItemDecision(
            item=item.id,
            verdict=Verdict.DECLINED,
            decided_by=INES,
            reason=LETTER * 500,
            consequence=LETTER * 500,
        )
        for item in play.case.items
    )
    assert play.case.meeting.end is not None
    play.until(play.case.meeting.end)
    play.act(RecordMeeting(by=AMARA, held=True, note=LETTER * 2000))
    play.act(Decide(by=AMARA, decisions=verdicts))

    assert weight(play.case) < ROOM
    assert play.case.decided_at is not None


def test_the_fullest_case_fits_into_everything_that_temporal_carries() -> None:
    play = written(owned())
    for number in range(LINES_KEPT):
        facts = {f"AI-{name}": "x" * 300 for name in range(10)}
        play.case = play.case.with_line(
            play.now, Happening.ACT, f"act {number}", by=AMARA, facts=facts
        )
    play.case = filled(play, ROOM + RESERVE).case

    payloads = [record(play.case), play.case.model_dump_json(), *_requests(play)]

    assert max(len(json.dumps(each, ensure_ascii=False).encode()) for each in payloads) < BLOB


def _requests(play: Play) -> Iterator[str]:
    for entry in play.life.entries:
        yield entry.effect.request(play.case, play.now).model_dump_json()


def test_a_line_of_the_journal_holds_so_much_and_no_more() -> None:
    play = owned()
    facts = {f"AI-{number}": "accepted" for number in range(10_000)}

    play.case = play.case.with_line(play.now, Happening.ACT, "decide", by=INES, facts=facts)

    kept = play.case.journal[-1].facts
    assert sum(len(name) + len(fact) for name, fact in kept.items()) <= LONGEST_LINE
    assert len(kept) > 60


@pytest.mark.parametrize(
    "said", [{"priority": "P" * 21}, {"team": "t" * 81}, {"item": "A" * 21}, {"reason": "r" * 501}]
)
def test_a_verdict_that_is_too_long_is_not_understood(said: dict[str, str]) -> None:
    verdict = {"item": "AI-1", "verdict": Verdict.DECLINED, "decided_by": INES}

    with pytest.raises(ValidationError):
        ItemDecision.model_validate(verdict | said)


def test_more_verdicts_than_there_can_be_items_are_not_understood() -> None:
    one = ItemDecision(item="AI-1", verdict=Verdict.DECLINED, decided_by=INES)

    with pytest.raises(ValidationError, match="at most 60"):
        Decide(by=INES, decisions=(one,) * 61)
