"""A case in Markdown for the Temporal UI: ids and roles, no words of the report."""

from collections.abc import Iterator
from datetime import datetime

from domain.case import Case
from domain.engine.agenda import Life, wake_at
from domain.engine.subject import Attention
from domain.people import home_zone
from domain.views.summary import CaseSummary
from wording.catalogue import catalogue
from wording.dates import instant


def details(
    life: Life[Case], attention: tuple[Attention, ...], seen: CaseSummary, now: datetime
) -> str:
    """Return what operations read of a case in Temporal's own pages, by the home team's clocks."""
    return "\n".join(_lines(life, attention, seen, now))


def _lines(
    life: Life[Case], attention: tuple[Attention, ...], seen: CaseSummary, now: datetime
) -> Iterator[str]:
    case, words, zone = life.case, catalogue(), home_zone(life.case)
    title = f"{seen.severity}: {case.incident.title}" if case.incident else "nothing known yet"
    yield from (title, "")
    yield from (f"**{seen.phase}**" + (", needs attention" if seen.needs_attention else ""), "")
    for each in life.asked:
        waiting = each.waiting
        if waiting.since <= now:
            since = instant(waiting.since, zone)
            yield f"- waits for {waiting.what} from {waiting.person} since {since}"
    if seen.meeting_at is not None:
        yield f"- meeting {instant(seen.meeting_at, zone)}"
    if (next_at := wake_at(life, now)) is not None:
        yield f"- next look {instant(next_at, zone)}"
    for item in seen.open_items:
        yield f"- {item.id} open: {item.issue or 'no ticket'}"
    for stuck in attention:
        yield f"- attention: {words.attention(stuck)}"
