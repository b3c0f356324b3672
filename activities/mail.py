"""Mail: everything of one moment in one go, one message per person; and the customers' mail."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial

from temporalio import activity

from activities.failures import reported
from activities.pauses import Pause
from activities.pool import pooled
from domain.customer_message.effects import CustomerMailing
from domain.customer_message.notices import PostingWanted
from domain.customer_message.state import CUSTOMERS
from domain.engine.ledger import Outcomes, Report, Status, Told
from domain.engine.notice import Envelope, Mailing, Notice
from domain.engine.value import PersonId
from domain.meeting.notices import BookByHand
from integrations.errors import ServiceError
from integrations.links import Links, Purpose
from integrations.ports import Address, Directory, Mail, Notifier
from integrations.proofs import SEND_AGAIN, Proofs
from wording.environment import Reader
from wording.rendering import Part, Wording

SENT_TOGETHER = 8
"""Requests that a mail service gets at once; more would only meet its limits."""

Mailed = Outcomes[None]

UNPROVED = (
    "It does not bear the proof that the liaison approved exactly this text on the review page, so "
    "it does not leave. Whoever reaches Temporal may have written it: look who did."
)
COLLEAGUES_ONLY = (
    "{} is the customers' list: it gets nothing but the approved message. Take it out of the "
    "lists that get reports."
)


class MailActivities:
    """Everything that cases ask of the mail service.

    Temporal alone is not believed about `customers`, their list: what they or who posts for them
    get must bear the web part's proof.
    """

    def __init__(  # noqa: PLR0913 - one argument per thing that a mail needs
        self,
        notifier: Notifier,
        directory: Directory,
        links: Links,
        proofs: Proofs,
        wording: Wording,
        *,
        customers: PersonId | None = None,
    ) -> None:
        self._notifier = notifier
        self._directory = directory
        self._links = links
        self._proofs = proofs
        self._wording = wording
        self._customers = customers
        self._pause = Pause()

    @activity.defn
    def send_notices(self, wanted: Mailing) -> Mailed:
        """Send each person one message with all that is due for them.

        At least once: a repeat carries the same key, content, link and code, and is harmless.
        What an attempt has sent stands in its heartbeat, so that the next one sends the rest; it
        ends in time, and what it did not come to is due again at once.
        """
        since = time.monotonic()
        told = _kept()
        people = tuple(dict.fromkeys(each.to for each in wanted.envelopes))
        known = self._directory.addresses(people)
        work: dict[str, Callable[[], Sequence[Report]]] = {
            person: partial(self._sent, wanted, person, known.get(person))
            for person in people
            if any(each.key not in told for each in _to(wanted, person))
        }
        for _, reports in pooled(work, together=SENT_TOGETHER, since=since):
            told |= {each.key: each for each in reports}
            activity.heartbeat(_mailed(told.values()))
        return _mailed(told.get(each.key) or _not_reached(each) for each in wanted.envelopes)

    def _sent(self, wanted: Mailing, person: PersonId, to: Address | None) -> Sequence[Report]:
        theirs = _to(wanted, person)
        if person == self._customers:
            return _refused(theirs, COLLEAGUES_ONLY.format(person))
        if to is None:
            reason = f"{person} has no address in the organisation file. Add one, then retry."
            return _refused(theirs, reason)
        unproved = [each for each in theirs if not self._may_leave(wanted, each)]
        leaving = [each for each in theirs if each not in unproved]
        return [*_refused(unproved, UNPROVED), *self._posted(wanted, person, leaving, to)]

    def _posted(
        self, wanted: Mailing, person: PersonId, theirs: Sequence[Envelope], to: Address
    ) -> Sequence[Report]:
        if not theirs:
            return []
        try:
            with self._pause.kept():
                self._notifier.send(self._mail(wanted, person, theirs, to))
        except ServiceError as error:
            return [reported(each.key, error) for each in theirs]
        return [Report(key=each.key) for each in theirs]

    def _may_leave(self, wanted: Mailing, envelope: Envelope) -> bool:
        """Tell whether a notice may leave: a text that somebody is to post needs its proof."""
        written = wanted.notices[envelope.notice]
        if written.kind != PostingWanted.kind:
            return True
        posting = PostingWanted.model_validate(written.facts)
        return self._proofs.let_out(posting.approved, posting.text, wanted.case)

    def _mail(
        self, wanted: Mailing, person: PersonId, theirs: Sequence[Envelope], to: Address
    ) -> Mail:
        """Return one mail to one reader with everything that is due for them in this moment."""
        written = (self._wording.notice(wanted.notices[each.notice]) for each in theirs)
        notices = sorted(written, key=lambda each: each.aside)
        parts = [self._part(notice, wanted.case, person) for notice in notices]
        reader = Reader(name=to.name, zone=to.zone)
        words = self._wording.mail(parts, reader, case=wanted.case)
        return Mail(
            key="+".join(f"{wanted.case}:{each.key}:{each.version}" for each in theirs),
            to=to,
            subject=words.subject,
            text=words.text,
            html=words.html,
            at=wanted.at,
            kind=notices[0].kind,
            case=wanted.case,
            calendar_file=self._calendar_file(notices, wanted),
        )

    def _part(self, notice: Notice, case: str, person: PersonId) -> Part:
        link, code = notice.link, notice.code_for
        url = ""
        if link is not None and link.leads_to == "document":
            url = link.url
        elif link is not None:
            url = self._links.url(Purpose[link.leads_to.upper()], case, person, link.subject)
        return Part(notice, url=url, code=self._links.code(code, person) if code else "")

    def _calendar_file(self, notices: Sequence[Notice], wanted: Mailing) -> str:
        """Return the meeting as a file for whoever books it by hand."""
        booked = (each.event for each in notices if isinstance(each, BookByHand))
        event = next(filter(None, booked), None)
        return self._wording.event_file(event, wanted.at) if event is not None else ""

    @activity.defn
    def send_to_customers(self, wanted: CustomerMailing) -> Report:
        """Send the approved message once: a lost answer is reported as unknown, not repeated.

        The digest is computed again over what is about to leave; another text is refused, and one
        without the web part's proof that a person approved it.
        """
        if not self._is_proved(wanted):
            return Report(key=CUSTOMERS, status=Status.REFUSED, reason=UNPROVED)
        to = self._directory.addresses([wanted.to]).get(wanted.to)
        if to is None:
            reason = f"The list {wanted.to} has no address in the organisation file."
            return Report(key=CUSTOMERS, status=Status.REFUSED, reason=reason)
        words = self._wording.customer_mail(wanted.text)
        mail = Mail(
            key=f"{wanted.case}:customers:{wanted.approved.digest[:16]}",
            to=to,
            subject=words.subject,
            text=words.text,
            html=words.html,
            at=wanted.at,
            kind=CUSTOMERS,
            case=wanted.case,
        )
        try:
            with self._pause.kept():
                self._notifier.send(mail)
        except ServiceError as error:
            return reported(CUSTOMERS, error, may_repeat=False)
        return Report(key=CUSTOMERS)

    def _is_proved(self, wanted: CustomerMailing) -> bool:
        approved, again = wanted.approved, wanted.again
        if not self._proofs.let_out(approved, wanted.text, wanted.case):
            return False
        if again is None:
            return True
        meant = (again.case, again.digest, again.decision)
        return meant == (wanted.case, approved.digest, SEND_AGAIN) and self._proofs.holds(again)


def _refused(envelopes: Sequence[Envelope], reason: str) -> list[Report]:
    return [Report(key=each.key, status=Status.REFUSED, reason=reason) for each in envelopes]


def _to(wanted: Mailing, person: PersonId) -> list[Envelope]:
    return [each for each in wanted.envelopes if each.to == person]


def _mailed(reports: Iterable[Report]) -> Mailed:
    return Mailed(each=tuple(Told[None](report=each) for each in reports))


def _kept() -> dict[str, Report]:
    """Return what an earlier attempt has sent, by the key of its effect."""
    said = activity.info().heartbeat_details
    kept = Mailed.model_validate(said[0]).each if said else ()
    return {each.report.key: each.report for each in kept if each.report.status is Status.DONE}


def _not_reached(envelope: Envelope) -> Report:
    reason = "The mail service was too slow to come to it in one attempt."
    return Report(
        key=envelope.key, status=Status.UNAVAILABLE, reason=reason, retry_after=timedelta()
    )
