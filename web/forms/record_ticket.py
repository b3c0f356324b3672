"""Where the ticket of one action item stands: opened by hand, or moved out of our sight.

Fields: `item` its id; `reference` the ticket's key or address.
"""

from domain.action_items.acts import RecordTicket
from web.form_data import Wrong
from web.forms.form import Form, Occasion, Sent, Shown
from web.forms.one_item import about_item, of_item


def _shows(on: Occasion) -> Shown:
    shown = about_item(on)
    moved = {"title": "Where is the ticket now?", "button": "It stands there"}
    return {**shown, **moved} if shown["unreachable"] else shown


def _read(sent: Sent) -> RecordTicket:
    item = of_item(sent)
    if "reference" not in sent.data:
        raise Wrong({"reference": "Paste the key or the address, so that others find it."})
    return sent.act(RecordTicket, item=item, reference=sent.data["reference"])


FORM = Form(
    acts=(RecordTicket,),
    template="record_ticket.html",
    read=_read,
    shows=_shows,
    apart_by="item",
)
