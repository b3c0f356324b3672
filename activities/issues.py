"""Tickets: exactly one per confirmed action item, and how they stand."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial

from temporalio import activity

from activities.failures import reported, told_to_temporal
from activities.pauses import Pause
from activities.pool import pooled
from domain.action_items.effects import Issues, OpenIssue, OpenIssues, ReadIssues
from domain.action_items.ticket import DesiredIssue, ObservedIssue
from domain.engine.ledger import Outcomes, Report, Status, Told
from integrations.errors import ServiceError
from integrations.ports import IssueTracker
from wording.rendering import Wording

OPENED_TOGETHER = 4
"""Requests that a tracker gets at once; more would only meet its limits."""


OpenedIssue = Told[ObservedIssue]
OpenedIssues = Outcomes[ObservedIssue]


class IssueActivities:
    """Everything that cases ask of the issue tracker."""

    def __init__(self, tracker: IssueTracker, wording: Wording) -> None:
        self._tracker = tracker
        self._wording = wording
        self._pause = Pause()

    @activity.defn
    def find_or_open_issues(self, wanted: OpenIssues) -> OpenedIssues:
        """Open what is not open yet; each key finds its ticket again, so there is one each.

        All are looked for together. What an attempt has opened stands in its heartbeat for the
        next one; it ends in time, and what it did not come to is due again at once.
        """
        since = time.monotonic()
        opened = _kept()
        left = [_as_kept(each, opened) for each in wanted.wanted if not _is_done(each, opened)]
        found = self._found(left)
        work: dict[str, Callable[[], OpenedIssue]] = {
            each.key: partial(self._opened, each, found.get(each.ticket.key)) for each in left
        }
        for key, outcome in pooled(work, together=OPENED_TOGETHER, since=since):
            opened[key] = outcome
            activity.heartbeat(OpenedIssues(each=tuple(opened.values())))
        return OpenedIssues(
            each=tuple(opened.get(each.key) or _not_reached(each) for each in wanted.wanted)
        )

    def _found(self, wanted: Sequence[OpenIssue]) -> Mapping[str, ObservedIssue | ServiceError]:
        sought = [each for each in wanted if each.opened is None]
        # A worker may have died between opening and telling: then look first, and closely.
        tried = activity.info().attempt > 1
        again = {each.ticket.key for each in sought if each.again or tried}
        try:
            with self._pause.kept():
                return self._tracker.find([self._desired(each) for each in sought], again=again)
        except ServiceError as error:
            return {each.ticket.key: error for each in sought}

    def _opened(self, wanted: OpenIssue, found: ObservedIssue | ServiceError | None) -> OpenedIssue:
        if isinstance(found, ServiceError):
            return OpenedIssue(report=reported(wanted.key, found))
        issue = wanted.opened or found
        if issue is None:
            try:
                with self._pause.kept():
                    issue = self._tracker.open(self._desired(wanted))
            except ServiceError as error:
                return OpenedIssue(report=reported(wanted.key, error))
        return self._linked(wanted, issue)

    def _desired(self, wanted: OpenIssue) -> DesiredIssue:
        return self._wording.ticket(wanted.ticket)

    def _linked(self, wanted: OpenIssue, issue: ObservedIssue) -> OpenedIssue:
        """Link a ticket; it is there and told whatever becomes of that."""
        try:
            with self._pause.kept():
                self._tracker.link(issue.key, self._desired(wanted))
        except ServiceError as error:
            unlinked = issue.replace(unlinked=True)
            return OpenedIssue(report=reported(wanted.key, error), answer=unlinked)
        return OpenedIssue(report=Report(key=wanted.key), answer=issue.replace(unlinked=False))

    @activity.defn
    def read_issues(self, wanted: ReadIssues) -> Issues:
        """Return tickets as they stand; reading twice changes nothing."""
        with told_to_temporal(), self._pause.kept():
            return Issues(found=tuple(self._tracker.read(wanted.issues)))


def _kept() -> dict[str, OpenedIssue]:
    """Return the tickets that an earlier attempt opened, by the key of their effect."""
    said = activity.info().heartbeat_details
    kept = OpenedIssues.model_validate(said[0]) if said else OpenedIssues(each=())
    return {each.report.key: each for each in kept.each if each.answer is not None}


def _is_done(wanted: OpenIssue, kept: Mapping[str, OpenedIssue]) -> bool:
    return wanted.key in kept and kept[wanted.key].report.status is Status.DONE


def _as_kept(wanted: OpenIssue, kept: Mapping[str, OpenedIssue]) -> OpenIssue:
    """Return what is left to do for a ticket: once it is there, its link alone."""
    return wanted.replace(opened=kept[wanted.key].answer) if wanted.key in kept else wanted


def _not_reached(wanted: OpenIssue) -> OpenedIssue:
    return OpenedIssue(
        report=Report(
            key=wanted.key,
            status=Status.UNAVAILABLE,
            reason="The tracker was too slow to come to it in one attempt.",
            retry_after=timedelta(),
        )
    )
