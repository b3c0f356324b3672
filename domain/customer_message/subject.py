"""The customer message: one exact text, approved by the liaison, held back, then let out."""

from collections.abc import Iterator

from domain.case import Case
from domain.customer_message.acts import (
    DecideExternalMessage,
    DraftExternalMessage,
    HandOnReviewNow,
    MarkPosted,
    SettleDelivery,
    WithdrawMessage,
)
from domain.customer_message.codes import (
    ReportWrongCode,
    SendCode,
    UnlockCodes,
    unlockers,
)
from domain.customer_message.effects import HandOnReview, RequestApproval, SendToCustomers
from domain.customer_message.notices import (
    Approved,
    CodeSent,
    CodesLocked,
    DeliveryUnknown,
    DraftWanted,
    PostingWanted,
    ReviewWanted,
)
from domain.customer_message.state import CUSTOMERS, Approval, MessageText
from domain.engine.entry import Entry
from domain.engine.ledger import Status
from domain.engine.notice import Ask, Link, sending
from domain.engine.subject import Attention, Subject
from domain.engine.value import PersonId
from domain.engine.waiting import Lapse, Waiting, WaitSpec
from domain.moments import posting_allowed_at
from domain.people import (
    authors,
    can_be_handed_on,
    commander,
    name_of,
    reviewers,
    usual_calendar,
)


def entries(case: Case) -> Iterator[Entry]:
    """Ask for approval once all is settled, wait out the hold-back, then hand it over."""
    yield from _codes(case)
    if _is_open(case) and case.all_settled:
        yield from _request(case)
        yield from _release(case)


def _is_open(case: Case) -> bool:
    return case.wants_message and not case.message.finished


def _request(case: Case) -> Iterator[Entry]:
    """Ask the liaison once every proposal has its verdict and its team's answer (S0)."""
    message = case.message
    if message.drafted_at is None or case.decided_at is None or _is_in_good_hands(case):
        return
    if reviewers(case):
        ask = RequestApproval(key=f"turn:approval:{len(message.approvals) + 1}")
        yield Entry(max(message.drafted_at, case.decided_at), ask)


def _is_in_good_hands(case: Case) -> bool:
    """Tell whether somebody was asked who may decide, or has decided already."""
    asked = case.message.approval
    return asked is not None and (asked.decision is not None or asked.liaison not in authors(case))


def _codes(case: Case) -> Iterator[Entry]:
    """Mail the code of the request that counts to whoever wanted it."""
    asked = case.message.approval
    for person, wish in case.message.codes_wanted.items():
        if asked is not None and wish.request == asked.id:
            notice = CodeSent(code_for=asked.id, incident=case.facts)
            yield sending(notice, person, wish.at, version=asked.id)


def _release(case: Case) -> Iterator[Entry]:
    """Tell who could stop it, wait out the hold-back, then hand it over."""
    request, text = case.message.approval, case.message.text
    approved_at, allowed = case.message.approved_at, posting_allowed_at(case)
    if case.rules is None or request is None or text is None:
        return
    if approved_at is None or allowed is None:
        return
    rules = case.rules.message
    mailed = rules.channel == "mail"
    told = (case.ownership.owner, commander(case), request.liaison if mailed else None)
    notice = Approved(
        link=Link(leads_to="withdraw", subject=request.id),
        code_for=request.id,
        incident=case.facts,
        digest=request.digest,
        channel=rules.channel,
        leaves_at=allowed,
    )
    for person in dict.fromkeys(filter(None, told)):
        yield sending(notice, person, approved_at)
    if mailed and rules.mailing_list is not None:
        yield Entry(allowed, _mailing(case, request, text, rules.mailing_list))


def _mailing(case: Case, request: Approval, text: MessageText, to: PersonId) -> SendToCustomers:
    return SendToCustomers(
        version=request.digest,
        to=to,
        text=text,
        approved=request.signed(case.id),
        again=case.message.again,
    )


def _undelivered(case: Case) -> Iterator[Waiting]:
    fate, owner = case.ledger.get(CUSTOMERS), case.ownership.owner
    unknown = fate is not None and fate.status is Status.UNKNOWN
    if _is_open(case) and unknown and fate is not None and owner is not None:
        yield Waiting("delivery", owner, fate.at)


def _undrafted(case: Case) -> Iterator[Waiting]:
    """Yield the owner while there is no text after the meeting, or a change is wanted."""
    owner, asked = case.ownership.owner, case.message.approval
    if owner is None or not _is_open(case) or list(_undelivered(case)):
        return
    if asked is not None and asked.decision == "changes" and asked.decided_at is not None:
        yield Waiting("message-draft", owner, asked.decided_at)
    elif case.message.text is None and case.meeting.held_at is not None:
        yield Waiting("message-draft", owner, case.meeting.held_at)


def _ask_for_draft(case: Case, waiting: Waiting) -> Ask:
    asked = case.message.approval
    comment = asked.comment if asked is not None and asked.decision == "changes" else ""
    return Ask(DraftWanted(incident=case.facts, comment=comment))


def _undecided(case: Case) -> Iterator[Waiting]:
    asked = case.message.approval
    if _is_open(case) and case.all_settled and asked is not None and asked.decision is None:
        since = asked.requested_at
        yield Waiting("approval", asked.liaison, since, asked.id, request=asked.id)


def _ask_for_review(case: Case, waiting: Waiting) -> Ask:
    asked, text = case.message.asked_about
    notice = ReviewWanted(
        link=Link(leads_to="approval", subject=asked.id),
        code_for=asked.id,
        incident=case.facts,
        version=asked.version,
        digest=asked.digest,
        text=text,
    )
    return Ask(notice, version=asked.id)


def _unposted(case: Case) -> Iterator[Waiting]:
    asked, allowed = case.message.approval, posting_allowed_at(case)
    by_hand = case.rules is not None and case.rules.message.channel == "manual"
    if by_hand and _is_open(case) and case.all_settled and asked is not None and allowed:
        yield Waiting("posting", asked.liaison, allowed)


def _ask_to_post(case: Case, waiting: Waiting) -> Ask:
    asked, text = case.message.asked_about
    notice = PostingWanted(
        code_for=asked.id, incident=case.facts, text=text, approved=asked.signed(case.id)
    )
    return Ask(notice)


def _ask_about_delivery(case: Case, waiting: Waiting) -> Ask:
    asked, _ = case.message.asked_about
    return Ask(DeliveryUnknown(code_for=asked.id, incident=case.facts))


def _locked(case: Case) -> Iterator[Waiting]:
    for person, at in case.message.locked.items():
        able = next((each for each in unlockers(case) if each != person), None)
        if _is_open(case) and able is not None:
            yield Waiting("locked-code", able, at, about=person)


def _ask_to_unlock(case: Case, waiting: Waiting) -> Ask:
    notice = CodesLocked(incident=case.facts, person_name=name_of(case, waiting.about))
    return Ask(notice, about=waiting.about)


def _handing_on(case: Case, waiting: Waiting) -> Iterator[Lapse]:
    """Ask the next one when patience ends, as long as there is one; silence is never a yes."""
    if can_be_handed_on(case, waiting.person):
        hand_on = HandOnReview(key=f"turn:hand-on:{waiting.request}", person=waiting.person)
        yield Lapse(
            (case.binding.patience.approval,), usual_calendar(case, waiting.person), hand_on
        )


def _attention(case: Case) -> Iterator[Attention]:
    """Show that nobody is left who may decide: all of them wrote it, or handed it on."""
    undecided = case.message.text is not None and case.message.approved_at is None
    if _is_open(case) and undecided and not reviewers(case):
        yield Attention("nobody-to-approve", {})


CUSTOMER_MESSAGE = Subject(
    name="customer-message",
    entries=entries,
    waits=(
        WaitSpec(
            name="delivery",
            on=_undelivered,
            asks=_ask_about_delivery,
            answered_by=(SettleDelivery,),
        ),
        WaitSpec(
            name="message-draft",
            on=_undrafted,
            asks=_ask_for_draft,
            answered_by=(DraftExternalMessage,),
        ),
        WaitSpec(
            name="approval",
            on=_undecided,
            asks=_ask_for_review,
            answered_by=(DecideExternalMessage, HandOnReviewNow, ReportWrongCode),
            lapses=_handing_on,
        ),
        WaitSpec(name="posting", on=_unposted, asks=_ask_to_post, answered_by=(MarkPosted,)),
        WaitSpec(name="locked-code", on=_locked, asks=_ask_to_unlock, answered_by=(UnlockCodes,)),
    ),
    acts=(
        DraftExternalMessage,
        DecideExternalMessage,
        HandOnReviewNow,
        ReportWrongCode,
        WithdrawMessage,
        MarkPosted,
        SettleDelivery,
        UnlockCodes,
        SendCode,
    ),
    effects=(SendToCustomers,),
    notices=(
        DraftWanted,
        ReviewWanted,
        Approved,
        PostingWanted,
        DeliveryUnknown,
        CodeSent,
        CodesLocked,
    ),
    attention=_attention,
)
