"""What is read again before somebody is told something, since people work in their own tools."""

from domain.case import Case
from domain.document import wanted_document
from domain.effects import Effect, PutDocument, ReadEvent, ReadIssues
from domain.entry import READ_DOCUMENT, READ_EVENT, READ_ISSUES, Entry
from domain.invitation import wanted_event
from domain.keys import fingerprint
from domain.people import home_calendar
from domain.remembering import remembered
from domain.working_time import next_business_morning


def readings(case: Case) -> dict[str, Effect]:
    """Return the readings that entries may ask for first; what is not connected is absent."""
    found: dict[str, Effect] = {}
    put, look = put_document(case), look_at_event(case)
    if put is not None:
        found[READ_DOCUMENT] = put
    if look is not None:
        found[READ_EVENT] = look.effect
    tickets = tuple(item.issue.key for item in case.items if item.issue and item.open)
    if tickets and case.rules is not None and case.rules.connected.issues:
        found[READ_ISSUES] = ReadIssues(issues=tickets)
    return found


@remembered
def put_document(case: Case) -> PutDocument | None:
    """Return the effect that writes our parts of the document and reads the rest.

    A proposal whose row was seen in the table is left to people: it is not written again, so
    that who deletes the row takes the proposal back.
    """
    wanted = wanted_document(case)
    if wanted is None or case.rules is None or not case.rules.connected.documents:
        return None
    theirs = {item.id for item in case.items if item.as_typed and item.decision is None}
    ours = tuple(row for row in wanted.rows if row.id not in theirs)
    return PutDocument(version=fingerprint(wanted), document=wanted.but(rows=ours))


def look_at_event(case: Case) -> Entry | None:
    """Read the event each business morning, and as soon as the calendar tells of a change."""
    event, seen = wanted_event(case, inviting=True), case.meeting.read_at
    if event is None or seen is None or not case.meeting.ahead:
        return None
    told = case.meeting.changed_at
    read = ReadEvent(
        version=(told or seen).isoformat(),
        event_key=event.key,
        people=tuple(each.person for each in event.attendees),
        believed=case.meeting.in_calendar,
    )
    at = told or next_business_morning(seen, home_calendar(case))
    return Entry(at=at, effect=read, until=event.start)
