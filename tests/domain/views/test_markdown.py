"""Temporal's pages show Markdown: what people typed stands there as written and fetches nothing."""

from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from domain import lifecycle
from domain.engine.subject import Attention
from domain.plain_text import one_line
from domain.views.details import details
from domain.views.markdown import address, as_written
from domain.views.summary import summary
from tests.playing import Play

PICTURE = "![x](https://evil.example/p.png)"
HTML = "<img src=https://evil.example/p.png>"
LENIENT = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
"""Shows whatever any page might: HTML, tables, struck text."""

MARKED = st.text("ab \\`*_[]()<>!#|~&;:/.@$x2\n") | st.text()


@given(MARKED)
@example(PICTURE)
@example(HTML)
@example("`a` *b* __c__ ~~d~~ &lt; [e](https://evil.example) <https://evil.example> \\")
def test_a_text_is_shown_as_it_is_written(text: str) -> None:
    shown = LENIENT.renderInline(f"sev1: {as_written(text)}.")

    assert shown == escape(f"sev1: {one_line(text)}.", quote=False).replace('"', "&quot;")


@given(MARKED.map(lambda text: f"https://{text}"))
@example(f"https://evil.example/>{PICTURE}")
@example(f"https://evil.example {HTML}")
def test_an_address_is_a_link_and_nothing_else(url: str) -> None:
    shown = LENIENT.renderInline(address(url))

    assert "<img" not in shown
    assert shown.count("<") in (0, 2)


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", PICTURE, "https://a b"])
def test_what_is_no_address_is_no_link(url: str) -> None:
    assert "<" not in LENIENT.renderInline(address(url))


def test_nothing_of_a_hostile_case_acts_in_the_details() -> None:
    play = Play()
    incident = play.case.incident
    assert incident is not None
    play.case = play.case.replace(incident=incident.replace(title=PICTURE))
    strange = Attention("signal-unknown", {"signal": f"{HTML}\n# {PICTURE}"})
    life = lifecycle.life(play.case)
    now = datetime(2027, 1, 13, tzinfo=UTC)

    shown = details(life, (strange,), summary(life, (strange,), now), now)

    html = LENIENT.render(shown)
    assert "<img" not in html
    assert "<a" not in html
    assert "<h1" not in html
    assert escape(PICTURE, quote=False) in html
