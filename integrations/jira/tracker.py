"""JiraTracker: tickets in Jira Cloud or Data Center, at most one per key."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.action_items.ticket import DesiredIssue, IssueState, ObservedIssue
from integrations.errors import Ambiguous, Refused, ServiceError, Throttled
from integrations.http import TIMEOUT, Timeout, understanding
from integrations.issue_projects import IssueProject
from integrations.jira import states as jira_states
from integrations.jira.dialect import DIALECTS, Flavour
from integrations.jira.duplicates import Candidates, Duplicates
from integrations.jira.http import JiraHttp, Rejected, Unseen
from integrations.jira.marks import PROPERTY, Issue, digest, digests_of, is_key
from integrations.jira.ticket import new_link, new_ticket

__all__ = ["PROPERTY", "Flavour", "JiraTracker"]

KEYS_PER_SEARCH = 50

SHOW_UP_WITHIN = timedelta(days=3)
"""Jira's search lags minutes at worst: a ticket this old has no second one that is not known."""


class JiraTracker:
    """One Jira site, as one account.

    `auth` is (mail address, API token), or a bearer token alone. With a scoped token `server`
    is the API's address and `site_url` the one that people open. A project that is not in
    `projects` is treated as usual. Nothing is remembered between calls: any number of workers
    may serve one case.
    """

    def __init__(  # noqa: PLR0913 - each is a setting with a default
        self,
        server: str,
        auth: tuple[str, str] | str,
        *,
        flavour: Flavour = Flavour.CLOUD,
        site_url: str = "",
        projects: Mapping[str, IssueProject] = jira_states.NO_PROJECTS,
        timeout: Timeout = TIMEOUT,
    ) -> None:
        self._dialect = DIALECTS[flavour]
        self._http = JiraHttp(server, auth, self._dialect.version, timeout)
        self._duplicates = Duplicates(self._http, self._dialect)
        self._site_url = (site_url or server).rstrip("/")
        self._projects = dict(projects)

    @understanding("Jira")
    def find(
        self, wanted: Sequence[DesiredIssue], *, again: Collection[str] = ()
    ) -> Mapping[str, ObservedIssue | ServiceError]:
        """Return by key the tickets that are there, and what keeps us from telling.

        A ticket carries a label made from its key, for search, and the key's hash as a
        property, for proof; one search looks for all. Search lags, so for the keys of `again`,
        whose answer may have been lost, the newest tickets of their projects are read one by
        one as well. A second ticket that came about all the same is closed as a duplicate of
        the oldest. While one has our label and nobody can say whether it is ours, a second is
        not opened.
        """
        sought = {digest(each.key): each for each in wanted}
        seen = self._duplicates.shown(sought)
        late = [each for key, each in sought.items() if not seen[key].exist and each.key in again]
        troubles = self._add_newest(seen, late)
        outcomes = {
            each.key: self._found(each, seen[key]) or troubles.get(key)
            for key, each in sought.items()
        }
        return {key: outcome for key, outcome in outcomes.items() if outcome is not None}

    @understanding("Jira")
    def open(self, wanted: DesiredIssue) -> ObservedIssue:
        """Open a ticket that `find` has just not found, in its project or where it falls back to.

        An answer that is lost is looked for at once, past the index as well.
        """
        first, *others = self._places(wanted)
        try:
            return self._opened(wanted, first)
        except Rejected as refusal:
            if not others:
                raise
            told = str(refusal)
        [fallback] = others
        try:
            opened = self._opened(wanted, fallback)
        except Rejected:
            raise Refused(f"{told} Its fallback {fallback} refused as well.") from None
        return opened.replace(repaired=f"{told} The ticket was opened in {fallback} instead.")

    @understanding("Jira")
    def link(self, issue: str, wanted: DesiredIssue) -> None:
        """Link a ticket back to the document; the link has an id of its own, so it is one."""
        if not wanted.link_url:
            return
        try:
            answer = self._http.ask(
                "POST", f"issue/{issue}/remotelink", "link the document", new_link(wanted)
            )
        except Rejected:
            # Not everyone may link; the description carries the address as well.
            return
        if "id" not in answer:
            raise Refused("Something that is not Jira answered when asked to link the document.")

    @understanding("Jira")
    def read(self, keys: Sequence[str]) -> Sequence[ObservedIssue]:
        """Return the named tickets as they stand; one that we cannot see is `unreachable`.

        Tickets that are days old at most are compared with what else bears their label: a
        second ticket is closed as a duplicate of the one that was asked for, since that is the
        one that people know.
        """
        sought = [key for key in dict.fromkeys(keys) if is_key(key)]
        issues: dict[str, Issue] = {}
        for start in range(0, len(sought), KEYS_PER_SEARCH):
            issues |= self._read_together(sought[start : start + KEYS_PER_SEARCH])
        repaired = self._repaired(issues)
        # What search does not show may be new, moved to another key, or gone.
        return [
            self._observed(issues[key]).replace(repaired=repaired.get(key, ""))
            if key in issues
            else self._read_alone(key)
            for key in keys
        ]

    def _add_newest(
        self, seen: dict[str, Candidates], late: Iterable[DesiredIssue]
    ) -> dict[str, ServiceError]:
        """Add what projects have past the index; return what went wrong, by hash."""
        places: dict[str, list[str]] = {}
        for each in late:
            for project in self._places(each):
                places.setdefault(project, []).append(digest(each.key))
        troubles: dict[str, ServiceError] = {}
        for project, digests in places.items():
            try:
                newest = self._duplicates.past_index(digests, project)
            except Throttled:
                raise
            except ServiceError as error:
                troubles |= dict.fromkeys(digests, error)
            else:
                seen |= {key: newest[key] for key in digests if not seen[key].exist}
        return troubles

    def _found(
        self, wanted: DesiredIssue, candidates: Candidates
    ) -> ObservedIssue | ServiceError | None:
        if not candidates.proven:
            return _in_doubt(wanted) if candidates.doubted else None
        kept, *others = candidates.proven
        try:
            return self._observed(kept).replace(repaired=self._closed(others, kept))
        except Throttled:
            raise
        except ServiceError as error:
            return error

    def _places(self, wanted: DesiredIssue) -> list[str]:
        """Return the project, and the one that takes what it refuses."""
        fallback = self._project(wanted.project).fallback_project
        return [wanted.project, *([fallback] if fallback else [])]

    def _opened(self, wanted: DesiredIssue, project: str) -> ObservedIssue:
        body = new_ticket(wanted, project, self._project(project), self._dialect)
        try:
            answer = self._http.ask(
                "POST", "issue", f"open the ticket in {project}", body, expected=201
            )
            key, due = str(answer["key"]), wanted.due
            if not is_key(key):
                raise Refused("Something that is not Jira answered when asked to open a ticket.")
            return ObservedIssue(key=key, url=self._url(key), due=due)
        except Ambiguous:
            found = self._lost(wanted, project)
            if found is None:
                raise
            return found

    def _lost(self, wanted: DesiredIssue, project: str) -> ObservedIssue | None:
        """Return the ticket whose opening got no answer, if it is there."""
        key = digest(wanted.key)
        try:
            seen = self._duplicates.shown([key])[key]
            found = seen if seen.exist else self._duplicates.past_index([key], project)[key]
        except ServiceError:
            return None
        return self._observed(found.proven[0]) if found.proven else None

    def _closed(self, duplicates: Iterable[Issue], kept: Issue) -> str:
        return " ".join(self._duplicates.close(each, str(kept["key"])) for each in duplicates)

    def _repaired(self, issues: Mapping[str, Issue]) -> dict[str, str]:
        """Close the second tickets of those that were read; say what was done, by key."""
        young = {
            key_digest
            for issue in issues.values()
            if _is_young(issue)
            for key_digest in digests_of(issue)
        }
        if not young:
            return {}
        told = {}
        for shown in self._duplicates.shown(young).values():
            others = [each for each in shown.proven if each["key"] not in issues]
            # A clone bears the label too: only a ticket that is proven itself has duplicates.
            kept = [each for each in shown.proven if each["key"] in issues]
            if others and kept:
                told[str(kept[0]["key"])] = self._closed(others, kept[0])
        return told

    def _read_together(self, keys: Sequence[str]) -> dict[str, Issue]:
        quoted = ", ".join(f'"{key}"' for key in keys)
        try:
            found = self._duplicates.search(f"key in ({quoted})", "read the tickets")
        except Rejected:
            # Jira refuses the whole search when one of the keys does not exist.
            return {}
        return {str(each["key"]): each for each in found if each["key"] in keys}

    def _read_alone(self, key: str) -> ObservedIssue:
        unseen = ObservedIssue(key=key, url=self._url(key), state=IssueState.UNREACHABLE)
        if not is_key(key):
            return unseen.replace(url="")
        fields = ",".join(jira_states.FIELDS_READ)
        try:
            issue = self._http.ask("GET", f"issue/{key}?fields={fields}", "read the ticket")
        except Unseen:
            return unseen
        # A ticket that was moved answers to its old key, by which the case knows it.
        return self._observed(issue).replace(key=key)

    def _observed(self, issue: Mapping[str, Any]) -> ObservedIssue:
        key = str(issue["key"])
        return jira_states.reading(key, issue["fields"], self._url(key), self._projects)

    def _project(self, key: str) -> IssueProject:
        return self._projects.get(key, IssueProject())

    def _url(self, key: str) -> str:
        return f"{self._site_url}/browse/{key}"


def _in_doubt(wanted: DesiredIssue) -> Ambiguous:
    return Ambiguous(
        f"Jira does not show whether a ticket that bears our label is the one wanted in "
        f"{wanted.project}. Check that our account may see every ticket there."
    )


def _is_young(issue: Issue) -> bool:
    created = issue.get("fields", {}).get("created")
    return bool(created) and datetime.now(UTC) - datetime.fromisoformat(created) < SHOW_UP_WITHIN
