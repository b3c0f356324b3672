"""Yes or no to owning the postmortem.

Fields: `answer` yes or no; `reason`.
"""

from domain.ownership.acts import AcceptOwnership, DeclineOwnership
from web.forms.choices import YES_OR_NO
from web.forms.form import Form, Sent


def _read(sent: Sent) -> AcceptOwnership | DeclineOwnership:
    if sent.data.chosen("answer", YES_OR_NO, "Choose yes or no.") == "yes":
        return sent.act(AcceptOwnership)
    return sent.act(DeclineOwnership, reason=sent.data["reason"])


FORM = Form(
    acts=(AcceptOwnership, DeclineOwnership),
    template="accept_ownership.html",
    read=_read,
)
