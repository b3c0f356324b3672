"""Mails of one moment: one message per person, the same again when repeated, pauses kept."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.mail import SENT_TOGETHER, MailActivities, Mailed
from domain import lifecycle
from domain.case import Case
from domain.customer_message.effects import CustomerMailing
from domain.customer_message.notices import PostingWanted
from domain.customer_message.state import MessageText, SignedDecision
from domain.engine.ledger import Report, Status
from domain.engine.notice import SendNotice
from domain.ownership.notices import Nomination
from integrations.colleagues import Colleagues
from integrations.errors import Ambiguous, Throttled, Unavailable
from integrations.links import Links
from integrations.ports import Address, Mail
from integrations.proofs import Proofs
from tests.playing import an_incident
from wording.rendering import Wording

WORDING = Wording(lifecycle.notices().values())
PROOFS = Proofs(["k" * 40])
NOW = datetime(2027, 1, 5, 9, tzinfo=UTC)
TEXT = MessageText(subject="Errors", summary="<b>One</b>", what_happened="Two", what_we_do="Three")


@dataclass
class Post:
    """Remembers mails, says no as told, and lets some wait until they are released."""

    says: list[Exception] = field(default_factory=list)
    away: dict[str, Exception] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    released: threading.Event = field(default_factory=threading.Event)
    sent: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        if mail.to.email in self.slow:
            assert self.released.wait(10)
        self.sent.append(mail)
        if self.says:
            raise self.says.pop(0)
        if mail.to.email in self.away:
            raise self.away[mail.to.email]


class Book:
    """Knows everybody but strangers."""

    def addresses(self, people: Sequence[str]) -> dict[str, Address]:
        return {p: Address(email=f"{p}@example.com") for p in people if p != "stranger"}


def activities(post: Post) -> MailActivities:
    links = Links(["k" * 40], "https://pm.example.com")
    return MailActivities(post, Book(), links, PROOFS, WORDING, customers="customers")  # type: ignore[arg-type]


def notice(to: str, key: str = "INC-204") -> SendNotice[Case]:
    incident = an_incident(key=key).facts("postmortem")
    return SendNotice(key=f"notice:{key}:{to}", to=to, notice=Nomination(incident=incident))


class Attempt:
    """One attempt of the activity, which remembers what its heartbeats said."""

    def __init__(self, post: Post, after: "Attempt | None" = None) -> None:
        self._activities = activities(post)
        self._environment = ActivityEnvironment()
        self._environment.on_heartbeat = self._remember
        self._environment.info = replace(
            ActivityEnvironment.default_info(),
            attempt=2 if after else 1,
            heartbeat_details=[after.said[-1]] if after else [],
        )
        self.said: list[Any] = []

    def send(self, *notices: SendNotice[Case]) -> dict[str, Report]:
        case = Case(id="postmortem-INC-204")
        wanted = SendNotice.requested_together(case, notices, NOW)
        found = self._environment.run(self._activities.send_notices, wanted)
        assert [each.report.key for each in found.each] == [each.key for each in notices]
        return {each.report.key: each.report for each in found.each}

    def _remember(self, said: Mailed) -> None:
        # As Temporal gives them back: plain JSON, since it knows no type for them.
        self.said.append(said.model_dump(mode="json"))


def told(post: Post, *notices: SendNotice[Case]) -> list[Status]:
    return [each.status for each in Attempt(post).send(*notices).values()]


def test_everything_due_for_one_person_is_one_message() -> None:
    post = Post()

    told(post, notice("ada"), notice("ada", "INC-205"), notice("bob"))

    ada, bob = sorted(post.sent, key=lambda mail: mail.to.email)
    assert (ada.to.email, bob.to.email) == ("ada@example.com", "bob@example.com")
    assert ada.subject.endswith("(and 1 more)")
    assert "INC-205" in ada.text
    assert "INC-205" not in bob.text


def test_a_repeat_is_the_same_mail_with_the_same_link() -> None:
    post = Post()

    told(post, notice("ada"))
    told(post, notice("ada"))

    assert post.sent[0] == post.sent[1]
    assert "https://pm.example.com/s/" in post.sent[0].text


def test_one_unreachable_person_does_not_hold_up_the_others() -> None:
    post = Post(away={"ada@example.com": Unavailable("The mail service is away.")})

    found = told(post, notice("ada"), notice("stranger"), notice("bob"))

    assert found == [Status.UNAVAILABLE, Status.REFUSED, Status.DONE]


def test_a_mail_service_that_asks_for_a_pause_is_not_asked_again_in_the_same_moment() -> None:
    pause = Throttled("A pause, please.", retry_after=timedelta(minutes=5))
    people = [f"person-{number}" for number in range(40)]
    post = Post(away={f"{person}@example.com": pause for person in people})

    found = told(post, *map(notice, people))

    assert len(post.sent) <= SENT_TOGETHER
    assert set(found) == {Status.UNAVAILABLE}


@pytest.mark.usefixtures("short_attempts")
def test_with_a_slow_mail_service_everybody_gets_one_copy_over_two_attempts() -> None:
    people = [f"person-{number:02}" for number in range(20)]
    notices = [notice(person) for person in people]
    slow = {f"{person}@example.com" for person in people[SENT_TOGETHER:]}
    post = Post(slow=slow)

    first = Attempt(post)
    ended = first.send(*notices)
    post.released.set()
    reached = {mail.to.email for mail in post.sent}
    second = Attempt(post, after=first).send(*notices)

    late = [each for each in ended.values() if each.status is Status.UNAVAILABLE]
    assert late
    assert {each.retry_after for each in late} == {timedelta()}
    assert {each.status for each in second.values()} == {Status.DONE}
    copies = Counter(mail.to.email for mail in post.sent)
    assert set(copies) == {f"{person}@example.com" for person in people}
    # Only who was under way when the attempt ended may get a second copy, as ever with mail.
    assert all(copies[each] == 1 for each in reached - slow)


SAID = SignedDecision(
    case="postmortem-INC-204",
    request="request-1",
    digest=TEXT.digest,
    person="liaison",
    decision="approved",
    evidence="link and code",
)
APPROVED = PROOFS.signed(SAID)
AGAIN = SAID.replace(request="request-1:1", decision="send again")


def customers(
    post: Post, approved: SignedDecision = APPROVED, again: SignedDecision | None = None
) -> Status:
    wanted = CustomerMailing(
        case=SAID.case, at=NOW, to="customers", text=TEXT, approved=approved, again=again
    )
    return ActivityEnvironment().run(activities(post).send_to_customers, wanted).status


def test_customers_get_exactly_the_approved_text_escaped_for_mail() -> None:
    post = Post()

    assert customers(post) is Status.DONE
    assert post.sent[0].text == "<b>One</b>\n\nTwo\n\nThree"
    assert "&lt;b&gt;One&lt;/b&gt;" in post.sent[0].html


def test_another_text_than_the_approved_one_is_refused_before_it_leaves() -> None:
    post = Post()

    assert customers(post, PROOFS.signed(SAID.replace(digest="0" * 64))) is Status.REFUSED
    assert not post.sent


FORGED = [
    SAID,
    SAID.replace(proof="0" * 64),
    Proofs(["z" * 40]).signed(SAID),
    APPROVED.replace(evidence="a guess"),
    APPROVED.replace(person="somebody-else"),
    APPROVED.replace(request="request-2"),
    PROOFS.signed(SAID.replace(case="postmortem-INC-205")),
    PROOFS.signed(SAID.replace(decision="changes")),
    PROOFS.signed(AGAIN),
]


@pytest.mark.parametrize("forged", FORGED)
def test_who_reaches_temporal_alone_sends_customers_not_a_word(forged: SignedDecision) -> None:
    post = Post()

    assert customers(post, forged) is Status.REFUSED
    assert not post.sent


@pytest.mark.parametrize("forged", FORGED)
def test_who_reaches_temporal_alone_has_nobody_post_a_text(forged: SignedDecision) -> None:
    post, incident = Post(), an_incident().facts("postmortem")
    posting = PostingWanted(incident=incident, text=TEXT, approved=forged)
    told = SendNotice[Case](key="notice:posting:liaison", to="liaison", notice=posting)

    found = Attempt(post).send(told, notice("liaison"))

    assert [each.status for each in found.values()] == [Status.REFUSED, Status.DONE]
    assert TEXT.what_we_do not in post.sent[0].text


def test_an_approved_text_reaches_who_posts_it() -> None:
    post, incident = Post(), an_incident().facts("postmortem")
    posting = PostingWanted(incident=incident, text=TEXT, approved=APPROVED)

    assert told(post, SendNotice(key="notice:posting:ada", to="ada", notice=posting)) == [
        Status.DONE
    ]
    assert TEXT.what_we_do in post.sent[0].text


def test_customers_get_it_once_more_only_when_somebody_was_seen_to_decide_so() -> None:
    post = Post()

    assert customers(post, again=AGAIN) is Status.REFUSED
    assert customers(post, again=APPROVED) is Status.REFUSED
    assert customers(post, again=PROOFS.signed(AGAIN.replace(digest="0"))) is Status.REFUSED
    assert customers(post, again=PROOFS.signed(AGAIN)) is Status.DONE
    assert len(post.sent) == 1


def test_the_customers_list_gets_no_notice_whoever_asks_for_it() -> None:
    post = Post()

    assert told(post, notice("customers"), notice("ada")) == [Status.REFUSED, Status.DONE]
    assert [mail.to.email for mail in post.sent] == ["ada@example.com"]


def test_nor_is_it_invited_or_let_into_a_document() -> None:
    colleagues = Colleagues(Book(), "customers")  # type: ignore[arg-type]

    assert set(colleagues.addresses(["ada", "customers"])) == {"ada"}


def test_a_lost_answer_about_the_customers_mail_is_unknown_and_proof_of_not_sent_is_not() -> None:
    assert customers(Post(says=[Ambiguous("No answer.")])) is Status.UNKNOWN
    assert customers(Post(says=[Unavailable("Refused to connect.")])) is Status.UNAVAILABLE
