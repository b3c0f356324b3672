"""Having tried again what another system refused, after mending the cause.

Fields: none.
"""

from domain.engine.ledger import Status
from domain.operations.subject import Retry
from web.forms.form import Form, Occasion, Sent, Shown


def _shows(on: Occasion) -> Shown:
    refused = (each for each in on.case.ledger.values() if each.status is Status.REFUSED)
    return {"reasons": tuple(dict.fromkeys(each.reason for each in refused)), "open": True}


def _read(sent: Sent) -> Retry:
    return sent.act(Retry)


FORM = Form(acts=(Retry,), template="retry.html", read=_read, shows=_shows)
