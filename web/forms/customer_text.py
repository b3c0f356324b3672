"""What the forms about the customer message show of its text."""

from domain.case import Case
from domain.moments import posting_allowed_at
from web.forms.form import Occasion, Shown

LONGEST_COMMENT = 2000


def exact(case: Case) -> str:
    """Return the customer message as one text to copy."""
    text = case.message.text
    if text is None:
        return ""
    return f"{text.subject}\n\n{text.summary}\n\n{text.what_happened}\n\n{text.what_we_do}"


def approved(on: Occasion) -> Shown:
    """Return which text is approved, and from when on it may leave."""
    asked, allowed = on.case.message.approval, posting_allowed_at(on.case)
    return {
        "digest": asked.digest[:10] if asked else "",
        "approved": on.case.message.approved_at is not None,
        "allowed": on.at(allowed) if allowed else "now",
    }
