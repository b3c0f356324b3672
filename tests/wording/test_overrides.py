from pathlib import Path
from typing import ClassVar

import pytest

from domain.action_items.notices import StillOpen
from domain.engine.notice import Notice
from domain.incident import IncidentFacts
from domain.ownership.notices import Nomination
from wording import book
from wording.environment import Reader
from wording.errors import WordingError
from wording.rendering import Part, Wording
from wording.samples import sample
from wording.templates import Files

FEW = (Nomination, StillOpen)


class Telegram(Notice):
    kind: ClassVar[str] = "telegram"

    incident: IncidentFacts
    places: tuple[str, ...] = ()


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return folder


def _notice(body: str, subject: str = "Own it", button: str = "Go") -> str:
    return f"---\nsubject: {subject}\nbutton: {button}\n---\n{body}\n"


def _text(wording: Wording, notice: Notice) -> str:
    return wording.mail([Part(notice, "https://x.example/")], Reader(), case="c").text


def test_a_file_of_the_same_name_wins(tmp_path: Path) -> None:
    text = _notice("Ahoy, {{ incident.key }}.", "Ahoy {{ incident.title }}", "Aye")
    own = Wording(FEW, _write(tmp_path, "notices/nomination.md", text))

    mail = own.mail([Part(sample(Nomination), "https://x.example/")], Reader(), case="c")

    assert mail.subject == "Ahoy Checkout answered slowly"
    assert "\nAhoy, INC-204.\n\nAye:\nhttps://x.example/" in mail.text


def test_what_several_files_share_can_be_replaced_too(tmp_path: Path) -> None:
    own = Wording(FEW, _write(tmp_path, "parts/meeting_at.md", "See your calendar.\n"))

    assert "\nSee your calendar.\n" in _text(own, sample(Nomination))


def test_one_word_can_be_replaced_and_its_neighbours_stay(tmp_path: Path) -> None:
    words = '[waits.ownership]\nreminder = "a word"\n[document]\ntitle = "Debrief {{ key }}"\n'
    own = Wording(FEW, _write(tmp_path, "words/ours.toml", words)).catalogue

    assert own.wait("ownership").reminder == "a word"
    assert own.wait("ownership").asked == "Say whether you will own it"
    assert own.document.title == "Debrief {{ key }}"


def test_the_layout_can_be_replaced(tmp_path: Path) -> None:
    page = (
        "<html><head><style>p { color: red }</style></head><body><p>{% if parts | length > 0 %}"
        "{{ parts[0].html }}{% endif %}</p></body></html>"
    )
    own = Wording(FEW, _write(tmp_path, "layout/mail.html", page))

    html = own.mail([Part(sample(Nomination))], Reader(), case="c").html

    assert '<p style="color: red;">sev1: Checkout answered slowly.' in html


def test_a_notice_of_a_deployment_needs_its_file(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match=r"There is no notices/telegram\.md"):
        Wording([*FEW, Telegram], tmp_path)

    body = "{% for place in places %}\n- {{ place }}\n{% endfor %}\n\nStop."
    own = Wording([*FEW, Telegram], _write(tmp_path, "notices/telegram.md", _notice(body)))

    told = Telegram(incident=sample(IncidentFacts), places=("Rome", "Oslo"))
    assert "- Rome\n- Oslo\n" in _text(own, told)


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("notices/nomination.md", _notice("{{ sender }}"), "nomination.md: .*fact 'sender'"),
        ("notices/nomination.md", _notice("", "{{ who }}"), "nomination.md: .*fact 'who'"),
        ("notices/nomination.md", _notice("", "s", "{{ who }}"), "nomination.md: .*fact 'who'"),
        (
            "notices/nomination.md",
            _notice("{{ incident.titel }}"),
            "nomination.md: .*'titel' in IncidentFacts",
        ),
        (
            "notices/still-open.md",
            _notice("{% for each in items %}{{ each.tickets }}{% endfor %}"),
            "still-open.md: .*'tickets' in ItemFacts",
        ),
        ("parts/items.md", "{% for i in items %}{{ i.name }}{% endfor %}", "items.md: .*'name'"),
        ("notices/nomination.md", _notice("{{ incident.key | loud }}"), "nomination.md.* 'loud'"),
        ("notices/nomination.md", _notice("x\n\n{{ 1 + }}"), "nomination.md, line 7: "),
        ("notices/nomination.md", _notice("{% include 'parts/x.md' %}"), "no parts/x.md"),
        ("notices/nomination.md", _notice("[x]({{ incident.url }})"), "nomination.md: A link to"),
        ("notices/nomination.md", _notice("{{ link.url.no() }}"), "nomination.md: "),
        ("notices/nomination.md", "Own it!", "nomination.md: it begins with its header"),
        ("notices/nomination.md", "---\nsubject: x\n---\n", "'button' is missing"),
        (
            "notices/nomination.md",
            "---\nsubject: x\nbutton: y\ncolour: z\n---\n",
            "'colour' is unknown",
        ),
        ("notices/nominations.md", _notice("x"), "notices/nominations.md: no words are read"),
        ("words/deep/a.toml", "", "words/deep/a.toml: no words are read"),
        ("nomination.md", _notice("x"), "nomination.md: no words are read"),
        ("texts/event.txt", "---\ntitle: {{ name }}\n---\n", "event.txt: .*'name'"),
        ("texts/ticket.txt", "---\ntitle: x\nlink: y\n---\n{{ who }}", "ticket.txt: .*'who'"),
        ("layout/mail.txt", "{{ author }}", "mail.txt: .*'author'"),
        ("words/a.toml", "[document]\ntitle = '{{ y }}'", "document.title: .*'y'"),
        ("words/a.toml", "[acts.decide]\njournal = '{{ y }}'", "acts.decide: .*'y'"),
        ("words/a.toml", "[acts.decide]\ncolour = 'y'", "acts.decide.colour: "),
        ("words/a.toml", "[acts.sing]\ntitle = 'y'", "acts.sing.button: Field required"),
        ("words/a.toml", "[act]\nx = 'y'", r"words/\*.toml: act: "),
        ("words/a.toml", "[acts", "a.toml: "),
        (
            "words/a.toml",
            "[acts.decide]\njournal = '{% include \"x\" %}'",
            "nothing can be included",
        ),
        ("parts/items.md", "{% if %}", "parts/items.md, line 1: "),
        ("words/a.toml", "[mail]\nmore = '{{ n }}'", "mail.more: .*'n'"),
    ],
)
def test_a_fault_shows_at_start_and_names_file_and_fact(
    tmp_path: Path, name: str, text: str, fault: str
) -> None:
    with pytest.raises(WordingError, match=fault):
        Wording(FEW, _write(tmp_path, name, text))


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices/nomination.md").write_bytes(b"\xff\xfe")

    with pytest.raises(WordingError, match=r"nomination\.md cannot be read"):
        Wording(FEW, tmp_path)


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WordingError, match="PM_WORDING"):
        Wording(FEW, tmp_path / "nowhere")


def test_hidden_files_and_other_line_ends_do_no_harm(tmp_path: Path) -> None:
    _write(tmp_path, ".git/config", "x")
    text = _notice("{% if meeting_at %}\nSoon.\n{% endif %}\n\nGo.").replace("\n", "\r\n")
    own = Wording(FEW, _write(tmp_path, "notices/nomination.md", text))

    assert "Soon.\n\nGo." in _text(own, sample(Nomination))


def test_what_ships_says_each_thing_once() -> None:
    class Twice(Files):
        def shipped_words(self) -> tuple[tuple[str, str], ...]:
            return ("a.toml", "[doors]\npage = 'x'"), ("b.toml", "[doors]\npage = 'y'")

    with pytest.raises(WordingError, match=r"b\.toml: doors\.page is said in another file"):
        book.read(Twice())
