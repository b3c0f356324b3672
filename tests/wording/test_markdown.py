import pytest

from wording.errors import WordingError
from wording.markdown import as_html, as_text
from wording.sealing import exact, linked, sealed

SOURCE = """
# Title

Some *words* that are
**wrapped**, `code`\\
and [a link](https://x.example/).

1. one
2. two
   - a
   - b

> quoted
>
> - list

***

    kept
      as it is
"""


def test_plain_text_is_readable() -> None:
    assert as_text(SOURCE) == (
        "Title\n\nSome words that are wrapped, code\nand a link <https://x.example/>.\n\n"
        "1. one\n2. two\n   - a\n   - b\n\n> quoted\n> \n> - list\n\n---\n\nkept\n  as it is"
    )


def test_html_of_a_template_is_text() -> None:
    assert as_html("<b>x</b>\n", {}) == "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"


def test_elements_get_their_style() -> None:
    html = as_html(f"- {exact('a')}\n", {"li": "color: red", "span": "white-space: pre-wrap"})
    assert html == (
        '<ul>\n<li style="color: red"><span style="white-space: pre-wrap">a</span></li>\n</ul>\n'
    )


@pytest.mark.parametrize(
    ("label", "url", "html", "text"),
    [
        (
            "PAY <1>",
            "https://x.example/?a=1&b=2",
            '<a href="https://x.example/?a=1&amp;b=2" style="">PAY &lt;1&gt;</a>',
            "PAY <1> <https://x.example/?a=1&b=2>",
        ),
        (
            "https://x.example/",
            "https://x.example/",
            '<a href="https://x.example/" style="">https://x.example/</a>',
            "https://x.example/",
        ),
        ("PAY-1", "", "PAY-1", "PAY-1"),
        ("PAY-1", "javascript:alert(1)", "PAY-1", "PAY-1"),
        (
            "PAY\n1",
            'https://x.example/"onclick="x',
            '<a href="https://x.example/&quot;onclick=&quot;x" style="">PAY 1</a>',
            'PAY 1 <https://x.example/"onclick="x>',
        ),
    ],
)
def test_links_lead_to_web_addresses_only(label: str, url: str, html: str, text: str) -> None:
    source = f"See {linked(label, url)}"

    assert as_html(source, {}) == f"<p>See {html}</p>\n"
    assert as_text(source) == f"See {text}"


def test_a_fact_is_sealed_once() -> None:
    assert sealed(sealed("a")) == sealed("a")
    assert as_text(f"Yes: {sealed(3)}") == "Yes: 3"


TWO_LINES = exact("a\x0bb")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (sealed("a"), "> a"),
        (exact("a\n\nb\u2028c"), "> a\n> \n> b\n> c"),
        (f"Said: {TWO_LINES}", "Said: a\n> b"),
        (f"one\\\n{sealed('two')}", "one\n> two"),
        (f"# {sealed('a')}", "> a"),
        (f"> {TWO_LINES}", "> a\n> b"),
        (f"- {TWO_LINES}", "- a\n  b"),
        (f"1. > {TWO_LINES}", "1. > a\n   > b"),
        (f"    {TWO_LINES}", "> a\n> b"),
    ],
)
def test_no_line_of_a_text_begins_with_what_people_typed(source: str, text: str) -> None:
    assert as_text(source) == text


def test_a_fact_in_the_address_of_a_link_is_an_error() -> None:
    with pytest.raises(WordingError, match="linked"):
        as_html(f"[x](https://{sealed('a')})", {})


def test_a_fact_may_itself_look_sealed() -> None:
    odd = f"{sealed('a')} %EE%80%80"

    assert as_html(sealed(str(odd)), {}) == f"<p>{odd}</p>\n"
    assert as_text(sealed(str(odd))) == f"> {odd}"
