"""Stopping an approved message: for a new text, or for good.

Fields: `answer` stop or never; `reason`.
"""

from domain.customer_message.acts import WithdrawMessage
from domain.engine.journal import Door
from web.form_data import Wrong
from web.forms.customer_text import approved
from web.forms.form import Form, Sent

_ANSWERS = ("stop", "never")


def _read(sent: Sent) -> WithdrawMessage:
    wrong: dict[str, str] = {}
    if sent.data["answer"] not in _ANSWERS:
        wrong["answer"] = "Choose what should happen to the message."
    if "reason" not in sent.data:
        wrong["reason"] = "Say why, so that the owner knows what to change."
    if wrong:
        raise Wrong(wrong)
    for_good = sent.data["answer"] == "never"
    return sent.act(WithdrawMessage, reason=sent.data["reason"], for_good=for_good)


FORM = Form(
    acts=(WithdrawMessage,),
    template="withdraw_message.html",
    read=_read,
    shows=approved,
    doors=frozenset({Door.PAGE, Door.STOP_LINK}),
)
