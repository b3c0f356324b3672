"""Where the document is that somebody made by hand.

Fields: `reference` its address.
"""

from domain.preparation.subject import RecordDocument
from web.form_data import Wrong
from web.forms.form import Form, Sent


def _read(sent: Sent) -> RecordDocument:
    if "reference" not in sent.data:
        raise Wrong({"reference": "Paste the address of the document, so that others find it."})
    return sent.act(RecordDocument, reference=sent.data["reference"])


FORM = Form(acts=(RecordDocument,), template="record_document.html", read=_read)
