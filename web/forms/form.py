"""A form: what it shows of a case, and how what somebody sends becomes one act.

A form is posted url-encoded, with the `Origin` of its page, to the page's address and the name of
its act. It also carries `seen`, a fingerprint of what the page showed: a double click does the
act once, while the same act on a newer page is a new one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from domain.action_items.state import ItemFacts
from domain.calendar.working_time import instant_at
from domain.case import Case
from domain.customer_message.state import SignedDecision
from domain.engine.act import Act
from domain.engine.journal import Door
from domain.engine.value import PersonId
from domain.engine.waiting import Waiting
from domain.people import home_calendar, home_zone, name_of
from integrations.proofs import Proofs
from web.form_data import FormData, Wrong
from wording import dates
from wording.catalogue import Catalogue

A = TypeVar("A", bound=Act[Case])

LINK = "link"
LINK_AND_CODE = "link and code"
"""What the web part may have seen of who sent a form: who has the mail has both."""

Shown = Mapping[str, object]
"""What one form's template asks for by name."""


@dataclass(frozen=True)
class Occasion:
    """For whom a form is shown, in which case, and what it is to answer, if anything."""

    case: Case
    person: PersonId
    words: Catalogue
    waitings: tuple[Waiting, ...] = ()

    @property
    def items(self) -> frozenset[str]:
        """The ids of the action items that are waited for."""
        return frozenset(item for each in self.waitings for item in each.items)

    def items_of(self, waiting: Waiting) -> tuple[ItemFacts, ...]:
        """Return the action items that a wait is about."""
        return tuple(item.facts for item in self.case.items if item.id in waiting.items)

    @property
    def zone(self) -> str:
        """Whose clocks dates are written by."""
        return home_zone(self.case)

    def at(self, instant: datetime) -> str:
        """Write an instant by the home team's clocks."""
        return dates.instant(instant, self.zone)

    def name(self, person: PersonId | None) -> str:
        """Return a person's name, or nothing for nobody."""
        return name_of(self.case, person)


@dataclass(frozen=True)
class Sent:
    """What one person sent with a form, and through which door.

    `about` is the request that the link was about, where it was about one. `evidence` is what was
    seen of them, and `proofs` sign for that.
    """

    case: Case
    person: PersonId
    door: Door
    data: FormData
    proofs: Proofs
    evidence: str = LINK
    about: str = ""

    def signed(self, decision: SignedDecision) -> dict[str, str]:
        """Return the fields of an act that prove a decision: what was seen, and the proof."""
        seen = decision.replace(person=self.person, evidence=self.evidence)
        return {"evidence": self.evidence, "proof": self.proofs.signed(seen).proof}

    def act(self, kind: type[A], **fields: Any) -> A:  # noqa: ANN401 - checked by the act itself
        """Return the act with these fields, theirs and through this door.

        Raises:
            Wrong: a field cannot be used; the text says why.
        """
        by = {"by": self.person, "through": self.door}
        try:
            return kind.model_validate({**fields, **by})
        except ValidationError as error:
            complaints = error.errors(include_url=False)
            raise Wrong(
                {
                    _field(each["loc"]): _said(each["type"], each.get("ctx", {}))
                    for each in complaints
                }
            ) from None

    def instant(self, field: str) -> datetime:
        """Return the instant typed; without an offset it is on the home team's clocks.

        Raises:
            Wrong: it is no instant.
        """
        try:
            typed = datetime.fromisoformat(self.data[field])
            if typed.tzinfo is not None:
                return typed.astimezone(UTC)
            return instant_at(typed.date(), typed.time(), home_calendar(self.case).changes)
        except (ValueError, OverflowError):
            example = "Write day and time, for example 2026-11-30 14:00."
            raise Wrong({field: example}) from None


def _nothing(_: Occasion) -> Shown:
    return {}


@dataclass(frozen=True, kw_only=True)
class Form:
    """The one form of an act, or of acts that are answers to the same question.

    `read` turns what was sent into one of the acts or raises `Wrong`; `shows` gives the template
    what it asks for, and may replace its title and button and have it stand `open`. A form that
    several waits of a kind may show at once names in `apart_by` the field that tells which one
    it answers; that field holds the wait's `about`.
    """

    acts: tuple[type[Act[Case]], ...]
    template: str
    read: Callable[[Sent], Act[Case]]
    shows: Callable[[Occasion], Shown] = _nothing
    doors: frozenset[Door] = frozenset({Door.PAGE})
    apart_by: str = ""

    @property
    def name(self) -> str:
        """The name of its first act, which is also the last part of its address."""
        return self.acts[0].name

    def code_for(self, case: Case) -> str:
        """Return the request whose code it asks for, or nothing; the acts say so."""
        return next(filter(None, (act.code_for(case) for act in self.acts)), "")

    def act_of(self, sent: Sent, word: str) -> Act[Case]:
        """Return the act that was meant, if it was sent by who has the mail, or typed the word.

        Raises:
            Wrong: what is missing or wrong, all at once.
        """
        missing = self._unlocked(sent, word)
        try:
            act = self.read(sent)
        except Wrong as wrong:
            raise Wrong({**wrong.fields, **missing}) from wrong
        if missing:
            raise Wrong(missing)
        return act

    def _unlocked(self, sent: Sent, word: str) -> dict[str, str]:
        """Say what a machine that presses and fills in everything would lack."""
        if self.code_for(sent.case):
            has_code = sent.evidence == LINK_AND_CODE
            return {} if has_code else {"code": "Type the six digits from the mail."}
        typed = sent.data["word"].casefold() == word.casefold()
        return {} if typed else {"word": f"Type the word “{word}”, so that no machine sends this."}

    def id_about(self, about: str) -> str:
        """Return its id on a page; forms that answer different waits differ."""
        return f"{self.name}-{about}" if about else self.name


def _field(place: tuple[int | str, ...]) -> str:
    named = [part for part in place if isinstance(part, str)]
    return named[-1] if named else ""


def _said(kind: str, context: Mapping[str, object]) -> str:
    match kind:
        case "string_too_long":
            return f"This is too long: at most {context.get('max_length')} characters."
        case "too_long":
            return f"These are too many: at most {context.get('max_length')}."
        case "string_pattern_mismatch" | "literal_error" | "enum":
            return "Choose one of the list."
        case _:
            return "This could not be understood. Please check it."
