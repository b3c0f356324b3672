"""Unlocking codes that were mistyped too often.

Fields: none.
"""

from domain.customer_message.codes import UnlockCodes
from web.forms.form import Form, Sent


def _read(sent: Sent) -> UnlockCodes:
    return sent.act(UnlockCodes)


FORM = Form(acts=(UnlockCodes,), template="unlock_codes.html", read=_read)
