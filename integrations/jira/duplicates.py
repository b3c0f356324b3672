"""Tickets proven to be ours, found by label or past the index; and second ones of one key."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.errors import Refused
from integrations.jira.dialect import Dialect
from integrations.jira.http import JiraHttp, Unseen
from integrations.jira.marks import PROPERTY, Issue, digests_of, label
from integrations.jira.states import FIELDS_READ, WONT_DO

HASHES_PER_SEARCH = 50
MOST_FOUND = 100

GAPS = 3
"""Keys in a row that are not there before we believe that no newer one is."""

FARTHEST = 60
"""The most keys that are looked at past the newest one that the index knows."""


@dataclass(frozen=True)
class Candidates:
    """What Jira has for one hash: the tickets proven to be of it, oldest first.

    `doubted` tells that there is one more, of which nobody can say whether it is.
    """

    proven: tuple[Issue, ...] = ()
    doubted: bool = False

    @property
    def exist(self) -> bool:
        """Whether there is any."""
        return bool(self.proven) or self.doubted


class Duplicates:
    """Looks for the tickets of a key, and closes all but one."""

    def __init__(self, http: JiraHttp, dialect: Dialect) -> None:
        self._http = http
        self._dialect = dialect

    def shown(self, digests: Collection[str]) -> dict[str, Candidates]:
        """Return what the index shows of each hash, with one search for fifty of them."""
        shown = {
            str(issue["id"]): issue
            for some in _chunks(sorted(digests), HASHES_PER_SEARCH)
            for issue in self._labelled(some)
        }
        issues = [self._with_proof(each) for each in shown.values()]
        return {each: _candidates(each, issues) for each in digests}

    def past_index(self, digests: Collection[str], project: str) -> dict[str, Candidates]:
        """Return what a project has of each hash that is too new for the index.

        Keys count upwards in a project, and a ticket read by its key is never stale: so the
        keys after the newest that the index knows are read one by one, once for all hashes.
        """
        issues = list(self._newer(project))
        return {each: _candidates(each, issues) for each in digests}

    def search(self, jql: str, doing: str, *, most: int = MOST_FOUND) -> list[Issue]:
        """Return the first page of what a query finds."""
        body: dict[str, Any] = {"jql": jql, "fields": list(FIELDS_READ), "maxResults": most}
        if self._dialect.search_tells_properties:
            body["properties"] = [PROPERTY]
        answer = self._http.ask(
            "POST", self._dialect.search, doing, body, reading=True, expected=200
        )
        return [dict(each) for each in answer["issues"]]

    def close(self, duplicate: Issue, kept: str) -> str:
        """Close a second ticket as a duplicate and say so; what is done already is not repeated.

        It is commented first, then closed, and marked last: a mark means that all was done, and
        is what a repeat looks for. Where Jira does not let us close it, a person has to.
        """
        key = str(duplicate["key"])
        said = f"This is a duplicate of {kept}: an answer of Jira was lost when it was opened."
        closed = True
        try:
            self._comment(key, said)
            closed = self._finish(duplicate)
        except Refused:
            closed = False
        value = {"key": _proof(duplicate), "duplicate_of": kept}
        self._http.ask("PUT", f"issue/{key}/properties/{PROPERTY}", "mark the duplicate", value)
        if closed:
            return f"{key} was a second ticket of {kept} and was closed as its duplicate."
        return f"{key} is a second ticket of {kept}. Jira did not let us close it: close it there."

    def _labelled(self, digests: Sequence[str]) -> list[Issue]:
        labels = ", ".join(f'"{label(each)}"' for each in digests)
        # Oldest first: copies are made after the ticket itself.
        jql = f"labels in ({labels}) ORDER BY created ASC"
        found = self.search(jql, "search for tickets")
        if len(found) < MOST_FOUND or len(digests) == 1:
            return found
        # So many copies of a label that a page is full: each half gets a page of its own.
        half = len(digests) // 2
        return [*self._labelled(digests[:half]), *self._labelled(digests[half:])]

    def _newer(self, project: str) -> Iterable[Issue]:
        found = self.search(
            f'project = "{project}" ORDER BY key DESC', "look past the index", most=1
        )
        newest = max((int(str(each["key"]).rpartition("-")[2]) for each in found), default=0)
        gaps = 0
        for number in range(newest + 1, newest + 1 + FARTHEST):
            issue = self._read(f"{project}-{number}")
            gaps = gaps + 1 if issue is None else 0
            if issue is not None:
                yield issue
            if gaps == GAPS:
                return

    def _with_proof(self, issue: Issue) -> Issue:
        if self._dialect.search_tells_properties:
            return issue
        return self._read(str(issue["id"])) or issue

    def _read(self, name: str) -> Issue | None:
        asked = f"fields={','.join(FIELDS_READ)}&properties={PROPERTY}"
        try:
            return self._http.ask("GET", f"issue/{name}?{asked}", "read the ticket")
        except Unseen:
            return None

    def _comment(self, key: str, said: str) -> None:
        path = f"issue/{key}/comment"
        present = self._http.ask("GET", path, "read the comments")["comments"]
        if not any(said in json.dumps(each, ensure_ascii=False) for each in present):
            body = {"body": self._dialect.text([said], ("", ""))}
            self._http.ask("POST", path, "say that a ticket is a duplicate", body, expected=201)

    def _finish(self, duplicate: Issue) -> bool:
        if _is_over(duplicate["fields"].get("status") or {}):
            return True
        path = f"issue/{duplicate['key']}/transitions"
        ways = self._http.ask("GET", path, "read how a ticket can end")["transitions"]
        endings = [each for each in ways if _is_over(each.get("to") or {})]
        if not endings:
            return False
        body = {"transition": {"id": str(min(endings, key=_likeness)["id"])}}
        self._http.ask("POST", path, "close the duplicate", body)
        return True


def _candidates(key_digest: str, issues: Collection[Issue]) -> Candidates:
    proofs = [(_proof(each), each) for each in issues]
    proven = (issue for proof, issue in proofs if proof == key_digest)
    return Candidates(
        proven=tuple(sorted(proven, key=lambda each: int(each["id"]))),
        doubted=any(proof is None and key_digest in digests_of(issue) for proof, issue in proofs),
    )


def _proof(issue: Mapping[str, Any]) -> str | None:
    """Return the hash that a ticket's proof names, empty without one, None if nobody can tell.

    A duplicate that was closed keeps its label and counts as having no proof.
    """
    properties = issue.get("properties")
    if not isinstance(properties, dict):
        return None
    if PROPERTY not in properties:
        return ""
    kept = properties[PROPERTY]
    if not isinstance(kept, dict) or not isinstance(kept.get("key"), str):
        return None
    return "" if kept.get("duplicate_of") else str(kept["key"])


def _chunks(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (texts[start : start + size] for start in range(0, len(texts), size))


def _is_over(status: Mapping[str, Any]) -> bool:
    return bool((status.get("statusCategory") or {}).get("key") == "done")


def _likeness(transition: Mapping[str, Any]) -> int:
    """Rank endings: as a duplicate, else without the work being done, else any."""
    name = str((transition.get("to") or {}).get("name", "")).casefold()
    order: Sequence[str] = ["duplicate", *(each.casefold() for each in WONT_DO)]
    return order.index(name) if name in order else len(order)
