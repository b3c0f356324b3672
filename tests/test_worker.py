"""The worker's composition: everything that a workflow can ask for is there."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from temporalio import activity

import activities
import worker
from integrations import ports
from integrations.files.archive import FolderArchive
from integrations.files.directory import FileDirectory
from integrations.google.calendar import GoogleCalendar
from integrations.google.documents import GoogleDocs
from integrations.jira.tracker import JiraTracker
from integrations.sendgrid.notifier import SendGridNotifier
from settings import Settings, read_settings
from tests.lives import GOOGLE, JIRA, environment
from tests.simulated import World

ADAPTERS = [
    (ports.Archive, FolderArchive),
    (ports.Calendar, GoogleCalendar),
    (ports.Directory, FileDirectory),
    (ports.Names, FileDirectory),
    (ports.DocumentStore, GoogleDocs),
    (ports.IssueTracker, JiraTracker),
    (ports.Notifier, SendGridNotifier),
]
OF_DOCUMENTS = {"reserve_folder", "put_document"}
OF_THE_CALENDAR = {"read_busy_times", "put_event", "read_event", "call_off_event"}
OF_TICKETS = {"find_or_open_issues", "read_issues"}


class Nowhere(World):
    """A world that nobody asks: composing a worker contacts nothing."""

    def __init__(self) -> None:
        self.url = "http://127.0.0.1:9"


def registered(folder: Path, *without: str) -> set[str]:
    """Return the names of the activities of a worker without some settings."""
    given = environment(Nowhere(), folder)
    settings = read_settings(
        {name: v for name, v in given.items() if name not in without}, Settings
    )
    return {_name(each) for each in worker.activities(worker.outside(settings))}


def defined() -> Iterator[str]:
    """Yield the name of every activity there is; workflows can ask for no other."""
    for module in pkgutil.iter_modules(activities.__path__, "activities."):
        for _, kept in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            methods = inspect.getmembers(kept, inspect.isfunction)
            yield from (name for name, each in methods if _is_activity(each))


def _is_activity(function: object) -> bool:
    return hasattr(function, "__temporal_activity_definition")


def _name(function: Any) -> str:  # noqa: ANN401 - any activity
    name = activity._Definition.must_from_callable(function).name  # noqa: SLF001
    assert name is not None
    return name


def test_a_fully_connected_worker_knows_every_activity_that_a_workflow_can_ask_for(
    tmp_path: Path,
) -> None:
    known = registered(tmp_path)

    assert known == set(defined())
    assert known > OF_DOCUMENTS | OF_THE_CALENDAR | OF_TICKETS


@pytest.mark.parametrize(
    ("without", "absent"),
    [
        (JIRA, OF_TICKETS),
        (("PM_CALENDAR_ID",), OF_THE_CALENDAR),
        (GOOGLE + JIRA, OF_TICKETS | OF_THE_CALENDAR | OF_DOCUMENTS),
    ],
)
def test_a_worker_knows_no_activity_of_what_is_not_connected(
    tmp_path: Path, without: tuple[str, ...], absent: set[str]
) -> None:
    assert registered(tmp_path) - registered(tmp_path, *without) == absent


@pytest.mark.parametrize(("port", "adapter"), ADAPTERS)
def test_an_adapter_fits_its_port(port: type, adapter: type) -> None:
    asked = {name: each for name, each in vars(port).items() if inspect.isfunction(each)}
    promised = {name: each for name, each in asked.items() if not name.startswith("_")}

    assert promised
    for name, method in promised.items():
        wanted, there = (inspect.signature(each) for each in (method, getattr(adapter, name)))
        assert list(wanted.parameters) == list(there.parameters)[: len(wanted.parameters)]
        assert wanted.return_annotation == there.return_annotation
