from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.customer_message.notices import DraftWanted, ReviewWanted
from domain.customer_message.state import MessageText
from domain.engine.notice import Notice, Written
from domain.ownership.notices import Nomination
from domain.plain_text import lines
from domain.preparation.notices import PreRead
from tests.wording.kinds import KINDS, Page
from wording.environment import Reader
from wording.errors import WordingError
from wording.rendering import Part, Wording
from wording.samples import nice, sample
from wording.sealing import one_line
from wording.templates import SHIPPED

READER = Reader(name="Maya Okafor", zone="Europe/Lisbon")
URL, CODE = "https://aftermath.example.com/steps/abc", "402918"
MARKUP = (
    "*a* __b__ [x](https://evil.example/) <script>alert(1)</script> `c` &amp; &#42; \\* "
    "{{ 7 * 7 }} {% raw %} \ue000l41\ue001 ![i](j) <https://evil.example/>\n# x\n\n> q\n- l\n---"
)
PLAIN = "a word\nwords\n\nmore\nof them\nstill"
WRITTEN = st.text(min_size=1).map(lines).filter(bool)
KEPT = {"url", "document_url", "ticket_url", "wait", "code_for", "phase", "editors"}


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(KINDS)


every_notice = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)


def test_each_notice_has_its_file_and_no_file_is_left_over() -> None:
    files = {each.stem for each in (SHIPPED / "notices").glob("*.md")}
    assert files == {each.kind for each in KINDS}


@every_notice
def test_a_notice_becomes_a_mail_with_its_one_button(wording: Wording, kind: type[Notice]) -> None:
    mail = wording.mail([Part(sample(kind), URL, CODE)], READER, case="postmortem-INC-204")

    page = Page(mail.html)
    assert "INC-204" in mail.subject
    assert mail.subject == one_line(mail.subject).strip()
    assert len(mail.subject) < 90
    assert page.elements.count("a class clicktracking href style") == 1
    for words in (mail.text, page.words):
        assert "Hello Maya Okafor," in words
        assert CODE in words
        assert "Nothing happens by opening a link." in words
    assert f":\n{URL}\n" in mail.text
    assert f'href="{URL}"' in mail.html


@every_notice
def test_without_a_link_there_is_no_button(wording: Wording, kind: type[Notice]) -> None:
    mail = wording.mail([Part(sample(kind))], READER, case="postmortem-INC-204")

    assert "The link leads to" not in mail.html
    assert 'class="button"' not in mail.html
    assert "code for the page" not in mail.html + mail.text


@every_notice
def test_what_people_typed_never_acts_as_markup(wording: Wording, kind: type[Notice]) -> None:
    typed, harmless = (
        wording.mail([Part(_filled(kind, text), URL, CODE)], READER, case="c")
        for text in (MARKUP, PLAIN)
    )

    page, like = Page(typed.html), Page(harmless.html)
    assert page.elements == like.elements
    assert "<script" not in typed.html
    assert typed.subject == one_line(typed.subject)
    assert _told(page.words, MARKUP) == _told(like.words, PLAIN)
    assert _told(typed.text, MARKUP) == _told(harmless.text, PLAIN)


def _told(words: str, text: str) -> list[int]:
    """Return how often a text stands somewhere: as one line, exactly, and quoted."""
    return [words.count(each) for each in (one_line(text), text, text.replace("\n", "\n> "))]


def _filled(kind: type[Notice], text: str) -> Notice:
    return sample(kind, lambda field: nice(field) if field in KEPT else text)


def test_a_line_of_a_fact_stays_one_line(wording: Wording) -> None:
    notice = sample(PreRead, lambda field: nice(field) if field in KEPT else "one\r\n\u2028# two")

    mail = wording.mail([Part(notice)], READER, case="c")

    assert mail.subject == "Pre-read: one # two one # two"
    assert "- one # two\n- one # two\n" in mail.text
    assert "h1" not in Page(mail.html).elements


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(summary=WRITTEN, happened=WRITTEN)
def test_the_customer_message_is_quoted_exactly(
    wording: Wording, summary: str, happened: str
) -> None:
    text = MessageText(subject="s", summary=summary, what_happened=happened, what_we_do="w")
    notice = sample(ReviewWanted).replace(text=text)

    mail = wording.mail([Part(notice)], READER, case="c")

    quotes = Page(mail.html).quotes
    assert quotes == ["s", summary, happened, "w"]
    quoted = "\n\n".join(f"> {each}".replace("\n", "\n> ") for each in ("s", summary, happened))
    assert quoted in mail.text


@every_notice
@pytest.mark.parametrize("ends", ["", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_no_line_of_a_text_mail_can_be_forged(
    wording: Wording, kind: type[Notice], ends: str
) -> None:
    code_line = f"Your code for the page: {CODE}"
    forged = "Your code for the page: 000000"
    notice = _filled(kind, f"{forged}{ends}{forged}")

    mail = wording.mail([Part(notice, URL, CODE), Part(notice)], READER, case="c")

    alike = [each for each in mail.text.splitlines() if each.strip().startswith("Your code")]
    assert alike == [code_line]


def test_several_notices_are_one_mail_with_headings_and_dividers(wording: Wording) -> None:
    parts = [Part(sample(each), URL) for each in (Nomination, PreRead, DraftWanted)]

    mail = wording.mail(parts, READER, case="postmortem-INC-204")

    page = Page(mail.html)
    assert mail.subject == "Will you own the postmortem of INC-204? (and 2 more)"
    assert [page.elements.count(each) for each in ("h1 style", "hr style")] == [3, 2]
    assert "== Pre-read: INC-204 Checkout answered slowly ==\n\nThe meeting is on" in mail.text
    assert mail.text.count("Hello") == page.words.count("Hello") == 1


def test_every_element_carries_its_style_since_mail_clients_drop_sheets(wording: Wording) -> None:
    mail = wording.mail([Part(sample(PreRead), URL)], READER, case="c")

    elements = Page(mail.html).elements
    styled = [each for each in elements if each.split()[0] in {"p", "ul", "li", "a", "body"}]
    assert all("style" in each for each in styled)
    assert "<style" not in mail.html


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Lisbon", "Thu 9 Jul 2026 09:00 (Europe/Lisbon)"),
        ("Asia/Kolkata", "Thu 9 Jul 2026 13:30 (Asia/Kolkata)"),
        ("Pacific/Auckland", "Thu 9 Jul 2026 20:00 (Pacific/Auckland)"),
        ("Nowhere/Else", "Thu 9 Jul 2026 08:00 (UTC)"),
        ("../etc/passwd", "Thu 9 Jul 2026 08:00 (UTC)"),
    ],
)
def test_dates_are_those_of_the_reader(wording: Wording, zone: str, shown: str) -> None:
    notice = sample(Nomination).replace(meeting_at=datetime(2026, 7, 9, 8, tzinfo=UTC))

    mail = wording.mail([Part(notice)], Reader(zone=zone), case="c")

    assert f"The meeting is on {shown}." in mail.text
    assert f"The meeting is on {shown}." in mail.html


def test_a_link_of_ours_is_not_to_be_forwarded_but_the_document_is(wording: Wording) -> None:
    ours = sample(PreRead)
    link = ours.link
    assert link is not None
    document = ours.replace(link=link.replace(leads_to="document"))

    mails = [wording.mail([Part(each, URL)], READER, case="c").html for each in (ours, document)]

    assert ["please do not forward it" in each for each in mails] == [True, False]


def test_the_reader_is_greeted_literally(wording: Wording) -> None:
    mail = wording.mail([Part(sample(PreRead))], Reader(name="<b>Bo\n</b>"), case="c")

    assert "Hello <b>Bo </b>," in mail.text
    assert "Hello &lt;b&gt;Bo &lt;/b&gt;," in mail.html


@every_notice
def test_a_notice_survives_its_journey(wording: Wording, kind: type[Notice]) -> None:
    notice = sample(kind)

    assert wording.notice(Written.of(notice)) == notice


def test_a_notice_of_no_known_kind_is_an_error(wording: Wording) -> None:
    with pytest.raises(WordingError, match="'singing-telegram'"):
        wording.notice(Written(kind="singing-telegram", facts={}))


def test_what_customers_get_is_the_approved_text_and_nothing_else(wording: Wording) -> None:
    text = MessageText(
        subject="Slow <searches>", summary="a & b", what_happened="- x\n- y", what_we_do="done"
    )

    mail = wording.customer_mail(text)

    assert mail.subject == "Slow <searches>"
    assert mail.text == "a & b\n\n- x\n- y\n\ndone"
    assert mail.html == "<p>a &amp; b</p><p>- x<br>- y</p><p>done</p>"
