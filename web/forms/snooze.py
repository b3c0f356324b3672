"""Being left alone until a time that one names, about all that is asked of one in a case.

Fields: `until` a local time; `reason`.
"""

from domain.steering.acts import SnoozeReminders
from web.forms.form import Form, Occasion, Sent, Shown


def _shows(on: Occasion) -> Shown:
    return {"zone": on.zone}


def _read(sent: Sent) -> SnoozeReminders:
    until = sent.instant("until")
    return sent.act(SnoozeReminders, until=until, reason=sent.data["reason"])


FORM = Form(acts=(SnoozeReminders,), template="snooze.html", read=_read, shows=_shows)
