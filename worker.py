"""Composition root of the worker: settings in, a running worker out."""

import asyncio
import json
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formataddr
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.worker import Worker

from activities.documents import DocumentActivities
from activities.issues import IssueActivities
from activities.mail import MailActivities
from activities.meetings import MeetingActivities
from activities.pulse import Pulse
from activities.records import RecordActivities
from activities.rules import RuleActivities
from domain.policy import Connected, Policy
from integrations.archive import FolderArchive
from integrations.directory import FileDirectory
from integrations.google import (
    GoogleAccess,
    refreshing_token,
    service_account_for,
    static_token,
)
from integrations.google_calendar import GoogleCalendar
from integrations.google_docs import GoogleDocs
from integrations.jira import JiraTracker
from integrations.links import Links
from integrations.policy_file import read_policy
from integrations.ports import Archive, Calendar, DocumentStore, IssueTracker, Notifier
from integrations.sendgrid import SendGridNotifier
from settings import Settings
from workflows.client import TASK_QUEUE
from workflows.postmortem import Postmortem

THREADS = 20
GRACE = timedelta(seconds=20)


@dataclass(frozen=True)
class Outside:
    """Everything a worker speaks to; what is not connected is None."""

    policy: Policy
    directory: FileDirectory
    archive: Archive
    notifier: Notifier
    links: Links
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


def outside(settings: Settings) -> Outside:
    """Return the adapters that the settings ask for; nothing is contacted yet.

    Raises:
        WrongPolicy, WrongOrganisation: a file cannot be used; everything wrong is named.
    """
    policy = read_policy(settings.policy_file)
    google = _google(settings)
    return Outside(
        policy=policy.but(process_name=settings.process_name),
        directory=FileDirectory(settings.organisation_file),
        archive=FolderArchive(settings.archive_folder),
        notifier=SendGridNotifier(
            settings.sendgrid_key.get_secret_value(),
            formataddr((settings.sender_name, settings.sender)),
            settings.sendgrid_host,
        ),
        links=Links([key.get_secret_value() for key in settings.link_keys], settings.public_url),
        calendar=GoogleCalendar(google, settings.calendar_id)
        if google and settings.calendar_id
        else None,
        documents=GoogleDocs(google, settings.drive_folder or "")
        if google and settings.google_documents
        else None,
        issues=_jira(settings),
    )


def _google(settings: Settings) -> GoogleAccess | None:
    base = settings.google_base_url or ""
    if settings.google_token is not None:
        return GoogleAccess(static_token(settings.google_token.get_secret_value()), base)
    if settings.google_service_account_file is not None:
        key = json.loads(settings.google_service_account_file.read_text(encoding="utf-8"))
        return GoogleAccess(service_account_for(key, settings.google_subject or ""), base)
    if settings.google_refresh_token_file is not None:
        kept = json.loads(settings.google_refresh_token_file.read_text(encoding="utf-8"))
        token = refreshing_token(kept["client_id"], kept["client_secret"], kept["refresh_token"])
        return GoogleAccess(token, base)
    return None


def _jira(settings: Settings) -> JiraTracker | None:
    if settings.jira_url is None or settings.jira_user is None or settings.jira_token is None:
        return None
    token = settings.jira_token.get_secret_value()
    return JiraTracker(settings.jira_url, (settings.jira_user, token))


def activities(outside: Outside) -> Sequence[Any]:
    """Return every activity that the connected integrations make possible."""
    rules = RuleActivities(outside.policy, outside.connected, outside.directory, outside.archive)
    mail = MailActivities(outside.notifier, outside.directory, outside.links)
    records = RecordActivities(outside.archive, outside.documents)
    found: list[Any] = [
        rules.resolve_rules,
        rules.record_almanac,
        mail.send_notices,
        mail.send_to_customers,
        records.write_record,
    ]
    if outside.calendar is not None:
        meetings = MeetingActivities(outside.calendar, outside.directory)
        found += [meetings.read_busy_times, meetings.put_event, meetings.read_event]
    if outside.documents is not None:
        documents = DocumentActivities(outside.documents, outside.directory)
        found += [documents.reserve_folder, documents.put_document]
    if outside.issues is not None:
        issues = IssueActivities(outside.issues)
        found += [issues.find_or_open_issues, issues.read_issues]
    return found


def worker(client: Client, outside: Outside, **options: Any) -> Worker:  # noqa: ANN401 - the SDK's own options
    """Return a worker for every workflow and activity; `options` go to the SDK."""
    chosen = {
        "task_queue": TASK_QUEUE,
        "activity_executor": ThreadPoolExecutor(THREADS),
        "max_concurrent_activities": THREADS,
        "graceful_shutdown_timeout": GRACE,
        "interceptors": [Pulse()],
        **options,
    }
    return Worker(client, workflows=[Postmortem], activities=activities(outside), **chosen)


async def connect(identity: str) -> Client:
    """Connect to Temporal as the SDK's own environment configuration says."""
    config = ClientConfig.load_client_connect_config()
    config.setdefault("target_host", "localhost:7233")
    return await Client.connect(**config, data_converter=pydantic_data_converter, identity=identity)


async def run(client: Client, outside: Outside) -> None:
    """Run a worker until the process is asked to stop, then finish what is under way."""
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(each, stop.set)
    async with worker(client, outside):
        print("worker ready", flush=True)
        await stop.wait()
