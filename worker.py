"""Composition root of the worker: settings in, a running worker out."""

import asyncio
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.worker import Worker

from activities.documents import DocumentActivities
from activities.issues import IssueActivities
from activities.mail import MailActivities
from activities.meetings import MeetingActivities
from activities.records import RecordActivities
from activities.rules import RuleActivities
from domain.policy import Connected, Policy
from integrations.links import Links
from integrations.ports import Archive, Calendar, Directory, DocumentStore, IssueTracker, Notifier
from workflows.client import TASK_QUEUE
from workflows.postmortem import Postmortem

THREADS = 20
GRACE = timedelta(seconds=20)


@dataclass(frozen=True)
class Outside:
    """Everything a worker speaks to; what is not connected is None."""

    policy: Policy
    directory: Directory
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
