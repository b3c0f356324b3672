"""What operations see of a case at a glance: lists, memo, search attributes, details."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import AwareDatetime

from domain.agenda import wake_at
from domain.case import ActionItem, Case, Phase, Status
from domain.frozen import Frozen
from domain.incident import PersonId
from domain.ladders import rungs
from domain.people import commander, customer_liaison, report_limit, shown_at_home
from domain.phases import phase
from domain.remembering import remembered
from domain.waits import waits


class OpenItem(Frozen):
    """An unfinished action item: ids only, no words of the postmortem."""

    id: str
    issue: str = ""
    team: str = ""
    due: str = ""


class CaseSummary(Frozen):
    """One line about a case; lists, digest and board read it from the memo.

    `waiting_on` holds `what:person`. Ids, roles and person ids only.
    """

    case: str
    phase: Phase
    severity: str = ""
    services: tuple[str, ...] = ()
    owner: PersonId | None = None
    waiting_on: tuple[str, ...] = ()
    waiting_since: AwareDatetime | None = None
    meeting_at: AwareDatetime | None = None
    late: bool = False
    needs_attention: bool = False
    published_at: datetime | None = None
    open_items: tuple[OpenItem, ...] = ()


def summary(case: Case, now: datetime) -> CaseSummary:
    """Return what operations see of a case at an instant."""
    waiting = [each for each in waits(case) if each.since <= now]
    return CaseSummary(
        case=case.id,
        phase=phase(case),
        severity=case.incident.severity if case.incident else "",
        services=case.incident.services if case.incident else (),
        owner=case.ownership.owner,
        waiting_on=tuple(dict.fromkeys(f"{each.what}:{each.person}" for each in waiting)),
        waiting_since=min((each.since for each in waiting), default=None),
        meeting_at=case.meeting.start,
        late=is_late(case, now),
        needs_attention=bool(attention(case)),
        published_at=case.published_at,
        open_items=tuple(_open_item(item) for item in case.items if item.open),
    )


def is_late(case: Case, now: datetime) -> bool:
    """Tell whether a limit of the policy is passed: meeting, publication or an action item."""
    if case.rules is None or case.incident is None:
        return False
    limit, held = case.meeting.limit, case.meeting.held_at
    meeting_late = limit is not None and (held or now) > limit
    by = report_limit(case)
    report_late = case.published_at is None and by is not None and now > by
    today = now.date()
    items_late = any(item.open and item.due is not None and item.due < today for item in case.items)
    return meeting_late or report_late or items_late


@remembered
def attention(case: Case) -> tuple[str, ...]:
    """Return, in sentences, what operations must look at."""
    parked = (
        f"{key}: {each.status}. {each.reason}"
        for key, each in case.ledger.items()
        if each.status in (Status.REFUSED, Status.UNKNOWN)
    )
    odd = (each.text for each in case.oddities)
    return (*parked, *_nobody_to_ask(case), *_everybody_told(case), *odd)


def _everybody_told(case: Case) -> Iterator[str]:
    """Yield what still waits although its ladder has been climbed to the top (2.2)."""
    for waiting in waits(case):
        if not any(f":{waiting.key}:" in key for key in case.ledger):
            continue
        top = max(rungs(case, waiting), key=lambda rung: rung.at, default=None)
        told = case.ledger.get(top.effect.key) if top else None
        if top and told and told.version == top.effect.version and told.status is Status.DONE:
            yield f"{waiting.what} from {waiting.person}: everybody on the ladder was told."


def _nobody_to_ask(case: Case) -> Iterator[str]:
    """Yield what cannot go on because nobody is known who could be asked."""
    asked, message = case.ownership, case.message
    if case.rules is None or case.almanac is None or case.closed_at is not None:
        return
    if asked.owner is None and asked.nominee is None and commander(case) is None:
        yield "Nobody is known who could own it or appoint an owner: appoint_owner."
    wanted = case.rules.severity.external_message and not message.finished
    if wanted and message.text is not None and customer_liaison(case) is None:
        yield "No customer liaison is known who could approve the customer message."


def details(case: Case, now: datetime) -> str:
    """Return the case in Markdown for the Temporal UI: ids and roles, no words of the report."""
    seen = summary(case, now)
    title = f"{seen.severity}: {case.incident.title}" if case.incident else "nothing known yet"
    lines = [title, ""]
    lines += [f"**{seen.phase}**" + (", needs attention" if seen.needs_attention else ""), ""]
    lines += [
        f"- waits for {each.what} from {each.person} since {shown_at_home(case, each.since)}"
        for each in waits(case)
        if each.since <= now
    ]
    if seen.meeting_at is not None:
        lines.append(f"- meeting {shown_at_home(case, seen.meeting_at)}")
    if (next_at := wake_at(case, now)) is not None:
        lines.append(f"- next look {shown_at_home(case, next_at)}")
    lines += [f"- {item.id} open: {item.issue or 'no ticket'}" for item in seen.open_items]
    lines += [f"- attention: {each}" for each in attention(case)]
    return "\n".join(lines)


def _open_item(item: ActionItem) -> OpenItem:
    return OpenItem(
        id=item.id,
        issue=item.issue.key if item.issue else "",
        team=item.team,
        due=item.due.isoformat() if item.due else "",
    )
