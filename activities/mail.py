"""Mail: everything of one moment in one go, one message per person; and the customers' mail."""

from html import escape

from pydantic import AwareDatetime
from temporalio import activity

from activities.failures import reported
from activities.pauses import Pause
from activities.stationery import mail
from domain.customer_message.state import MessageText
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.customer_message.effects import SendToCustomers
from domain.engine.value import Value
from domain.engine.value import PersonId
from domain.letters import Letter
from domain.engine.ledger import Report
from integrations.errors import ServiceError, Throttled
from integrations.links import Links
from integrations.ports import Address, Directory, Mail, Notifier


class Envelope(Value):
    """Who gets which letter; letters are shared, since many people get the same one."""

    key: str
    version: str
    to: PersonId
    letter: int


class Mailing(Value):
    """All notices of one moment."""

    case: str
    at: AwareDatetime
    letters: tuple[Letter, ...]
    envelopes: tuple[Envelope, ...]


class Mailed(Value):
    """What became of each notice; none of them raises."""

    reports: tuple[Report, ...]


class CustomerMailing(Value):
    """The approved message on its way to the customers' list."""

    case: str
    at: AwareDatetime
    send: SendToCustomers


def mailing(case: str, at: AwareDatetime, notices: tuple[SendNotice, ...]) -> Mailing:
    """Return the notices of a moment with every letter written down once."""
    letters = tuple(dict.fromkeys(each.letter for each in notices))
    envelopes = tuple(
        Envelope(key=each.key, version=each.version, to=each.to, letter=letters.index(each.letter))
        for each in notices
    )
    return Mailing(case=case, at=at, letters=letters, envelopes=envelopes)


class MailActivities:
    """Everything that cases ask of the mail service."""

    def __init__(self, notifier: Notifier, directory: Directory, links: Links) -> None:
        self._notifier = notifier
        self._directory = directory
        self._links = links
        self._pause = Pause()

    @activity.defn
    def send_notices(self, wanted: Mailing) -> Mailed:
        """Send each person one message with all that is due for them.

        At least once: a repeat carries the same key, content, link and code, and is harmless.
        """
        people = tuple(dict.fromkeys(each.to for each in wanted.envelopes))
        known = self._directory.addresses(people)
        reports: list[Report] = []
        for place, person in enumerate(people):
            try:
                reports += self._sent(wanted, person, known.get(person))
            except Throttled as pause:
                # Whoever asks for a pause is not asked again within the same breath.
                left = people[place:]
                reports += [reported(e.key, pause) for e in wanted.envelopes if e.to in left]
                break
        return Mailed(reports=tuple(reports))

    def _sent(self, wanted: Mailing, person: PersonId, to: Address | None) -> list[Report]:
        theirs = [each for each in wanted.envelopes if each.to == person]
        if to is None:
            reason = f"{person} has no address in the organisation file. Add one, then retry."
            return [Report(key=e.key, status=Status.REFUSED, reason=reason) for e in theirs]
        message = mail(
            "+".join(f"{wanted.case}:{each.key}:{each.version}" for each in theirs),
            to,
            person,
            [wanted.letters[each.letter] for each in theirs],
            case=wanted.case,
            at=wanted.at,
            links=self._links,
        )
        try:
            with self._pause.kept():
                self._notifier.send(message)
        except Throttled:
            raise
        except ServiceError as error:
            return [reported(each.key, error) for each in theirs]
        return [Report(key=each.key) for each in theirs]

    @activity.defn
    def send_to_customers(self, wanted: CustomerMailing) -> Report:
        """Send the approved message once: a lost answer is reported as unknown, not repeated.

        The digest is computed again over what is about to leave; another text is refused.
        """
        send = wanted.send
        if send.text.digest != send.digest:
            reason = "The text is not the approved one. Draft it again."
            return Report(key=send.key, status=Status.REFUSED, reason=reason)
        to = self._directory.addresses([send.to]).get(send.to)
        if to is None:
            reason = f"The list {send.to} has no address in the organisation file."
            return Report(key=send.key, status=Status.REFUSED, reason=reason)
        try:
            with self._pause.kept():
                self._notifier.send(_customer_mail(wanted, to))
        except ServiceError as error:
            return reported(send.key, error, may_repeat=False)
        return Report(key=send.key)


def _customer_mail(wanted: CustomerMailing, to: Address) -> Mail:
    text: MessageText = wanted.send.text
    body = f"{text.summary}\n\n{text.what_happened}\n\n{text.what_we_do}"
    paragraphs = body.split("\n\n")
    return Mail(
        key=f"{wanted.case}:customers:{wanted.send.digest[:16]}",
        to=to,
        subject=text.subject,
        text=body,
        html="".join(f"<p>{escape(each)}</p>" for each in paragraphs),
        at=wanted.at,
        kind="customers",
        case=wanted.case,
    )
