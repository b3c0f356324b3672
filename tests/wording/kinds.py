"""Every notice that there is, and every name that must have words."""

from html.parser import HTMLParser

from domain import lifecycle
from domain.case import Phase
from domain.engine.effect import Transition
from domain.meeting.slots import SlotReason
from wording.catalogue import Names

KINDS = tuple(sorted(lifecycle.notices().values(), key=lambda each: each.kind))


def _transitions() -> tuple[str, ...]:
    """Return the names of every step that the product's own cases take by themselves."""
    found = [each for kind in Transition.__subclasses__() for each in kind.__subclasses__()]
    return tuple({each.name: each for each in found if each.__module__.startswith("domain.")})


NAMES = Names(
    phases=tuple(Phase),
    waits=tuple(lifecycle.waits()),
    acts=tuple(lifecycle.acts()),
    transitions=_transitions(),
    outcomes=tuple(dict.fromkeys(each.activity for each in lifecycle.effects())),
    signals=tuple(lifecycle.signals()),
    notices=tuple(each.kind for each in KINDS),
    slots={
        **{each.value: () for each in SlotReason},
        **dict.fromkeys(("busy", "unreadable", "outside-hours", "optional-missing"), ("people",)),
        **dict.fromkeys(
            ("pre-read-short", "pre-read-outside-hours", "pre-read-in-hours"), ("span",)
        ),
        "after-night-work": ("span", "people"),
    },
    anomalies={
        **dict.fromkeys(("no-time-found", "event-deleted", "moved-beyond-calendars"), ()),
        **dict.fromkeys(("resolved-too-far", "lasted-for-years", "nobody-told"), ()),
        **dict.fromkeys(("signal-unreadable", "signal-unknown"), ("signal",)),
        "start-input-ignored": (),
        "mended": ("text",),
        "told-otherwise": ("source", "fields"),
        "told-too-much": ("fields",),
        "unknown-service": ("services",),
        "signal-too-large": ("signal", "limit"),
        "too-many-proposals": ("most",),
        "signal-not-understood": ("signal", "fields"),
        "signal-arguments": ("signal", "count"),
        "another-incident": ("key",),
        "unknown-ticket": ("ticket",),
        "unknown-person": ("person",),
    },
    attention={
        "nobody-to-approve": (),
        **dict.fromkeys(("effect-refused", "effect-unknown"), ("effect", "reason")),
        "ladder-climbed": ("wait", "person"),
    },
)


class Page(HTMLParser):
    """The elements of a page, its words as a browser shows them, and what it quotes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.words = ""
        self.quotes: list[str] = []
        self._inside: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(f"{tag} {' '.join(name for name, _ in attrs)}")
        self._inside.append(tag)
        if tag == "blockquote":
            self.quotes.append("")
        if tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        self.elements.append(f"/{tag}")
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.words += data
        if "blockquote" in self._inside and "p" in self._inside:
            self.quotes[-1] += data
