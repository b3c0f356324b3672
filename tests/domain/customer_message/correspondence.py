"""The correspondence about a customer message: its drafts, the letters they cause, what leaves."""

from domain.customer_message.acts import DraftExternalMessage
from domain.customer_message.effects import SendToCustomers
from domain.customer_message.state import MessageText
from domain.engine.notice import SendNotice
from tests.playing import AMARA, Play
from tests.scenes import TEXT

OTHER = TEXT.replace(summary="For 70 minutes, we answered with errors. We are sorry.")
URL = "https://status.example.com/1"
_KINDS = ("message-draft", "approval", "approved", "posting", "delivery")


def draft(play: Play, text: MessageText = TEXT) -> None:
    play.act(DraftExternalMessage(by=AMARA, text=text))


def letters(play: Play) -> list[tuple[str, str]]:
    """Who got which letter about the message."""
    notices = play.kinds(SendNotice)
    return [(e.notice.kind, e.to) for e in notices if e.notice.kind in _KINDS]


def to_customers(play: Play) -> list[str]:
    return [effect.text.summary for effect in play.kinds(SendToCustomers)]
