"""Mails of one moment: one message per person, the same again when repeated, pauses kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from temporalio.testing import ActivityEnvironment

from activities.mail import CustomerMailing, MailActivities, mailing
from domain.customer_message.state import MessageText
from domain.engine.ledger import Status
from domain.engine.notice import SendNotice
from domain.customer_message.effects import SendToCustomers
from domain.letters import Block, Button, Letter
from integrations.errors import Ambiguous, Throttled, Unavailable
from integrations.links import Links
from integrations.ports import Address, Mail

NOW = datetime(2027, 1, 5, 9, tzinfo=UTC)
TEXT = MessageText(subject="Errors", summary="<b>One</b>", what_happened="Two", what_we_do="Three")


@dataclass
class Post:
    """Remembers mails, and says no as told."""

    says: list[Exception] = field(default_factory=list)
    sent: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        self.sent.append(mail)
        if self.says:
            raise self.says.pop(0)


class Book:
    """Knows everybody but strangers."""

    def addresses(self, people: Sequence[str]) -> dict[str, Address]:
        return {p: Address(email=f"{p}@example.com") for p in people if p != "stranger"}


def activities(post: Post) -> MailActivities:
    return MailActivities(post, Book(), Links(["k" * 40], "https://pm.example.com"))  # type: ignore[arg-type]


def notice(to: str, subject: str = "Please answer") -> SendNotice:
    button = Button(leads_to="steps", label="Open the page")
    letter = Letter(kind="nomination", subject=subject, blocks=(Block(text="Hm?"),), button=button)
    return SendNotice(key=f"notice:{subject}:{to}", to=to, letter=letter)


def told(post: Post, *notices: SendNotice) -> list[tuple[str, Status]]:
    wanted = mailing("postmortem-INC-204", NOW, notices)
    found = ActivityEnvironment().run(activities(post).send_notices, wanted)
    return [(each.key, each.status) for each in found.reports]


def test_everything_due_for_one_person_is_one_message() -> None:
    post = Post()

    told(post, notice("ada"), notice("ada", "And this"), notice("bob"))

    assert [mail.to.email for mail in post.sent] == ["ada@example.com", "bob@example.com"]
    assert post.sent[0].subject == "Please answer (and 1 more)"
    assert "And this" in post.sent[0].text


def test_a_repeat_is_the_same_mail_with_the_same_link() -> None:
    post = Post()

    told(post, notice("ada"))
    told(post, notice("ada"))

    assert post.sent[0] == post.sent[1]
    assert "https://pm.example.com/s/" in post.sent[0].text


def test_one_unreachable_person_does_not_hold_up_the_others() -> None:
    post = Post(says=[Unavailable("The mail service is away.")])

    found = told(post, notice("ada"), notice("stranger"), notice("bob"))

    assert [status for _, status in found] == [Status.UNAVAILABLE, Status.REFUSED, Status.DONE]


def test_a_mail_service_that_asks_for_a_pause_is_not_asked_again_in_the_same_moment() -> None:
    post = Post(says=[Throttled("A pause, please.", retry_after=timedelta(minutes=5))])

    found = told(post, notice("ada"), notice("bob"))

    assert len(post.sent) == 1
    assert [status for _, status in found] == [Status.UNAVAILABLE, Status.UNAVAILABLE]


def customers(post: Post, digest: str = TEXT.digest) -> Status:
    send = SendToCustomers(to="customers", text=TEXT, digest=digest)
    wanted = CustomerMailing(case="postmortem-INC-204", at=NOW, send=send)
    return ActivityEnvironment().run(activities(post).send_to_customers, wanted).status


def test_customers_get_exactly_the_approved_text_escaped_for_mail() -> None:
    post = Post()

    assert customers(post) is Status.DONE
    assert post.sent[0].text == "<b>One</b>\n\nTwo\n\nThree"
    assert "&lt;b&gt;One&lt;/b&gt;" in post.sent[0].html


def test_another_text_than_the_approved_one_is_refused_before_it_leaves() -> None:
    post = Post()

    assert customers(post, digest="0" * 64) is Status.REFUSED
    assert not post.sent


def test_a_lost_answer_about_the_customers_mail_is_unknown_and_proof_of_not_sent_is_not() -> None:
    assert customers(Post(says=[Ambiguous("No answer.")])) is Status.UNKNOWN
    assert customers(Post(says=[Unavailable("Refused to connect.")])) is Status.UNAVAILABLE
