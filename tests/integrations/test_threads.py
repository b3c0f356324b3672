"""Adapters under many threads: no errors, and nobody gets the answer to somebody else's call."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.engine.value import PersonId
from integrations.google.calendar import GoogleCalendar
from integrations.google.credentials import refreshing_token
from integrations.google.documents import GoogleDocs
from integrations.google.event import id_of
from integrations.google.http import GoogleAccess
from integrations.jira.tracker import JiraTracker
from integrations.ports import Address
from integrations.sendgrid.notifier import SendGridNotifier
from tests import creating
from tests.creating import find_or_open
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("furnished")

THREADS = 16
CALLS = 400
THINGS = 8
PATIENT = (2, 20)


def access(world: World) -> GoogleAccess:
    token = refreshing_token("client", "secret", "refresh", f"{world.url}/token")
    return GoogleAccess(token, world.url, PATIENT)


def in_threads(call: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(call, range(CALLS)))


def test_the_calendar_answers_each_thread_its_own(world: World) -> None:
    calendar = GoogleCalendar(access(world), creating.TEAM)
    people: dict[PersonId, Address] = {}
    for number in range(THINGS):
        calendar.put_event(creating.event(f"event-{number}"), people)

    found = in_threads(lambda n: calendar.read_event(f"event-{n % THINGS}", people).event_id)

    assert found == [id_of(f"event-{n % THINGS}") for n in range(CALLS)]


def test_documents_answer_each_thread_its_own(world: World) -> None:
    documents = GoogleDocs(access(world))
    made = []
    for number in range(THINGS):
        wanted = creating.document(f"document-{number}", documents.reserve_folder())
        made.append(documents.put_document(wanted, {}).document_id)

    found = in_threads(lambda n: documents.export(made[n % THINGS]).splitlines()[0])

    assert found == [f"document-{n % THINGS}" for n in range(CALLS)]


def test_the_tracker_answers_each_thread_its_own(world: World) -> None:
    tracker = JiraTracker(world.url, ("a@example.com", creating.TOKEN), timeout=PATIENT)
    world.set("clock", {"now": "2025-03-01T09:00:00Z"})
    keys = [find_or_open(tracker, creating.issue(f"ticket-{n}")).key for n in range(THINGS)]

    found = in_threads(lambda n: tracker.read([keys[n % THINGS]])[0].key)

    assert found == [keys[n % THINGS] for n in range(CALLS)]


def test_every_mail_of_every_thread_arrives_once(world: World) -> None:
    notifier = SendGridNotifier(creating.TOKEN, "a@example.com", world.url, PATIENT[1])

    in_threads(lambda n: notifier.send(creating.mail(f"mail-{n}")))

    received = [each["to"] for each in world.all("mails")]
    assert sorted(received) == sorted(f"mail-{n}@example.com" for n in range(CALLS))


def test_one_key_asked_by_many_threads_at_once_is_one_event(world: World) -> None:
    calendar = GoogleCalendar(access(world), creating.TEAM)

    with ThreadPoolExecutor(THREADS) as pool:
        wanted = creating.event("one-event")
        found = list(pool.map(lambda _: calendar.put_event(wanted, {}).event_id, range(THREADS)))

    assert set(found) == {id_of("one-event")}
