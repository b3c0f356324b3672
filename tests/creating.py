"""Every call of our adapters that makes something at a vendor, with what it must leave behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from domain.action_items.ticket import DesiredIssue, ObservedIssue
from domain.meeting.event import DesiredEvent
from domain.preparation.document import DesiredDocument
from integrations.errors import ServiceError
from integrations.google.calendar import GoogleCalendar
from integrations.google.credentials import static_token
from integrations.google.documents import GoogleDocs
from integrations.google.event import id_of
from integrations.google.http import GoogleAccess
from integrations.http import Timeout
from integrations.jira.tracker import JiraTracker
from integrations.ports import Address, Mail
from integrations.sendgrid.notifier import SendGridNotifier
from tests.simulated import World

TEAM = "team-calendar@example.com"
PATIENT = (2.0, 10.0)
IMPATIENT = (2.0, 0.4)
START = datetime(2026, 3, 4, 14, tzinfo=UTC)
ADDRESS = Address(email="ines@example.com", name="Inês Duarte")
PEOPLE = {"ines": ADDRESS}
TOKEN = "token-of-this-test"


def calendar(world: World, timeout: Timeout = PATIENT) -> GoogleCalendar:
    return _calendar(world.url, timeout)


def documents(world: World, timeout: Timeout = PATIENT) -> GoogleDocs:
    return _documents(world.url, timeout)


@cache
def _calendar(url: str, timeout: Timeout) -> GoogleCalendar:
    return GoogleCalendar(GoogleAccess(static_token(TOKEN), url, timeout), TEAM)


@cache
def _documents(url: str, timeout: Timeout) -> GoogleDocs:
    return GoogleDocs(GoogleAccess(static_token(TOKEN), url, timeout))


def tracker(world: World, timeout: Timeout = PATIENT, **settings: Any) -> JiraTracker:  # noqa: ANN401
    return JiraTracker(world.url, ("a@example.com", TOKEN), timeout=timeout, **settings)


def find_or_open(
    tracker: JiraTracker, wanted: DesiredIssue, *, again: bool = False
) -> ObservedIssue:
    """Do for one ticket what the activity does for all of a moment."""
    found = tracker.find([wanted], again={wanted.key} if again else ()).get(wanted.key)
    if isinstance(found, ServiceError):
        raise found
    return found or tracker.open(wanted)


def notifier(world: World, timeout: Timeout = PATIENT) -> SendGridNotifier:
    return SendGridNotifier(TOKEN, "Aftermath <a@example.com>", world.url, timeout[1])


def event(key: str) -> DesiredEvent:
    return DesiredEvent(
        key=key, title=key, description="Agenda.", start=START, end=START + timedelta(hours=1)
    )


def document(key: str, folder: str) -> DesiredDocument:
    return DesiredDocument(
        key=key,
        folder_id=folder,
        title=key,
        header=(("Status", "drafting"),),
        opening="Everyone did their best.",
        sections=(("Summary", "Two sentences."),),
        editors=("ines",),
    )


def issue(key: str, **changes: Any) -> DesiredIssue:  # noqa: ANN401 - any field
    return DesiredIssue(
        key=key,
        project="WAF",
        title=key,
        body=("From the review.",),
        labels=("sev1",),
        priority="P1",
        due=date(2026, 3, 17),
        link_url="https://docs.example.com/d/1",
        link_title="INC-204",
    ).replace(**changes)


def mail(key: str) -> Mail:
    return Mail(
        key=key,
        to=Address(email=f"{key}@example.com"),
        subject="Pre-read",
        text="Read it.",
        html="<p>Read it.</p>",
        at=START,
        kind="preread",
        case="INC-204",
    )


def tickets(world: World, title: str) -> Any:  # noqa: ANN401 - JSON
    return [each for each in world.all("tickets") if each["fields"]["summary"] == title]


@dataclass(frozen=True)
class Tried:
    """A call that may be made again and again, and how many things it left."""

    call: Callable[[], object]
    left: Callable[[], int]


@dataclass(frozen=True)
class Creating:
    """One creating call: where it goes on the wire, and how to set it up.

    `before` requests to the same place go through before the one that is meant.
    """

    name: str
    path: str
    prepare: Callable[[World, str, Timeout], Tried]
    before: int = 0


def _event(world: World, key: str, timeout: Timeout) -> Tried:
    def left() -> int:
        return sum(each["id"] == id_of(key) for each in world.all("events", calendar=TEAM))

    return Tried(lambda: calendar(world, timeout).put_event(event(key), PEOPLE), left)


def _document(count: Callable[[Any], int]) -> Callable[[World, str, Timeout], Tried]:
    def prepared(world: World, key: str, timeout: Timeout) -> Tried:
        wanted = document(key, documents(world).reserve_folder())

        def left() -> int:
            found = world.all("documents")
            return sum(count(each) for each in found if wanted.folder_id in each["parents"])

        return Tried(lambda: documents(world, timeout).put_document(wanted, PEOPLE), left)

    return prepared


def _headings(file: Any) -> int:  # noqa: ANN401 - JSON
    return int(file["text"].count("No decisions yet."))


def _readers(file: Any) -> int:  # noqa: ANN401 - JSON
    return sum(each.get("emailAddress") == ADDRESS.email for each in file["permissions"])


def _issue(world: World, key: str, timeout: Timeout) -> Tried:
    return Tried(
        lambda: find_or_open(tracker(world, timeout), issue(key)), lambda: len(tickets(world, key))
    )


def _link(world: World, key: str, timeout: Timeout) -> Tried:
    def left() -> int:
        return sum(len(each["links"]) for each in tickets(world, key))

    def opened_and_linked() -> None:
        jira = tracker(world, timeout)
        jira.link(find_or_open(jira, issue(key)).key, issue(key))

    return Tried(opened_and_linked, left)


def _comment(world: World, key: str, timeout: Timeout) -> Tried:
    """Open two tickets of one key behind the index, so that one has to be closed."""
    world.set("settings", {"jira_index_lag_seconds": 300})
    for _ in range(2):
        find_or_open(tracker(world), issue(key, link_url=""))
    world.set("settings", {"jira_index_lag_seconds": 0})

    def left() -> int:
        return sum(len(each["comments"]) for each in tickets(world, key))

    return Tried(lambda: find_or_open(tracker(world, timeout), issue(key, link_url="")), left)


def _mail(world: World, key: str, timeout: Timeout) -> Tried:
    to = mail(key).to.email
    return Tried(
        lambda: notifier(world, timeout).send(mail(key)), lambda: len(world.all("mails", to=to))
    )


FILES = "^/drive/v3/files$"
EVENT = Creating("event", "/events$", _event)
FOLDER = Creating("folder", FILES, _document(lambda _: 1))
DOCUMENT = Creating("document", FILES, _document(lambda _: 1), before=1)
CONTENT = Creating("content", ":batchUpdate$", _document(_headings))
PERMISSION = Creating("permission", "/permissions$", _document(_readers))
ISSUE = Creating("issue", "/issue$", _issue)
LINK = Creating("link", "/remotelink$", _link)
COMMENT = Creating("comment", "/comment$", _comment)
MAIL = Creating("mail", "/mail/send$", _mail)

ALL = (EVENT, FOLDER, DOCUMENT, CONTENT, PERMISSION, ISSUE, LINK, COMMENT, MAIL)
GOOGLE = (EVENT, FOLDER, DOCUMENT, CONTENT, PERMISSION)


def set_up(world: World) -> None:
    """Make the world in which these calls succeed."""
    world.tell("projects", {"key": "WAF", "name": "Edge Firewall"})
    world.tell("projects", {"key": "SRE", "name": "Reliability"})
    world.tell("people", {"people": [{"email": ADDRESS.email, "name": ADDRESS.name}]})
    world.tell("calendars", {"id": TEAM})
