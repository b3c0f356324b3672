"""What operations see of a case at a glance: lists, memo, search attributes."""

import json
from datetime import datetime

from pydantic import AwareDatetime

from domain.action_items.state import ActionItem
from domain.case import Case, Phase
from domain.engine.agenda import Life
from domain.engine.subject import Attention
from domain.engine.value import PersonId, Value, fingerprint
from domain.moments import meeting_limit, report_limit
from domain.phases import phase

ATTRIBUTE_BYTES = 1900
"""Of the 2,048 that Temporal takes as one search attribute; a larger one ends the case."""


class OpenItem(Value):
    """An unfinished action item: ids only, no words of the postmortem."""

    id: str
    issue: str = ""
    team: str = ""
    due: str = ""


class CaseSummary(Value):
    """One line about a case; lists, digest and board read it from the memo.

    `waiting_on` holds `what:person`. Ids, roles and person ids only. `told` is a fingerprint of
    the incident, by which a repeated telling is known.
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
    told: str = ""

    def concerns(self, person: PersonId) -> bool:
        """Tell whether somebody owns the case, or it waits for them."""
        waited_for = (each.partition(":")[2] for each in self.waiting_on)
        return person in (self.owner, *waited_for)


def summary(life: Life[Case], attention: tuple[Attention, ...], now: datetime) -> CaseSummary:
    """Return what operations see of a case at an instant."""
    case = life.case
    waiting = [each.waiting for each in life.asked if each.waiting.since <= now]
    return CaseSummary(
        case=case.id,
        phase=phase(case),
        severity=case.incident.severity if case.incident else "",
        services=fitting(_known_services(case)),
        owner=case.ownership.owner,
        waiting_on=fitting(tuple(dict.fromkeys(f"{w.what}:{w.person}" for w in waiting))),
        waiting_since=min((each.since for each in waiting), default=None),
        meeting_at=case.meeting.start,
        late=is_late(case, now),
        needs_attention=bool(attention),
        published_at=case.published_at,
        open_items=tuple(_open_item(item) for item in case.items if item.open),
        told=fingerprint(case.incident) if case.incident else "",
    )


def _known_services(case: Case) -> tuple[str, ...]:
    """Return the services that were hit, as far as the organisation knows them."""
    told, directory = case.incident, case.directory
    if told is None or directory is None:
        return ()
    return tuple(dict.fromkeys(each for each in told.services if each in directory.services))


def fitting(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return as many names as fit into one search attribute, and how many there are more."""
    room = ATTRIBUTE_BYTES
    for number, name in enumerate(names):
        room -= len(json.dumps(name)) + 1
        if room < 0:
            return (*names[:number], f"and {len(names) - number} more")
    return names


def is_late(case: Case, now: datetime) -> bool:
    """Tell whether a limit of the policy is passed: meeting, publication or an action item."""
    if case.rules is None or case.incident is None:
        return False
    limit, held = meeting_limit(case), case.meeting.held_at
    meeting_late = limit is not None and (held or now) > limit
    by = report_limit(case)
    report_late = case.published_at is None and by is not None and now > by
    today = now.date()
    items_late = any(item.open and item.due is not None and item.due < today for item in case.items)
    return meeting_late or report_late or items_late


def _open_item(item: ActionItem) -> OpenItem:
    return OpenItem(
        id=item.id,
        issue=item.issue.key if item.issue else "",
        team=item.team,
        due=item.due.isoformat() if item.due else "",
    )
