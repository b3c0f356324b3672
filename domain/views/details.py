"""A case in Markdown for the Temporal UI: ids and roles, no words of the report.

They are written inside the workflow, so they use the names that operations filter by and no
template of `wording/`; `aftermath show` says the same in sentences.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.calendar.instants import shown_with_zone
from domain.case import Case
from domain.engine.agenda import Life, wake_at
from domain.engine.subject import Attention
from domain.incident import Incident
from domain.people import home_calendar, home_zone
from domain.views.markdown import as_written
from domain.views.summary import CaseSummary


def details(
    life: Life[Case], attention: tuple[Attention, ...], seen: CaseSummary, now: datetime
) -> str:
    """Return what operations read of a case in Temporal's own pages, by the home team's clocks."""
    return "\n".join(_lines(life, attention, seen, now))


def title(incident: Incident) -> str:
    """Return what stands above a case in Temporal's own pages."""
    return f"{incident.severity}: {as_written(incident.title)}"


def _lines(
    life: Life[Case], attention: tuple[Attention, ...], seen: CaseSummary, now: datetime
) -> Iterator[str]:
    case = life.case
    yield from (title(case.incident) if case.incident else "nothing known yet", "")
    yield from (f"**{seen.phase}**" + (", needs attention" if seen.needs_attention else ""), "")
    for each in life.asked:
        waiting = each.waiting
        if waiting.since <= now:
            since = _at_home(case, waiting.since)
            yield f"- waits for {waiting.what} from {waiting.person} since {since}"
    if seen.meeting_at is not None:
        yield f"- meeting {_at_home(case, seen.meeting_at)}"
    if (next_at := wake_at(life, now)) is not None:
        yield f"- next look {_at_home(case, next_at)}"
    for item in seen.open_items:
        yield f"- {item.id} open: {as_written(item.issue) or 'no ticket'}"
    for stuck in attention:
        yield f"- attention: {_said(stuck)}"


def _said(attention: Attention) -> str:
    facts = as_written(", ".join(filter(None, attention.facts.values())))
    what = attention.kind.replace("-", " ")
    return f"{what}: {facts}" if facts else what


def _at_home(case: Case, instant: datetime) -> str:
    return shown_with_zone(instant, home_calendar(case).changes, home_zone(case))
