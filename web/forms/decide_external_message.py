"""The liaison's decision about one exact text, on the page that only the review link opens.

Fields: `decision` approved or changes; `comment`; `code`; `digest`. The page holds the code
against the mail's before anything is decided.
"""

from domain.customer_message.acts import DecideExternalMessage
from domain.customer_message.codes import ReportWrongCode
from domain.customer_message.state import SignedDecision
from domain.engine.journal import Door
from web.form_data import FormData, Wrong
from web.forms.customer_text import LONGEST_COMMENT
from web.forms.form import Form, Sent

_DECISIONS = ("approved", "changes")


def _read(sent: Sent) -> DecideExternalMessage:
    wrong = _problems(sent.data)
    if wrong:
        raise Wrong(wrong)
    said = {each: sent.data[each] for each in ("digest", "decision", "comment")}
    decided = SignedDecision(
        case=sent.case.id,
        request=sent.about,
        digest=said["digest"],
        person=sent.person,
        decision=said["decision"],
        evidence=sent.evidence,
    )
    return sent.act(DecideExternalMessage, approval_id=sent.about, **said, **sent.signed(decided))


def _problems(data: FormData) -> dict[str, str]:
    """Say all at once what is missing."""
    wrong = {}
    if data["decision"] not in _DECISIONS:
        wrong["decision"] = "Choose what you decide."
    if data["decision"] == "changes" and "comment" not in data:
        wrong["comment"] = "Say what should change, so that the owner can revise the text."
    if len(data["comment"]) > LONGEST_COMMENT:
        wrong["comment"] = f"This is too long: at most {LONGEST_COMMENT} characters."
    return wrong


FORM = Form(
    acts=(DecideExternalMessage, ReportWrongCode),
    template="decide_external_message.html",
    read=_read,
    doors=frozenset({Door.REVIEW_LINK}),
)
