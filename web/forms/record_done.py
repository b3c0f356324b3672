"""What became of one action item that no tracker tells of: two buttons, no choice beforehand.

Fields: `item` its id; `outcome` done or won't do, the button that was pressed; `reason`.
"""

from domain.action_items.acts import RecordDone
from web.form_data import Wrong
from web.forms.form import Form, Sent
from web.forms.one_item import about_item, of_item

_OUTCOMES = ("done", "won't do")


def _read(sent: Sent) -> RecordDone:
    item = of_item(sent)
    outcome = sent.data.chosen("outcome", _OUTCOMES, "Press one of the two buttons.")
    if outcome != "done" and "reason" not in sent.data:
        raise Wrong({"reason": "Say why it will not be done."})
    return sent.act(RecordDone, item=item, outcome=outcome, reason=sent.data["reason"])


FORM = Form(
    acts=(RecordDone,),
    template="record_done.html",
    read=_read,
    shows=about_item,
    apart_by="item",
)
