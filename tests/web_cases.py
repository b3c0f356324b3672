"""What tests of the pages share: cases that remember, the app over one of them, real states.

The cases obey the domain's own rules, so that a page is tested in states that can occur.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import FastAPI

from devstack.signing import signed
from domain import lifecycle
from domain.action_items.ticket import ObservedIssue
from domain.case import Answer, Case
from domain.customer_message.acts import DraftExternalMessage
from domain.customer_message.state import MessageText
from domain.decisions.acts import Decide, ItemDecision, ProposeActionItems
from domain.decisions.state import Verdict
from domain.engine.act import Act
from domain.incident import Incident
from domain.meeting.acts import RecordMeeting
from domain.moments import posting_allowed_at
from domain.ownership.acts import AcceptOwnership
from domain.phases import phase
from domain.policy import Connected
from domain.preparation.document import ActionRow
from integrations.links import Links, Purpose
from integrations.proofs import Proofs
from tests.browser import Browser, Page
from tests.playing import AMARA, DIRECTORY, INES, POLICY, Play
from tests.scenes import approve
from web.deliveries import Deliveries
from web.public import public_app
from web.webhooks import WebhookSecrets
from wording.catalogue import Catalogue, catalogue
from workflows.client import ActRefused, NoSuchCase, NotAccepted, OutOfReach, act_id, case_id

BASE = "https://postmortems.example.com"
LINKS = Links(["a key of more than thirty-two characters"], BASE)
PROOFS = Proofs(["a key of more than thirty-two characters"])
SECRETS = WebhookSecrets(pagerduty=("pd-secret",), generic=("our-secret",), jira=("jira-secret",))
CASE = "postmortem-INC-204"
WORDS = catalogue()
ROWS = (
    ActionRow(
        text="Refuse rules that backtrack",
        priority="P1",
        team="edge-firewall",
        done_when="A test rule is refused",
    ),
    ActionRow(text="Roll rules out in stages", priority="P1", team="edge-firewall"),
    ActionRow(text="Tell customers sooner"),
)
TEXT = MessageText(
    subject="Errors on 12 January",
    summary="For 70 minutes, requests were answered with errors.",
    what_happened="A new rule used up all processors.\n\nWe took it back.",
    what_we_do="Rules are now rolled out in stages & <tested> before.",
)


@dataclass
class RememberingCases:
    """Stands for Temporal: keeps plays, carries acts out by the rules, remembers everything.

    `meanwhile` is what somebody else does between the look at a case and the act.
    """

    plays: dict[str, Play] = field(default_factory=dict)
    acts: list[Act[Case]] = field(default_factory=list)
    started: list[Incident] = field(default_factory=list)
    tickets: list[tuple[str, ObservedIssue]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    away: bool = False
    no_good: str = ""
    meanwhile: Act[Case] | None = None
    done: dict[str, Answer] = field(default_factory=dict)

    async def incident_resolved(self, incident: Incident) -> str:
        self._reach(telling=True)
        self.started.append(incident)
        return case_id(incident.key)

    async def ticket_changed(self, case: str, issue: ObservedIssue) -> None:
        self._reach(telling=True)
        self._play(case)
        self.tickets.append((case, issue))

    async def act(self, case: str, act: Act[Case], *, link: str) -> Answer:
        self._reach()
        play, id_ = self._play(case), act_id(link, act)
        if id_ in self.done:
            return self.done[id_]
        if self.meanwhile is not None:
            play.act(self.meanwhile)
        if (no := lifecycle.refusal(play.case, act, play.now)) is not None:
            raise ActRefused(no)
        play.case = act.done(play.case, play.now)
        play.settle()
        self.acts.append(act)
        self.done[id_] = Answer(phase=phase(play.case))
        return self.done[id_]

    async def case(self, case: str) -> Case:
        self.asked.append(case)
        self._reach()
        return self._play(case).case

    def _reach(self, *, telling: bool = False) -> None:
        if self.away:
            raise OutOfReach("Temporal does not answer. Nothing is lost; try again in a minute.")
        if telling and self.no_good:
            raise NotAccepted(self.no_good)

    def _play(self, case: str) -> Play:
        if case not in self.plays:
            raise NoSuchCase("There is no open case of this name.")
        return self.plays[case]


@dataclass
class House:
    """The public app over one remembered case, and somebody's browser."""

    play: Play
    cases: RememberingCases
    deliveries: Deliveries
    app: FastAPI

    @property
    def case(self) -> Case:
        return self.play.case

    def browser(self, **types: str) -> Browser:
        return Browser(self.app, BASE, **{"word": WORDS.sending.word, **types})

    def steps(self, person: str) -> str:
        return LINKS.url(Purpose.STEPS, CASE, person)

    def review(self) -> str:
        asked = self.case.message.approvals[-1]
        return LINKS.url(Purpose.APPROVAL, CASE, asked.liaison, asked.id)

    def code(self, person: str = "") -> str:
        """Return the code in the mails to somebody, the liaison if nobody is named."""
        asked = self.case.message.approvals[-1]
        return LINKS.code(asked.id, person or asked.liaison)

    def known_to(self, person: str) -> dict[str, str]:
        """Return what somebody knows from their mails and from the page."""
        code = {"code": self.code(person)} if self.case.message.approvals else {}
        return {"word": WORDS.sending.word, **code}


def house(play: Play | None = None, words: Catalogue = WORDS) -> House:
    play = play or received()
    cases, deliveries = RememberingCases({CASE: play}), Deliveries()
    app = public_app(
        cases,
        LINKS,
        PROOFS,
        DIRECTORY,
        POLICY,
        SECRETS,
        words,
        base_url=BASE,
        deliveries=deliveries,
    )
    return House(play, cases, deliveries, app)


def received(connected: Connected | None = None) -> Play:
    """Somebody is being asked to own it."""
    return Play(connected=connected or Connected())


def owned(connected: Connected | None = None) -> Play:
    """Amara owns it; the meeting is booked."""
    play = received(connected)
    play.rows = ROWS
    play.act(AcceptOwnership(by=AMARA))
    return play


def held(connected: Connected | None = None) -> Play:
    """The meeting was held; everything waits for decisions."""
    play = owned(connected)
    if not play.case.has_documents:
        play.act(ProposeActionItems(by=AMARA, items=ROWS))
    assert play.case.meeting.end is not None
    play.until(play.case.meeting.end + timedelta(minutes=5))
    play.act(RecordMeeting(by=chair(play), held=True))
    return play


def decided(connected: Connected | None = None) -> Play:
    """Two proposals are accepted and wait for their team; one is declined."""
    play = held(connected)
    play.act(Decide(by=chair(play), decisions=tuple(_verdicts(play))))
    return play


def asked_to_approve(connected: Connected | None = None) -> Play:
    """The customer message is drafted, and the liaison has a mail with a link and a code."""
    play = decided(connected)
    play.act(DraftExternalMessage(by=AMARA, text=TEXT))
    play.wait(hours=72)
    assert play.case.message.approval is not None
    return play


def approved(connected: Connected | None = None, *, and_allowed: bool = False) -> Play:
    """The liaison approved; the message is held back, or may go out."""
    play = asked_to_approve(connected)
    play.act(signed(PROOFS, play.case, approve(play.case)))
    allowed = posting_allowed_at(play.case)
    if and_allowed and allowed is not None:
        play.until(allowed + timedelta(minutes=1))
    return play


def _verdicts(play: Play) -> Iterator[ItemDecision]:
    first, second, third = play.case.items
    for item in (first, second):
        yield ItemDecision(
            item=item.id, verdict=Verdict.ACCEPTED, decided_by=INES, priority=item.priority
        )
    yield ItemDecision(
        item=third.id, verdict=Verdict.DECLINED, decided_by=INES, reason="r", consequence="c"
    )


def chair(play: Play) -> str:
    return play.case.meeting.facilitator or AMARA


async def opened(here: House, person: str) -> Page:
    """Open somebody's steps page."""
    return await here.browser().open(here.steps(person))


async def sent(here: House, person: str, form: str, **typed: str) -> Page:
    """Open somebody's steps page, fill one form in and send it."""
    browser = here.browser(**here.known_to(person))
    return await browser.answer(here.steps(person), form, **typed)


async def posted(here: House, person: str, form: str, typed: dict[str, str]) -> Page:
    """Send a form as it may be sent without its page."""
    address = f"{here.steps(person)}/{form}"
    data = {**here.known_to(person), **typed}
    return Page(await here.browser().ask("POST", address, data=data, headers={"Origin": BASE}))


def only_act(here: House) -> Act[Case]:
    (act,) = here.cases.acts
    return act
