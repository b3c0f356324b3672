"""Another time for the meeting: one of those that were found, or one of people's own.

Fields: `start` an offered instant, or `other`; `other` a local time; `reason`.
"""

from collections.abc import Iterator

from domain.calendar.instants import shown_duration
from domain.meeting.acts import MoveMeeting
from domain.meeting.slots import Reason, Slot
from domain.moments import meeting_limit
from web.form_data import Wrong
from web.forms.form import Form, Occasion, Sent, Shown

OTHER = "other"
ALTERNATIVES = 2


def _shows(on: Occasion) -> Shown:
    meeting, limit = on.case.meeting, meeting_limit(on.case)
    slots = [each for each in meeting.slots if each.start != meeting.start][:ALTERNATIVES]
    offered = (*_same_again(on), *((each.start.isoformat(), _said(on, each)) for each in slots))
    shown = {
        "times": (*offered, (OTHER, "Another time")) if offered else (),
        "zone": on.zone,
        "limit": f"Needed if it ends after {on.at(limit)}." if limit else "",
        "now": _time_now(on),
        "by_calendar": meeting.ahead and meeting.in_calendar is not None,
    }
    unset = {"title": "Choose a time for the meeting", "button": "Choose this time", "open": True}
    return shown if meeting.ahead else {**shown, **unset}


def _said(on: Occasion, slot: Slot) -> str:
    return " · ".join((on.at(slot.start), *(_reason(on, each) for each in slot.reasons)))


def _reason(on: Occasion, reason: Reason) -> str:
    facts = {
        "people": ", ".join(map(on.name, reason.people)),
        "span": shown_duration(reason.span) if reason.span else "",
    }
    return on.words.slot(reason.kind, facts)


def _same_again(on: Occasion) -> Iterator[tuple[str, str]]:
    """Yield the time of a meeting whose event is gone: it may have been deleted by mistake."""
    start = on.case.meeting.start
    if start is not None and on.case.meeting.gone_at is not None:
        yield start.isoformat(), f"The same time again, {on.at(start)}"


def _time_now(on: Occasion) -> str:
    start = on.case.meeting.start
    if start is None:
        return "The meeting has no time yet."
    if on.case.meeting.gone_at is not None:
        return f"It was to be on {on.at(start)}; then its event was deleted."
    return f"The meeting is now on {on.at(start)}."


def _read(sent: Sent) -> MoveMeeting:
    if "start" not in sent.data:
        raise Wrong({"start": "Choose one of the times, or “another time”."})
    start = sent.instant(OTHER if sent.data["start"] == OTHER else "start")
    return sent.act(MoveMeeting, start=start, reason=sent.data["reason"])


FORM = Form(acts=(MoveMeeting,), template="move_meeting.html", read=_read, shows=_shows)
