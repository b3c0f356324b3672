"""Every link of every mail of a whole life: the moments at which robots come upon them."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from domain.action_items.acts import RecordTicket
from domain.customer_message.acts import MarkPosted
from domain.customer_message.codes import SendCode
from domain.customer_message.state import CUSTOMERS
from domain.decisions.acts import ConfirmActionItem, ItemAnswer
from domain.engine.ledger import Outcome, Status
from domain.meeting.acts import RecordBooking
from domain.ownership.acts import DeclineOwnership
from domain.policy import Connected
from domain.preparation.subject import RecordDocument
from integrations.links import Purpose
from tests.playing import AMARA, BEATRIZ, INES, Play
from tests.web_cases import (
    CASE,
    LINKS,
    approved,
    asked_to_approve,
    decided,
    held,
    owned,
    received,
)

Moment = Callable[[Connected], Play]
LEVEL_2 = Connected()


def nobody_owns_it(connected: Connected) -> Play:
    play = received(connected)
    while play.case.ownership.nominee is not None:
        play.act(DeclineOwnership(by=play.case.ownership.nominee))
    return play


def booked_by_hand(connected: Connected) -> Play:
    play = owned(connected)
    if not connected.calendar:
        play.act(RecordBooking(by=AMARA, reference="https://calendar.example.com/1"))
        play.act(RecordDocument(by=AMARA, reference="https://wiki.example.com/1"))
    return play


def deleted_meeting(connected: Connected) -> Play:
    play = owned(connected)
    if connected.calendar:
        play.delete_event()
        play.wait(days=1)
    return play


def meeting_over(connected: Connected) -> Play:
    play = owned(connected)
    play.until(play.case.meeting.end)
    return play


def posting(connected: Connected) -> Play:
    return approved(connected, and_allowed=True)


def with_a_code_sent(connected: Connected) -> Play:
    play = approved(connected)
    play.act(SendCode(by=AMARA))
    return play


def doubtful(connected: Connected) -> Play:
    """Nobody knows whether customers have their mail."""
    play = posting(connected)
    assert play.case.rules is not None
    rules = play.case.rules
    message = rules.message.replace(channel="mail", mailing_list="customers")
    asked = play.case.message.approvals[-1]
    fate = Outcome(version=asked.digest, status=Status.UNKNOWN, at=play.now, reason="no answer")
    ledger = {**play.case.ledger, CUSTOMERS: fate}
    play.case = play.case.replace(rules=rules.replace(message=message), ledger=ledger)
    play.wait(days=2)
    return play


def followed(connected: Connected) -> Play:
    """The report is out, and its action items are late."""
    play = posting(connected)
    play.act(MarkPosted(by=BEATRIZ, url="https://status.example.com/1"))
    for item in play.case.items:
        if item.unconfirmed:
            yes = ItemAnswer(item=item.id, answer="confirm")
            play.act(ConfirmActionItem(by=INES, answers=(yes,)))
        if not connected.issues and play.case.item(item.id) and item.accepted:
            play.act(RecordTicket(by=INES, item=item.id, reference=f"WAF-{item.id}"))
    play.wait(days=25)
    return play


MOMENTS = (
    received,
    nobody_owns_it,
    owned,
    booked_by_hand,
    deleted_meeting,
    meeting_over,
    held,
    decided,
    asked_to_approve,
    approved,
    with_a_code_sent,
    posting,
    doubtful,
    followed,
)


def links(play: Play) -> tuple[str, ...]:
    """Return the path of every link to our pages in every mail that the play has sent."""
    found: dict[str, None] = {}
    for _, sent in play.notices():
        link = sent.notice.link
        if link is not None and link.leads_to != "document":
            purpose = Purpose[link.leads_to.upper()]
            found[LINKS.url(purpose, CASE, sent.to, link.subject)] = None
    return tuple(urlsplit(url).path for url in found)


def a_minute_later(play: Play) -> None:
    """Let everything be done that a robot could have brought about."""
    play.until(play.now + timedelta(minutes=1))
