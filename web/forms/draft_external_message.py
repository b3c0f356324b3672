"""The text for customers, whole.

Fields: `subject`, `summary`, `what_happened`, `what_we_do`.
"""

from domain.customer_message.acts import DraftExternalMessage
from domain.customer_message.state import MessageText
from web.form_data import Wrong
from web.forms.form import Form, Occasion, Sent, Shown

PARTS = tuple(MessageText.model_fields)


def _shows(on: Occasion) -> Shown:
    asked = on.case.message.approval
    wants_changes = asked is not None and asked.decision == "changes"
    return {
        "text": on.case.message.text or dict.fromkeys(PARTS, ""),
        "version": on.case.message.version,
        "comment": asked.comment if asked and wants_changes else "",
        "commenter": on.name(asked.liaison) if asked else "",
    }


def _read(sent: Sent) -> DraftExternalMessage:
    missing = {part: "Please fill this in." for part in PARTS if part not in sent.data}
    if missing:
        raise Wrong(missing)
    return sent.act(DraftExternalMessage, text={part: sent.data[part] for part in PARTS})


FORM = Form(
    acts=(DraftExternalMessage,),
    template="draft_external_message.html",
    read=_read,
    shows=_shows,
)
