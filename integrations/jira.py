"""JiraTracker: tickets in Jira Cloud, at most one per key."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from jira import JIRA, JIRAError
from requests import RequestException

from domain.outside import IssueReading, IssueState, WantedIssue
from integrations import jira_states
from integrations.errors import Ambiguous, Refused, ServiceError, Throttled, Unavailable
from integrations.wire import TIMEOUT, Timeout, lost, pause_asked

PROPERTY = "com.aftermath.key"
"""The proof that a ticket is ours: people can copy a label, and Jira copies it to clones."""

PRIORITIES = {"P0": "Highest", "P1": "High", "P2": "Medium", "P3": "Low"}

KEYS_PER_SEARCH = 50
SUMMARY_LENGTH = 255

LOOKS_BEFORE_OPENING_ANOTHER = 2
"""Jira's search shows a new ticket seconds to minutes late. The case's patience looks again
after one minute, and after five more: then nothing was opened."""


class Missing(Refused):
    """There is no such ticket, or none that we may see."""


class JiraTracker:
    """One Jira site, as one account.

    `auth` is (mail address, API token), or a bearer token alone. With a scoped token `server`
    is the API's address and `site_url` the one that people open. A priority that is not in
    `priorities` is left to the project's default.
    """

    def __init__(  # noqa: PLR0913 - each is a setting with a default
        self,
        server: str,
        auth: tuple[str, str] | str,
        *,
        site_url: str = "",
        issue_type: str = "Task",
        priorities: Mapping[str, str] = PRIORITIES,
        wont_do: Collection[str] = jira_states.WONT_DO,
        timeout: Timeout = TIMEOUT,
    ) -> None:
        self._jira = _client(server.rstrip("/"), auth, timeout)
        self._site_url = (site_url or server).rstrip("/")
        self._issue_type = issue_type
        self._priorities = dict(priorities)
        self._wont_do = tuple(wont_do)
        self._opened: dict[str, str] = {}
        self._looks: dict[str, int] = {}

    def find_or_open(self, wanted: WantedIssue) -> IssueReading:
        """Return the ticket of this key, opening it at most once.

        A ticket carries a label made from the key, for search, and the key's hash as a
        property, for proof. Search comes before every opening; since it lags, this process
        also remembers what it opened, and after a lost answer looks several times before it
        opens again. The link back to the document has an id of its own: again changes nothing.
        """
        found = self._remembered(wanted) or self._searched(wanted) or self._open(wanted)
        if wanted.link_url:
            self._link(found.key, wanted)
        return found

    def read(self, keys: Sequence[str]) -> Sequence[IssueReading]:
        """Return the named tickets as they stand; one that is gone is `missing`."""
        found: dict[str, IssueReading] = {}
        for start in range(0, len(keys), KEYS_PER_SEARCH):
            found |= self._read_together(keys[start : start + KEYS_PER_SEARCH])
        # What search does not show may be new, moved to another key, or gone.
        return [found.get(key) or self._read_alone(key) for key in keys]

    def _remembered(self, wanted: WantedIssue) -> IssueReading | None:
        key = self._opened.get(wanted.key)
        if key is None:
            return None
        found = self._read_alone(key)
        return found if found.state is not IssueState.MISSING else None

    def _searched(self, wanted: WantedIssue) -> IssueReading | None:
        body = {
            "jql": f'labels = "{_label(wanted.key)}"',
            "fields": list(jira_states.FIELDS_READ),
            "properties": [PROPERTY],
            "maxResults": KEYS_PER_SEARCH,
        }
        answer = self._call("POST", "search/jql", "search for the ticket", body, reading=True)
        ours = [each for each in answer.get("issues", []) if _is_proven(each, wanted.key)]
        if not ours:
            return None
        # Should there be two after all, everybody settles on the first.
        return self._reading(min(ours, key=lambda issue: int(issue["id"])))

    def _open(self, wanted: WantedIssue) -> IssueReading:
        if wanted.key in self._looks:
            self._looks[wanted.key] += 1
            if self._looks[wanted.key] < LOOKS_BEFORE_OPENING_ANOTHER:
                raise Unavailable("Jira does not show yet whether the ticket was opened.")
        try:
            answer = self._call("POST", "issue", "open the ticket", self._new(wanted))
        except Ambiguous:
            self._looks[wanted.key] = 0
            raise
        key = str(answer["key"])
        self._opened[wanted.key] = key
        return IssueReading(key=key, url=self._url(key), due=wanted.due)

    def _new(self, wanted: WantedIssue) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "project": {"key": wanted.project},
            "issuetype": {"name": self._issue_type},
            "summary": " ".join(wanted.title.split())[:SUMMARY_LENGTH],
            "description": _description(wanted),
            "labels": [*map(_as_label, wanted.labels), _label(wanted.key)],
            "duedate": wanted.due.isoformat(),
        }
        if priority := self._priorities.get(wanted.priority):
            fields["priority"] = {"name": priority}
        proof = {"key": PROPERTY, "value": {"key": _digest(wanted.key)}}
        return {"fields": fields, "properties": [proof]}

    def _link(self, issue: str, wanted: WantedIssue) -> None:
        title = " ".join(wanted.link_title.split()) or wanted.link_url
        body = {
            "globalId": f"aftermath={_digest(wanted.key)}",
            "object": {"url": wanted.link_url, "title": title[:SUMMARY_LENGTH]},
        }
        try:
            self._call("POST", f"issue/{issue}/remotelink", "link the document", body)
        except Refused:
            # Not everyone may link; the description carries the address as well.
            return

    def _read_together(self, keys: Sequence[str]) -> dict[str, IssueReading]:
        quoted = ", ".join(f'"{key}"' for key in keys)
        body = {
            "jql": f"key in ({quoted})",
            "fields": list(jira_states.FIELDS_READ),
            "maxResults": KEYS_PER_SEARCH,
        }
        try:
            answer = self._call("POST", "search/jql", "read the tickets", body, reading=True)
        except Refused:
            # Jira refuses the whole search when one of the keys does not exist.
            return {}
        return {each["key"]: self._reading(each) for each in answer.get("issues", [])}

    def _read_alone(self, key: str) -> IssueReading:
        fields = ",".join(jira_states.FIELDS_READ)
        try:
            issue = self._call("GET", f"issue/{key}?fields={fields}", "read the ticket")
        except Missing:
            return IssueReading(key=key, url=self._url(key), state=IssueState.MISSING)
        return self._reading(issue).but(key=key)

    def _reading(self, issue: Mapping[str, Any]) -> IssueReading:
        key, fields = str(issue["key"]), issue.get("fields", {})
        try:
            return jira_states.reading(key, fields, self._url(key), self._wont_do)
        except ValueError:
            raise Refused("The fields of a ticket are not what Jira sends.") from None

    def _url(self, key: str) -> str:
        return f"{self._site_url}/browse/{key}"

    def _call(
        self,
        method: str,
        path: str,
        doing: str,
        body: Mapping[str, Any] | None = None,
        *,
        reading: bool = False,
    ) -> dict[str, Any]:
        """Send one request once and return its JSON object, or raise our word for the trouble."""
        reading = reading or method == "GET"
        # The library's own methods retry, prefetch and drop properties: only its session is used.
        session: Any = self._jira._session  # noqa: SLF001
        url = self._jira._get_url(path)  # noqa: SLF001
        data = None if body is None else json.dumps(body)
        try:
            answer = session.request(
                method, url, data=data, headers={"Content-Type": "application/json"}
            ).json()
        except JIRAError as error:
            raise _refusal(error, doing, reading=reading) from None
        except ValueError:
            raise Refused(f"Something that is not Jira answered when asked to {doing}.") from None
        except RequestException as error:
            raise lost("Jira", doing, error, reading=reading) from None
        if not isinstance(answer, dict):
            raise Refused(f"Something that is not Jira answered when asked to {doing}.")
        return answer


def _client(server: str, auth: tuple[str, str] | str, timeout: Timeout) -> JIRA:
    basic, token = (None, auth) if isinstance(auth, str) else (auth, None)
    client = JIRA(
        server=server,
        options={"rest_api_version": "3"},
        basic_auth=basic,
        token_auth=token,
        get_server_info=False,
        max_retries=0,
        timeout=timeout,
    )
    # A redirect would be followed with the body, and any JSON with a key believed.
    client._session.max_redirects = 0  # noqa: SLF001
    return client


def _refusal(error: JIRAError, doing: str, *, reading: bool) -> ServiceError:
    status = error.status_code or 0
    headers = error.response.headers if error.response is not None else {}
    if status == HTTPStatus.TOO_MANY_REQUESTS or (
        status == HTTPStatus.SERVICE_UNAVAILABLE and "Retry-After" in headers
    ):
        told = f"Jira asks for a pause before it is to {doing}."
        return Throttled(told, retry_after=pause_asked(headers))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        failed = f"Jira failed to {doing} ({status})."
        return Unavailable(failed) if reading else Ambiguous(failed)
    if status == HTTPStatus.CONFLICT:
        return Unavailable(f"Jira was changing the ticket when asked to {doing}.")
    kind = Missing if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE} else Refused
    return kind(f"Jira refused to {doing} ({status}{_fields(error)}).")


def _fields(error: JIRAError) -> str:
    """Name the fields that Jira refuses: ops need them, and they are not Jira's words."""
    try:
        named = error.response.json()["errors"] if error.response is not None else {}
    except (ValueError, KeyError, TypeError):
        return ""
    names = [name for name in named if re.fullmatch(r"[A-Za-z0-9_]{1,40}", name)]
    return f", field {', '.join(sorted(names))}" if names else ""


def _is_proven(issue: Mapping[str, Any], key: str) -> bool:
    proof = (issue.get("properties") or {}).get(PROPERTY) or {}
    return bool(proof.get("key") == _digest(key))


def _description(wanted: WantedIssue) -> dict[str, Any]:
    paragraphs = [[_text(line.strip())] for line in wanted.body if line.strip()]
    if wanted.link_url:
        mark = {"type": "link", "attrs": {"href": wanted.link_url}}
        title = wanted.link_title.strip() or wanted.link_url
        paragraphs.append([_text(title) | {"marks": [mark]}])
    content = [{"type": "paragraph", "content": each} for each in paragraphs]
    return {"type": "doc", "version": 1, "content": content}


def _text(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def _as_label(text: str) -> str:
    return "-".join(text.split())


def _label(key: str) -> str:
    return f"pm-{_digest(key)}"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]
