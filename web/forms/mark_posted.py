"""Where the approved customer message was posted.

Fields: `url`.
"""

from domain.customer_message.acts import MarkPosted
from web.form_data import Wrong
from web.forms.customer_text import approved, exact
from web.forms.form import Form, Occasion, Sent, Shown


def _shows(on: Occasion) -> Shown:
    return {"exact": exact(on.case), **approved(on)}


def _read(sent: Sent) -> MarkPosted:
    if "url" not in sent.data:
        raise Wrong({"url": "Paste the address of the post."})
    return sent.act(MarkPosted, url=sent.data["url"])


FORM = Form(acts=(MarkPosted,), template="mark_posted.html", read=_read, shows=_shows)
