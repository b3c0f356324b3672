"""Whether a customer message of unknown fate arrived; it is never sent again by itself.

Fields: `outcome` arrived or send again.
"""

from domain.customer_message.acts import SettleDelivery, resending
from web.form_data import Wrong
from web.forms.form import Form, Sent

_OUTCOMES = ("arrived", "send again")


def _read(sent: Sent) -> SettleDelivery:
    outcome = sent.data.chosen("outcome", _OUTCOMES, "Choose one of the two.")
    if sent.case.message.approval is None:
        raise Wrong({"outcome": "There is no message that could have arrived. Reload the page."})
    decided = resending(sent.case, sent.person, sent.evidence)
    return sent.act(SettleDelivery, outcome=outcome, **sent.signed(decided))


FORM = Form(acts=(SettleDelivery,), template="settle_delivery.html", read=_read)
