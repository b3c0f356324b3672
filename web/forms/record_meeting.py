"""What came of the meeting: whether it was held, and whether the facts are agreed.

Fields: `held` yes or no; `facts_agreed` yes or no; `note`.
"""

from domain.meeting.acts import RecordMeeting
from web.forms.choices import YES_OR_NO
from web.forms.form import Form, Occasion, Sent, Shown


def _shows(on: Occasion) -> Shown:
    end = on.case.meeting.end
    return {"ends_at": on.at(end) if end else ""}


def _read(sent: Sent) -> RecordMeeting:
    held = sent.data.chosen("held", YES_OR_NO, "Choose whether the meeting was held.") == "yes"
    agreed = True
    if held:
        agreed = sent.data.chosen("facts_agreed", YES_OR_NO, "Choose yes or no.") == "yes"
    return sent.act(RecordMeeting, held=held, facts_agreed=agreed, note=sent.data["note"])


FORM = Form(acts=(RecordMeeting,), template="record_meeting.html", read=_read, shows=_shows)
