"""Whether a customer message of unknown fate arrived; it is never sent again by itself.

Fields: `outcome` arrived or send again.
"""

from domain.customer_message.acts import SettleDelivery
from web.forms.form import Form, Sent

_OUTCOMES = ("arrived", "send again")


def _read(sent: Sent) -> SettleDelivery:
    outcome = sent.data.chosen("outcome", _OUTCOMES, "Choose one of the two.")
    return sent.act(SettleDelivery, outcome=outcome)


FORM = Form(acts=(SettleDelivery,), template="settle_delivery.html", read=_read)
