"""What must be there of one case in the end, from its plan and from how it closed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from chaos.plan import Plan
from domain.case import Case
from domain.decisions.state import Verdict
from domain.engine.ledger import Status
from domain.people import attendees, publication_lists


@dataclass(frozen=True)
class Wanted:
    """One case's claims on the outside world; `incident` stands in the name of all of it.

    `notices` are pairs of a mail's key and its address. `verdicts` are by the proposal's words.
    `customers` is the text that they must get, empty when they get none.
    """

    case: str
    incident: str
    tickets: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    notices: tuple[tuple[str, str], ...] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    customers: str = ""


def wanted(plan: Plan, case: Case, address: Callable[[str], str]) -> Wanted:
    """Return what a closed case must have; `address` tells where a person gets mail."""
    return Wanted(
        case=plan.case_id,
        incident=plan.incident.key,
        tickets=tuple(each.text for each in plan.proposals if each.has_ticket),
        guests=tuple(address(each.person) for each in attendees(case)),
        notices=tuple(sorted({*_told(case, address), *_must_be_told(case, address)})),
        verdicts={each.text: each.ends_as for each in plan.proposals},
        customers=plan.final_text.summary if plan.mails_customers else "",
    )


def _told(case: Case, address: Callable[[str], str]) -> set[tuple[str, str]]:
    """Return what the case believes to have told people."""
    return {
        (f"{case.id}:{key}:{outcome.version}", address(key.rpartition(":")[2]))
        for key, outcome in case.ledger.items()
        if key.startswith("notice:") and outcome.status is Status.DONE
    }


def _must_be_told(case: Case, address: Callable[[str], str]) -> set[tuple[str, str]]:
    """Return what everybody concerned must have got, whatever the case believes."""
    versions = {"pre-read": str(case.meeting.booked), "published": "1"}
    people = {
        "pre-read": [each.person for each in attendees(case)],
        "published": list(publication_lists(case)),
    }
    return {
        (f"{case.id}:notice:{kind}:{person}:{versions[kind]}", address(person))
        for kind, told in people.items()
        for person in told
    }
