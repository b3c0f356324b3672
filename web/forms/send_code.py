"""Having the code sent that the next step about the customer message needs.

Fields: none.
"""

from domain.customer_message.codes import SendCode
from web.forms.form import Form, Sent


def _read(sent: Sent) -> SendCode:
    return sent.act(SendCode)


FORM = Form(acts=(SendCode,), template="send_code.html", read=_read)
