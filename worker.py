"""Composition root of the worker: settings in, a running worker out."""

import gc
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formataddr
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.documents import DocumentActivities
from activities.heartbeat import Heartbeat
from activities.issues import IssueActivities
from activities.mail import MailActivities
from activities.meetings import MeetingActivities
from activities.pauses import Pause
from activities.records import RecordActivities
from activities.rules import RuleActivities
from domain import lifecycle
from domain.engine.value import PersonId
from domain.policy import Connected, Policy
from integrations.colleagues import Colleagues
from integrations.files.archive import FolderArchive
from integrations.files.directory import FileDirectory
from integrations.files.policy import read_policy
from integrations.google.calendar import GoogleCalendar
from integrations.google.credentials import google_credentials
from integrations.google.documents import GoogleDocs
from integrations.google.http import GoogleAccess
from integrations.jira.tracker import Flavour, JiraTracker
from integrations.keys import held
from integrations.links import Links
from integrations.payloads import encryption
from integrations.ports import Archive, Calendar, DocumentStore, IssueTracker, Notifier
from integrations.proofs import Proofs
from integrations.sendgrid.notifier import SendGridNotifier
from settings import WorkerSettings
from web.deliveries import Deliveries
from web.internal import internal_app
from web.server import answers
from web.server import run as serve
from wording.rendering import Wording
from workflows.client import Postmortems
from workflows.names import TASK_QUEUE
from workflows.postmortem import Postmortem
from workflows.runner import InTime

_log = structlog.stdlib.get_logger("worker")

THREADS = 20
GRACE = timedelta(seconds=20)
NEW_OBJECTS = 10_000
"""After so many the garbage collector looks for rings among them; one activity makes hundreds."""
LOYALTY = timedelta(seconds=3)
"""How long a case waits for the worker that knew it, and that may be dead; then any other does."""


@dataclass(frozen=True)
class Outside:
    """Everything a worker speaks to; what is not connected is None."""

    policy: Policy
    directory: FileDirectory
    archive: Archive
    notifier: Notifier
    links: Links
    proofs: Proofs
    wording: Wording
    opaque: Callable[[PersonId], str] | None = None
    calendar: Calendar | None = None
    documents: DocumentStore | None = None
    issues: IssueTracker | None = None

    @property
    def connected(self) -> Connected:
        """Which integrations are there."""
        return Connected(
            calendar=self.calendar is not None,
            documents=self.documents is not None,
            issues=self.issues is not None,
        )


def outside(settings: WorkerSettings) -> Outside:
    """Return the adapters that the settings ask for; nothing is contacted yet.

    Raises:
        WrongPolicy, WrongOrganisation, WordingError: a file cannot be used; it says which.
        Refused: a file with the access to Google cannot be read.
    """
    policy = read_policy(settings.policy_file)
    directory = FileDirectory(settings.organisation_file)
    google, codec = _google(settings), encryption(settings.payload_keys)
    keys = held(settings.link_keys)
    return Outside(
        policy=policy.replace(process_name=settings.process_name),
        directory=directory,
        archive=FolderArchive(settings.archive_folder),
        notifier=SendGridNotifier(
            settings.sendgrid_key.get_secret_value(),
            formataddr((settings.sender_name, settings.sender)),
            settings.sendgrid_host,
        ),
        links=Links(keys, held(settings.code_keys), settings.public_url),
        proofs=Proofs(keys),
        wording=Wording(lifecycle.notices().values(), settings.wording),
        opaque=codec.opaque if codec else None,
        calendar=GoogleCalendar(google, settings.calendar_id)
        if google and settings.calendar_id
        else None,
        documents=GoogleDocs(google, settings.drive_folder or "")
        if google and settings.google_documents
        else None,
        issues=_jira(settings, directory),
    )


def _google(settings: WorkerSettings) -> GoogleAccess | None:
    token = settings.google_token
    credentials = google_credentials(
        token=token.get_secret_value() if token else None,
        service_account_file=settings.google_service_account_file,
        subject=settings.google_subject,
        refresh_token_file=settings.google_refresh_token_file,
        peoples_folder=settings.drive_folder is not None,
    )
    return GoogleAccess(credentials, settings.google_base_url or "") if credentials else None


def _jira(settings: WorkerSettings, directory: FileDirectory) -> JiraTracker | None:
    """Return the tracker; with a token alone, Jira knows the account by the token."""
    if settings.jira_url is None or settings.jira_token is None:
        return None
    token = settings.jira_token.get_secret_value()
    return JiraTracker(
        settings.jira_api_url,
        (settings.jira_user, token) if settings.jira_user else token,
        flavour=Flavour(settings.jira_flavour),
        site_url=settings.jira_url,
        projects=directory.issue_projects(),
    )


def activities(outside: Outside) -> Sequence[Any]:
    """Return every activity that the connected integrations make possible."""
    rules = RuleActivities(
        outside.policy,
        outside.connected,
        outside.directory,
        outside.archive,
        opaque=outside.opaque,
    )
    customers = outside.policy.message.mailing_list
    colleagues = Colleagues(outside.directory, customers)
    mail = MailActivities(
        outside.notifier,
        outside.directory,
        outside.links,
        outside.proofs,
        outside.wording,
        archive=outside.archive,
        customers=customers,
    )
    # Google counts each of its APIs by itself, and a document takes two of them: Drive and Docs.
    of_documents, of_calendar = Pause(), Pause()
    records = RecordActivities(outside.archive, outside.documents, of_documents)
    found: list[Any] = [
        rules.resolve_rules,
        rules.record_directory,
        mail.send_notices,
        mail.send_to_customers,
        records.write_record,
    ]
    if outside.calendar is not None:
        meetings = MeetingActivities(outside.calendar, colleagues, outside.wording, of_calendar)
        found += [meetings.read_busy_times, meetings.put_event, meetings.read_event]
        found.append(meetings.call_off_event)
    if outside.documents is not None:
        documents = DocumentActivities(outside.documents, colleagues, outside.wording, of_documents)
        found += [documents.reserve_folder, documents.put_document]
    if outside.issues is not None:
        issues = IssueActivities(outside.issues, outside.wording)
        found += [issues.find_or_open_issues, issues.read_issues]
    return found


def worker(client: Client, outside: Outside, **options: Any) -> Worker:  # noqa: ANN401 - the SDK's own options
    """Return a worker for every workflow and activity; `options` go to the SDK."""
    chosen = {
        "task_queue": TASK_QUEUE,
        "activity_executor": ThreadPoolExecutor(THREADS),
        "max_concurrent_activities": THREADS,
        "graceful_shutdown_timeout": GRACE,
        "sticky_queue_schedule_to_start_timeout": LOYALTY,
        "interceptors": [Heartbeat()],
        "workflow_runner": InTime(SandboxedWorkflowRunner()),
        **options,
    }
    return Worker(client, workflows=[Postmortem], activities=activities(outside), **chosen)


async def run(client: Client, outside: Outside, settings: WorkerSettings) -> None:
    """Run a worker, and answer for its health, until the process is asked to stop.

    What is under way is then finished first.
    """
    postmortems = Postmortems(client)
    health = internal_app(lambda: answers(postmortems), Deliveries())
    # The linters prove that workflows and domain are pure, and tests keep the sandbox on: in
    # production it would prove it again with each activation, for an eighth of the worker's CPU.
    async with worker(client, outside, workflow_runner=InTime(UnsandboxedWorkflowRunner())):
        _settle_in()
        _log.info("worker ready")
        await serve((health, settings.internal_host, settings.internal_port))


def _settle_in() -> None:
    """Take all that was loaded for good out of the garbage collector's rounds, and have fewer.

    The vendors' libraries are many objects that never go; each full round looked at all of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
