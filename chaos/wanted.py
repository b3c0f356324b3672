"""What must be there of one case in the end, from its plan and from how it closed."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from chaos.mailbox import is_notice
from chaos.plan import Plan
from domain.case import Case
from domain.decisions.state import Verdict
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.people import attendees, publication_lists
from domain.preparation.notices import PreRead
from domain.publication.notices import Published


class Telling(NamedTuple):
    """A kind of notice, and the address that got it."""

    kind: str
    to: str


@dataclass(frozen=True)
class Wanted:
    """One case's claims on the outside world; `incident` stands in the name of all of it.

    `notices` are the keys of mails that left, `told` is how often an address was told something.
    `verdicts` are by the proposal's words.
    `customers` is the text that they must get, empty when they get none.
    """

    case: str
    incident: str
    tickets: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    told: Mapping[Telling, int] = field(default_factory=dict)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    customers: str = ""


def wanted(plan: Plan, case: Case, address: Callable[[str], str]) -> Wanted:
    """Return what a closed case must have; `address` tells where a person gets mail."""
    return Wanted(
        case=plan.case_id,
        incident=plan.incident.key,
        tickets=tuple(each.text for each in plan.proposals if each.has_ticket),
        guests=tuple(address(each.person) for each in attendees(case)),
        notices=tuple(sorted(_left(case))),
        told=_told(case, address) | _must_be_told(case, address),
        verdicts={each.text: each.ends_as for each in plan.proposals},
        customers=plan.final_text.summary if plan.mails_customers else "",
    )


def _left(case: Case) -> set[str]:
    """Return the keys of the mails that the case believes to have left."""
    return {
        f"{case.id}:{key}:{outcome.version}"
        for key, outcome in case.ledger.items()
        if is_notice(key) and outcome.status is Status.DONE
    }


def _told(case: Case, address: Callable[[str], str]) -> Counter[Telling]:
    """Return who was told what, and how often, as far back as the case carries its journal."""
    return Counter(
        Telling(line.facts["notice"], address(person))
        for line in case.journal
        if line.name == SendNotice.activity and line.facts["status"] == Status.DONE
        for person in line.people
    )


def _must_be_told(case: Case, address: Callable[[str], str]) -> Counter[Telling]:
    """Return what everybody concerned must have got, whatever the case believes."""
    readers = (Telling(PreRead.kind, address(each.person)) for each in attendees(case))
    lists = (Telling(Published.kind, address(each)) for each in publication_lists(case))
    return Counter({*readers, *lists})
