"""Every notice that there is, and every name that must have words."""

from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module

from domain.case import Phase
from domain.engine.notice import Notice
from domain.meeting.slots import SlotReason
from wording.catalogue import Names

_SUBJECTS = (
    *("action_items", "customer_message", "decisions", "meeting"),
    *("operations", "ownership", "preparation", "publication"),
)


def _kinds() -> Iterator[type[Notice]]:
    for subject in _SUBJECTS:
        module = import_module(f"domain.{subject}.notices")
        yield from (
            each
            for each in vars(module).values()
            if isinstance(each, type) and issubclass(each, Notice) and each is not Notice
        )


KINDS = tuple(sorted(set(_kinds()), key=lambda each: each.kind))

NAMES = Names(
    phases=tuple(Phase),
    waits=(
        *("ownership", "appointment", "deleted-meeting", "meeting-outcome", "decisions"),
        *("confirmation", "message-draft", "approval", "posting", "delivery", "action-item"),
        *("unreachable-ticket", "book-by-hand", "document-by-hand", "ticket-by-hand", "item-done"),
    ),
    acts=(
        *("accept_ownership", "decline_ownership", "appoint_owner", "move_meeting"),
        *("record_meeting", "record_booking", "record_document", "propose_action_items"),
        *("decide", "confirm_action_item", "record_ticket", "record_done"),
        *("draft_external_message", "decide_external_message", "report_wrong_code"),
        *("withdraw_message", "mark_posted", "settle_delivery", "retry"),
    ),
    transitions=(
        *("pass-over", "take-up-ownership", "choose-time", "book-again", "drop-undecided"),
        *("confirm-by-default", "drop-unconfirmed", "request-approval", "pass-a-limit"),
        *("mark-published", "miss-incident", "close"),
    ),
    outcomes=(
        *("resolve_rules", "record_directory", "read_busy_times", "put_event", "read_event"),
        *("reserve_folder", "put_document", "find_or_open_issues", "read_issues"),
        *("send_notices", "send_to_customers", "write_record"),
    ),
    signals=("incident_resolved", "ticket_changed", "meeting_changed"),
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
        "event-refused": ("reason",),
        "mended": ("text",),
        "signal-not-understood": ("signal", "fields"),
        "signal-arguments": ("signal", "count"),
        "another-incident": ("key",),
        "unknown-ticket": ("ticket",),
        "unknown-service": ("service",),
        "unknown-person": ("person",),
    },
    attention={
        **dict.fromkeys(("effect-refused", "effect-unknown"), ("effect", "reason")),
        **dict.fromkeys(("nobody-for-ownership", "no-liaison"), ()),
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
