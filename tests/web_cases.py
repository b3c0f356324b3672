"""What tests of the pages share: cases that remember, a browser without a screen, real states.

The cases obey the domain's own rules, so that a page is tested in states that can occur.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx
from fastapi import FastAPI

from domain.action_items.ticket import ObservedIssue
from domain.case import Answer, Case
from domain.customer_message.acts import DecideExternalMessage, DraftExternalMessage
from domain.customer_message.state import MessageText
from domain.decisions.acts import Decide, ItemDecision
from domain.decisions.state import Verdict
from domain.engine.act import Act
from domain.engine.signal import told
from domain.incident import Incident
from domain.meeting.acts import RecordMeeting
from domain.moments import posting_allowed_at
from domain.ownership.acts import AcceptOwnership
from domain.phases import phase
from domain.policy import Connected
from domain.preparation.document import ActionRow
from integrations.files.directory import FileDirectory
from integrations.links import Links, Purpose
from tests.playing import AMARA, BEATRIZ, INES, POLICY, ROOT, Play
from web.deliveries import Deliveries
from web.public import public_app
from web.webhooks import WebhookSecrets
from workflows.client import ActRefused, NoSuchCase, OutOfReach, act_id, case_id

BASE = "https://postmortems.example.com"
LINKS = Links(["a key of more than thirty-two characters"], BASE)
SECRETS = WebhookSecrets(pagerduty=("pd-secret",), generic=("our-secret",), jira=("jira-secret",))
CASE = "postmortem-INC-204"
DIRECTORY = FileDirectory(ROOT / "organisation.toml")
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
    """Stands for Temporal: keeps plays, carries acts out by the rules, remembers everything."""

    plays: dict[str, Play] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    started: list[Incident] = field(default_factory=list)
    tickets: list[tuple[str, ObservedIssue]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    away: bool = False
    done: dict[str, Answer] = field(default_factory=dict)

    async def incident_resolved(self, incident: Incident) -> str:
        self._reach()
        self.started.append(incident)
        return case_id(incident.key)

    async def ticket_changed(self, case: str, issue: ObservedIssue) -> None:
        self._reach()
        self._play(case)
        self.tickets.append((case, issue))

    async def act(self, case: str, act: Act, *, link: str) -> Answer:
        self._reach()
        play, id_ = self._play(case), act_id(link, act)
        if id_ in self.done:
            return self.done[id_]
        if (no := act.refusal(play.case, play.now)) is not None:
            raise ActRefused(no)
        play.case = act.applied(play.case, play.now)
        play.settle()
        self.acts.append(act)
        self.done[id_] = Answer(phase=phase(play.case))
        return self.done[id_]

    async def case(self, case: str) -> Case:
        self.asked.append(case)
        self._reach()
        return self._play(case).case

    def _reach(self) -> None:
        if self.away:
            raise OutOfReach("Temporal does not answer. Nothing is lost; try again in a minute.")

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

    def browser(self) -> "Browser":
        return Browser(self.app)

    def steps(self, person: str) -> str:
        return LINKS.url(Purpose.STEPS, CASE, person)

    def review(self) -> str:
        asked = self.case.message.approvals[-1]
        return LINKS.url(Purpose.APPROVAL, CASE, asked.liaison, asked.id)

    def code(self) -> str:
        asked = self.case.message.approvals[-1]
        return LINKS.code(asked.id, asked.liaison)


def house(play: Play | None = None) -> House:
    play = play or received()
    cases, deliveries = RememberingCases({CASE: play}), Deliveries()
    app = public_app(cases, LINKS, DIRECTORY, POLICY, SECRETS, base_url=BASE, deliveries=deliveries)
    return House(play, cases, deliveries, app)


def received(connected: Connected | None = None) -> Play:
    """Somebody is being asked to own it."""
    play = Play(connected=connected or Connected())
    play.case = told(
        play.case, "incident_resolved", (play.incident.model_dump(mode="json"),), play.now
    )
    play.settle()
    return play


def owned(connected: Connected | None = None) -> Play:
    """Amara owns it; the meeting is booked."""
    play = received(connected)
    play.rows = ROWS
    do(play, AcceptOwnership(by=AMARA))
    return play


def held(connected: Connected | None = None) -> Play:
    """The meeting was held; everything waits for decisions."""
    play = owned(connected)
    assert play.case.meeting.end is not None
    play.until(play.case.meeting.end + timedelta(minutes=5))
    do(play, RecordMeeting(by=chair(play), held=True))
    return play


def decided(connected: Connected | None = None) -> Play:
    """Two proposals are accepted and wait for their team; one is declined."""
    play = held(connected)
    do(play, Decide(by=chair(play), decisions=tuple(_verdicts(play))))
    return play


def asked_to_approve() -> Play:
    """The customer message is drafted, and the liaison has a mail with a link and a code."""
    play = decided()
    do(play, DraftExternalMessage(by=AMARA, text=TEXT))
    play.wait(hours=72)
    assert play.case.message.approval is not None
    return play


def approved(*, and_allowed: bool = False) -> Play:
    """The liaison approved; the message is held back, or may go out."""
    play = asked_to_approve()
    asked = play.case.message.approval
    assert asked is not None
    act = DecideExternalMessage(
        by=BEATRIZ, approval_id=asked.id, digest=asked.digest, decision="approved"
    )
    do(play, act)
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


def do(play: Play, act: Act) -> None:
    assert (no := act.refusal(play.case, play.now)) is None, no
    play.case = act.applied(play.case, play.now)
    play.settle()


@dataclass
class Form:
    """One form of a page, as a browser holds it."""

    action: str = ""
    filled: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """What stands on a page: its words, links, forms, ids and labels."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.status, self.url = answer.status_code, str(answer.url)
        self.html = answer.text
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[str] = []
        self.headings: list[str] = []
        self._words: list[str] = []
        self._select = self._area = ""
        self.feed(answer.text)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())

    def form(self, name: str) -> Form:
        return next(each for each in self.forms if each.action.rsplit("/", 1)[-1] == name)

    @property
    def form_names(self) -> list[str]:
        return [each.action.rsplit("/", 1)[-1] for each in self.forms]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._note(tag, told)
        match tag:
            case "form":
                self.forms.append(Form(action=told["action"]))
            case "input":
                self._input(told)
            case "select":
                self._select = told["name"]
                self.forms[-1].filled[self._select] = ""
                self.forms[-1].choices[self._select] = []
            case "option":
                self.forms[-1].choices[self._select].append(told["value"])
                if "selected" in told:
                    self.forms[-1].filled[self._select] = told["value"]
            case "textarea":
                self._area = told["name"]
                self.forms[-1].filled[self._area] = ""
                self.forms[-1].texts.append(self._area)

    def _note(self, tag: str, told: dict[str, str]) -> None:
        if "id" in told:
            self.ids.append(told["id"])
        if tag in ("input", "select", "textarea") and told.get("type") != "hidden":
            self.fields.append(told.get("id", ""))
        if tag == "label":
            self.labelled.add(told["for"])
        if "href" in told:
            self.links.append(told["href"])
        self.headings += [""] if tag == "h1" else []

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            # A browser drops the line end right after the tag.
            self.forms[-1].filled[self._area] += data.removeprefix("\n")
        self._words.append(data)

    def _input(self, told: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], told["name"], told["type"]
        if kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(told["value"])
            if "checked" in told:
                form.filled[name] = told["value"]
            return
        form.filled[name] = told.get("value", "")
        if kind != "hidden":
            form.texts.append(name)


class Browser:
    """Opens pages and sends forms as browsers do, from our own pages."""

    def __init__(self, app: FastAPI) -> None:
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=BASE, follow_redirects=True
        )

    async def open(self, address: str) -> Page:
        return Page(await self._client.get(address))

    async def ask(self, method: str, address: str, **rest: object) -> httpx.Response:
        return await self._client.request(method, address, **rest)  # type: ignore[arg-type]

    async def send(self, page: Page, form: Form, **typed: str) -> Page:
        """Fill fields in, by their names with `_` for `-`, and press the button."""
        names = [*form.filled, *form.choices]
        known = {name.replace("-", "_"): name for name in names}
        filled = {**form.filled, **{known.get(name, name): value for name, value in typed.items()}}
        address = urljoin(page.url, form.action)
        answer = await self._client.post(address, data=filled, headers={"Origin": BASE})
        return Page(answer)

    async def answer(self, address: str, name: str, **typed: str) -> Page:
        """Open a page, fill one of its forms in and send it."""
        page = await self.open(address)
        return await self.send(page, page.form(name), **typed)
