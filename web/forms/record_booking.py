"""Where the meeting stands that somebody booked by hand.

Fields: `reference` the event's address.
"""

from domain.meeting.acts import RecordBooking
from web.form_data import Wrong
from web.forms.form import Form, Occasion, Sent, Shown


def _shows(on: Occasion) -> Shown:
    start = on.case.meeting.start
    return {"meeting_at": on.at(start) if start else ""}


def _read(sent: Sent) -> RecordBooking:
    if "reference" not in sent.data:
        raise Wrong({"reference": "Paste the address of the event, so that others find it."})
    return sent.act(RecordBooking, reference=sent.data["reference"])


FORM = Form(acts=(RecordBooking,), template="record_booking.html", read=_read, shows=_shows)
