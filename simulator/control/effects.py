"""What requests create, counted by the key under which it may exist once."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from simulator.control.faults import is_reading
from simulator.exchange import Answer, Exchange
from simulator.google.docs.revisions import Documents
from simulator.google.drive.files import DOCUMENT, FOLDER
from simulator.store import JSON
from simulator.world import World

_COLLECTION = "creations"
_UNMARKED = "unmarked"
_CREATED = {"remote_links": {201}}
_SUCCESS = range(200, 300)
_Found = tuple[str, str]
_Key = TypeVar("_Key")


class Effects:
    """Writes down each request to create something, and whether anything was created."""

    def __init__(self, world: World) -> None:
        self._world = world

    def note_arrival(self, exchange: Exchange) -> None:
        """Count a request that would create something, whatever becomes of it."""
        for kind, key in _wanted(exchange):
            self._count(kind, key, "posts")

    def note_outcome(self, exchange: Exchange, answer: Answer) -> None:
        """Count what the vendor did; a fault on the way back changes nothing about it."""
        exchange.notes["effect"] = answer.status in _SUCCESS and not is_reading(exchange)
        for kind, key in _wanted(exchange):
            if answer.status in _CREATED.get(kind, _SUCCESS):
                self._count(kind, key, "created")

    def told(self) -> JSON:
        """Return, for each kind and key, how often it was asked for, created, and now exists."""
        told: JSON = {kind: {} for kind in _STANDING}
        for entry in self._world.store.all(_COLLECTION):
            told[entry["kind"]][entry["key"]] = {
                "posts": entry["posts"],
                "created": entry["created"],
                "standing": 0,
            }
        for kind, find in _STANDING.items():
            for key, count in Counter(find(self._world)).items():
                told[kind].setdefault(key, {"posts": 0, "created": 0})["standing"] = count
        return told

    def duplicates(self) -> JSON:
        """Return what exists more than once under one key, by kind."""
        found: JSON = {kind: _repeated(find(self._world)) for kind, find in _STANDING.items()}
        for kind, only in (("mails", None), ("customer_mails", "customers")):
            pairs = ((key, mail["to"].lower()) for key, mail in _mails(self._world, only))
            found[kind] = {f"{key} to {to}": n for (key, to), n in _repeated(pairs).items()}
        return {kind: keys for kind, keys in found.items() if keys}

    def _count(self, kind: str, key: str, what: str) -> None:
        name = f"{kind}/{key}"
        entry = self._world.store.get(_COLLECTION, name) or {
            "kind": kind,
            "key": key,
            "posts": 0,
            "created": 0,
        }
        self._world.store.put(_COLLECTION, name, entry | {what: entry[what] + 1})


def _wanted(exchange: Exchange) -> Iterable[_Found]:
    """Return what a request is to create."""
    if exchange.method != "POST":
        return []
    for pattern, read in _CREATORS:
        if found := re.search(pattern, exchange.path):
            try:
                return [*read(exchange.told(), *found.groups())]
            except (AttributeError, KeyError, TypeError):
                # What cannot be read creates nothing.
                return []
    return []


def _event(body: JSON) -> Iterator[_Found]:
    yield "events", _mark_of_event(body)


def _file(body: JSON) -> Iterator[_Found]:
    if body.get("mimeType") == FOLDER:
        yield "folders", _mark_of_file(body)
    elif body.get("mimeType") == DOCUMENT:
        yield "documents", _mark_of_file(body)
        for parent in body.get("parents") or []:
            yield "documents_by_folder", parent


def _content(body: JSON, document: str) -> Iterator[_Found]:
    for request in body.get("requests") or []:
        name = (request.get("createNamedRange") or {}).get("name") or ""
        if name.startswith("pm:"):
            yield "contents", f"{document} {name}"


def _issue(body: JSON) -> Iterator[_Found]:
    yield "tickets", _mark_of_issue(body.get("fields") or {})


def _link(body: JSON, issue: str) -> Iterator[_Found]:
    yield "remote_links", f"{issue} {body.get('globalId') or _UNMARKED}"


def _comment(body: JSON, issue: str) -> Iterator[_Found]:
    yield "comments", f"{issue} {_words(body.get('body'))}"


def _mail(body: JSON) -> Iterator[_Found]:
    for personal in body.get("personalizations") or []:
        marks = (body.get("custom_args") or {}) | (personal.get("custom_args") or {})
        yield "mails", marks.get("key") or _UNMARKED
        if marks.get("kind") == "customers":
            yield "customer_mails", marks.get("key") or _UNMARKED


_CREATORS: list[tuple[str, Callable[..., Iterator[_Found]]]] = [
    (r"^/calendar/v3/calendars/[^/]+/events$", _event),
    (r"^/drive/v3/files$", _file),
    (r"^/v1/documents/([^/:]+):batchUpdate$", _content),
    (r"/rest/api/[23]/issue$", _issue),
    (r"/rest/api/[23]/issue/([^/]+)/remotelink$", _link),
    (r"/rest/api/[23]/issue/([^/]+)/comment$", _comment),
    (r"^/v3/mail/send$", _mail),
]


def _mark_of_event(event: JSON) -> str:
    marks = (event.get("extendedProperties") or {}).get("private") or {}
    return str(marks.get("pmKey") or _UNMARKED)


def _mark_of_file(file: JSON) -> str:
    marks = file.get("appProperties") or {}
    return str(marks.get("pmKey") or next(iter(marks.values()), _UNMARKED))


def _mark_of_issue(fields: JSON) -> str:
    ours = (label for label in fields.get("labels") or [] if label.startswith("pm-"))
    return next(ours, _UNMARKED)


def _words(body: object) -> str:
    """Return the beginning of a comment's text, whatever format it is in."""
    if isinstance(body, str):
        return " ".join(body.split())[:60]
    if isinstance(body, dict):
        parts = [str(body.get("text") or ""), *map(_words, body.get("content") or [])]
        return " ".join(part for part in parts if part)[:60]
    return ""


def _events(world: World) -> Iterator[str]:
    for each in world.store.all("events"):
        if each["event"]["status"] != "cancelled":
            yield _mark_of_event(each["event"])


def _files(kind: str) -> Callable[[World], Iterator[str]]:
    def find(world: World) -> Iterator[str]:
        for file in world.store.all("files"):
            # The top of a drive lies in nothing.
            if file["mimeType"] == kind and file["parents"] and not file["trashed"]:
                yield _mark_of_file(file)

    return find


def _documents_by_folder(world: World) -> Iterator[str]:
    for file in world.store.all("files"):
        if file["mimeType"] == DOCUMENT and not file["trashed"]:
            yield from file["parents"]


def _contents(world: World) -> Iterator[str]:
    documents = Documents(world)
    for file in world.store.all("files"):
        if file["mimeType"] == DOCUMENT:
            for named in documents.get(file["id"]).manuscript.ranges:
                if named.name.startswith("pm:"):
                    yield f"{file['id']} {named.name}"


def _tickets(world: World) -> Iterator[str]:
    return (_mark_of_issue(issue["fields"]) for issue in world.store.all("issues"))


def _links(world: World) -> Iterator[str]:
    for issue in world.store.all("issues"):
        for link in issue["links"]:
            yield f"{issue['key']} {link.get('globalId') or _UNMARKED}"


def _comments(world: World) -> Iterator[str]:
    for issue in world.store.all("issues"):
        for said in issue["comments"]:
            yield f"{issue['key']} {_words(said['body'])}"


def _mails(world: World, only: str | None) -> Iterator[tuple[str, JSON]]:
    for mail in world.store.all("mails"):
        marks = mail["custom_args"]
        if mail["kind"] == "sendgrid" and only in {None, marks.get("kind")}:
            yield str(marks.get("key") or _UNMARKED), mail


def _mail_keys(only: str | None) -> Callable[[World], Iterator[str]]:
    return lambda world: (key for key, _ in _mails(world, only))


def _repeated(keys: Iterable[_Key]) -> dict[_Key, int]:
    counts = Counter(key for key in keys if key != _UNMARKED)
    return {key: count for key, count in counts.items() if count > 1}


_STANDING: dict[str, Callable[[World], Iterator[str]]] = {
    "events": _events,
    "folders": _files(FOLDER),
    "documents": _files(DOCUMENT),
    "documents_by_folder": _documents_by_folder,
    "contents": _contents,
    "tickets": _tickets,
    "remote_links": _links,
    "comments": _comments,
    "mails": _mail_keys(None),
    "customer_mails": _mail_keys("customers"),
}
