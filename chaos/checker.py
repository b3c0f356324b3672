"""Compares what the vendors hold with what each case must have: nothing lost, nothing double."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chaos.mailbox import Mail, is_notice, keys_in
from chaos.wanted import Wanted

JSON = dict[str, Any]

EVENT, GUEST, DOCUMENT = "calendar event", "guest invited", "document"
TICKET, LINK = "ticket", "link to document"
NOTICE, TOLD, CUSTOMERS = "notice", "person told", "customer mail"
RECORD, DECISION, CLOSED = "record", "decision", "case closed"
KINDS = (EVENT, GUEST, DOCUMENT, TICKET, LINK, NOTICE, TOLD, CUSTOMERS, RECORD, DECISION, CLOSED)

MAY_REPEAT = frozenset({"mails"})
"""What the simulator's own ledger may hold twice: internal mail is sent at least once."""


@dataclass(frozen=True)
class Ledger:
    """Everything that the far side holds in the end.

    `records` are the archive's; `closed` are the cases that ended, each with
    the verdicts that stand on it; `twice` is what the simulator saw more than once, by kind.
    """

    events: Sequence[JSON] = ()
    documents: Sequence[JSON] = ()
    tickets: Sequence[JSON] = ()
    mails: Sequence[Mail] = ()
    records: Sequence[JSON] = ()
    closed: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    twice: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    customers_address: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing of one case that is not there once: `copies` is 0 when it was lost."""

    case: str
    kind: str
    what: str
    copies: int

    def __str__(self) -> str:
        """Say it in a line."""
        fate = "lost" if self.copies == 0 else f"there {self.copies} times"
        return f"{self.case}: {self.kind} {fate}: {self.what}"


@dataclass
class Row:
    """One line of the table."""

    wanted: int = 0
    found: int = 0
    lost: int = 0
    duplicated: int = 0
    repeated: int = 0


@dataclass
class Verdict:
    """What the comparison came to."""

    rows: dict[str, Row] = field(default_factory=lambda: {kind: Row() for kind in KINDS})
    findings: list[Finding] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """How much is missing."""
        return sum(row.lost for row in self.rows.values())

    @property
    def duplicated(self) -> int:
        """How much is there more than once, or unasked."""
        return sum(row.duplicated for row in self.rows.values())

    def count(self, case: str, kind: str, what: str, copies: int) -> None:
        """Note that something wanted once was found so many times."""
        row = self.rows[kind]
        row.wanted += 1
        row.found += min(copies, 1)
        if copies == 0:
            row.lost += 1
        row.duplicated += max(copies - 1, 0)
        if copies != 1:
            self.findings.append(Finding(case, kind, what, copies))

    def unasked(self, case: str, kind: str, what: str) -> None:
        """Note something that nobody wanted."""
        self.rows[kind].duplicated += 1
        self.findings.append(Finding(case, kind, f"{what}, which nobody wanted", 1))


def judged(cases: Iterable[Wanted], ledger: Ledger) -> Verdict:
    """Compare everything of every case."""
    verdict = Verdict()
    mails = _by_case(ledger.mails)
    for case in cases:
        _events(case, ledger, verdict)
        _documents(case, ledger, verdict)
        _tickets(case, ledger, verdict)
        _notices(case, mails.get(case.case, []), ledger, verdict)
        _customers(case, mails.get(case.case, []), ledger, verdict)
        _records(case, ledger, verdict)
        _decisions(case, ledger, verdict)
    _seen_twice(ledger, verdict)
    return verdict


def _events(case: Wanted, ledger: Ledger, verdict: Verdict) -> None:
    events = [
        each
        for each in ledger.events
        if case.incident in each.get("summary", "") and each["status"] != "cancelled"
    ]
    verdict.count(case.case, EVENT, case.incident, len(events))
    guests = Counter(guest["email"] for each in events for guest in each.get("attendees", []))
    for guest in case.guests:
        verdict.count(case.case, GUEST, guest, min(guests[guest], 1))


def _documents(case: Wanted, ledger: Ledger, verdict: Verdict) -> None:
    found = [
        each for each in ledger.documents if case.incident in each["name"] and not each["trashed"]
    ]
    verdict.count(case.case, DOCUMENT, case.incident, len(found))


def _tickets(case: Wanted, ledger: Ledger, verdict: Verdict) -> None:
    ours = [each for each in ledger.tickets if case.case in each["fields"]["labels"]]
    copies = Counter(each["fields"]["summary"] for each in ours)
    for text in case.tickets:
        verdict.count(case.case, TICKET, text, copies[text])
    for text in copies.keys() - set(case.tickets):
        verdict.unasked(case.case, TICKET, text)
    for each in ours:
        verdict.count(case.case, LINK, each["key"], len(each["links"]))


def _notices(case: Wanted, mails: Sequence[Mail], ledger: Ledger, verdict: Verdict) -> None:
    internal = [each for each in mails if each["to"] != ledger.customers_address]
    sent = Counter((key, mail["to"]) for mail in internal for key in keys_in(mail))
    arrived = {key for key, _ in sent}
    for key in case.notices:
        verdict.count(case.case, NOTICE, key, int(key in arrived))
    for (kind, to), times in case.told.items():
        came = sum(
            count
            for (key, address), count in sent.items()
            if address == to and is_notice(key, kind, case.case)
        )
        verdict.count(case.case, TOLD, f"{kind} to {to}", int(came >= times))
    verdict.rows[NOTICE].repeated += sum(count - 1 for count in sent.values())


def _customers(case: Wanted, mails: Sequence[Mail], ledger: Ledger, verdict: Verdict) -> None:
    sent = [each for each in mails if each["to"] == ledger.customers_address]
    if case.customers:
        verdict.count(case.case, CUSTOMERS, "the approved text", len(sent))
    wrong = [each for each in sent if not case.customers or case.customers not in each["text"]]
    for each in wrong:
        verdict.unasked(case.case, CUSTOMERS, f"the text “{each['subject']}”")


def _records(case: Wanted, ledger: Ledger, verdict: Verdict) -> None:
    kept = [each for each in ledger.records if each["case"] == case.case]
    verdict.count(case.case, RECORD, case.case, len(kept))
    for record in kept:
        said = [(item["text"], _verdict_of(item)) for item in record["items"]]
        for each in _differences(case, said):
            verdict.unasked(case.case, RECORD, each)
        if record["phase"] != "closed":
            verdict.unasked(case.case, RECORD, f"the phase {record['phase']}")


def _decisions(case: Wanted, ledger: Ledger, verdict: Verdict) -> None:
    verdict.count(case.case, CLOSED, "the end of its life", int(case.case in ledger.closed))
    stands = Counter(ledger.closed.get(case.case, ()))
    for text, decided in case.verdicts.items():
        verdict.count(case.case, DECISION, f"“{text}” {decided}", stands[text, decided.value])
    for text, said in stands:
        if text not in case.verdicts or case.verdicts[text].value != said:
            verdict.unasked(case.case, DECISION, f"“{text}” {said}")


def _seen_twice(ledger: Ledger, verdict: Verdict) -> None:
    """Believe the simulator's own count too, where it saw more than the shelves show."""
    kinds = {"events": EVENT, "tickets": TICKET, "remote_links": LINK, "customer_mails": CUSTOMERS}
    for kind, keys in ledger.twice.items():
        row = kinds.get(kind, DOCUMENT)
        known = verdict.rows[row].duplicated
        for key, copies in keys.items():
            if kind not in MAY_REPEAT and not known:
                verdict.rows[row].duplicated += copies - 1
                verdict.findings.append(Finding("the simulator's ledger", kind, key, copies))


def _differences(case: Wanted, said: Sequence[tuple[str, str]]) -> Iterator[str]:
    for text, decided in case.verdicts.items():
        copies = [verdict for words, verdict in said if words == text]
        if copies != [decided.value]:
            yield f"“{text}” as {copies or 'missing'} instead of {decided.value}"


def _verdict_of(item: JSON) -> str:
    decision = item.get("decision") or {}
    return str(decision.get("verdict", "undecided"))


def _by_case(mails: Sequence[Mail]) -> dict[str, list[Mail]]:
    found: dict[str, list[Mail]] = {}
    for mail in mails:
        case = (mail.get("custom_args") or {}).get("case", "")
        found.setdefault(case, []).append(mail)
    return found
