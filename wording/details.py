"""A case in Markdown for the Temporal UI: ids and roles, no words of the report."""

from datetime import datetime

from domain.case import Case
from domain.engine.agenda import Life, wake_at
from domain.engine.subject import Attention
from domain.people import home_zone
from domain.views.summary import CaseSummary


def details(
    life: Life[Case], attention: tuple[Attention, ...], seen: CaseSummary, now: datetime
) -> str:
    """Return what operations read of a case in Temporal's own pages."""
    case = life.case
    title = f"{seen.severity}: {case.incident.title}" if case.incident else "nothing known yet"
    lines = [title, ""]
    lines += [f"**{seen.phase}**" + (", needs attention" if seen.needs_attention else ""), ""]
    lines += [
        f"- waits for {each.waiting.what} from {each.waiting.person} since {each.waiting.since}"
        for each in life.asked
        if each.waiting.since <= now
    ]
    if seen.meeting_at is not None:
        lines.append(f"- meeting {seen.meeting_at} ({home_zone(case)})")
    if (next_at := wake_at(life, now)) is not None:
        lines.append(f"- next look {next_at}")
    lines += [f"- {item.id} open: {item.issue or 'no ticket'}" for item in seen.open_items]
    lines += [f"- attention: {each.kind} {each.facts}" for each in attention]
    return "\n".join(lines)
