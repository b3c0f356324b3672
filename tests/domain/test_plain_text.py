"""Text from outside: what is taken out of it, what stays, and that this happens once."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.incident import Incident
from domain.plain_text import lines, one_line
from tests.playing import an_incident

DROPPED_BY_DOCS = re.compile("[\x00-\x08\x0c-\x1f\ue000-\uf8ff]")
BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ANYTHING = st.text(st.characters(exclude_categories=())) | st.text(
    st.sampled_from("a 9;m[]\x1b\x07\x9b\x9c\\\n\r\t\u202e\ue000\ud83d\udd25")
)


@given(ANYTHING)
@example("\x1b\x1b[0m[0m")
@example("\r\x00\n")
def test_what_was_cleaned_is_not_changed_again(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text) == one_line(lines(text))
    assert lines(lines(text)) == lines(text)


@given(ANYTHING)
def test_nothing_is_left_that_a_document_drops_or_a_terminal_obeys(text: str) -> None:
    for cleaned in (one_line(text), lines(text)):
        assert not DROPPED_BY_DOCS.search(cleaned)
        assert not BIDI.search(cleaned)
        assert "\x1b" not in cleaned
        assert "\x9b" not in cleaned
        cleaned.encode()


@given(ANYTHING)
def test_a_title_is_one_line_and_no_longer_than_it_was(text: str) -> None:
    title = one_line(text)

    assert title.splitlines() in ([], [title])
    assert len(title) <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "Rule update 🔥 blocked logins",
        "Überweisungen — 「支払い」 não",
        "Family \U0001f468\u200d\U0001f469\u200d\U0001f467 of flags \U0001f1f5\U0001f1f9",
        "خطأ في الدفع",
        "5 < 6 & [brackets]; 100 % \\ done",
        "A letter that is newer than we are: \U0001fae8",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert one_line(text) == lines(text) == text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("Pager \x07beeps", "Pager beeps"),
        ("\x1b[1;31mred\x1b[0m alert", "red alert"),
        ("\x9b31mred", "red"),
        ("\x1b]0;owned\x07Title", "Title"),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\ here", "click here"),
        ("pay\u202etxt.exe\u202c", "paytxt.exe"),
        ("half \ud83d of a pair", "half of a pair"),
        ("private \ue000\U000f0000use", "private use"),
        ("First\nsecond\u2028third", "First second third"),
        ("\x00\x1b", ""),
    ],
)
def test_letters_that_nobody_sees_are_taken_out(dirty: str, clean: str) -> None:
    assert one_line(dirty) == clean


def told(**changes: object) -> Incident:
    return Incident.model_validate(an_incident().model_dump() | changes)


def test_an_incident_has_plain_words() -> None:
    incident = told(
        title="\x1b[31mRule\x1b[0m\nupdate \u202e",
        summary="It began.\r\n\x07It ended.",
        url="https://example.com/\u200e1\n",
        source="tool\x00",
    )

    assert incident.title == "Rule update"
    assert incident.summary == "It began.\nIt ended."
    assert (incident.url, incident.source) == ("https://example.com/1", "tool")


def test_lengths_count_what_is_left() -> None:
    assert told(title=f"{'x' * 200}{chr(7) * 50}").title == "x" * 200
    with pytest.raises(ValueError, match="title"):
        told(title="\x07\u202e")
