"""Tickets: exactly one per confirmed action item, and how they stand."""

from temporalio import activity

from activities.failures import reported, told_to_temporal
from activities.pauses import Pause
from domain.action_items.ticket import ObservedIssue
from domain.action_items.effects import OpenIssue, ReadIssues
from domain.engine.value import Value
from domain.action_items.effects import Issues
from domain.engine.ledger import Report
from integrations.errors import ServiceError, Throttled
from integrations.ports import IssueTracker


class OpenIssues(Value):
    """All tickets that a moment wants."""

    wanted: tuple[OpenIssue, ...]


class OpenedIssue(Value):
    """What became of one of them."""

    report: Report
    issue: ObservedIssue | None = None


class OpenedIssues(Value):
    """What became of all of them; none of them raises."""

    opened: tuple[OpenedIssue, ...]


class IssueActivities:
    """Everything that cases ask of the issue tracker."""

    def __init__(self, tracker: IssueTracker) -> None:
        self._tracker = tracker
        self._pause = Pause()

    @activity.defn
    def find_or_open_issues(self, wanted: OpenIssues) -> OpenedIssues:
        """Open what is not open yet; each key finds its ticket again, so there is one each."""
        opened: list[OpenedIssue] = []
        for place, each in enumerate(wanted.wanted):
            try:
                opened.append(self._opened(each))
            except Throttled as pause:
                # Whoever asks for a pause is not asked again within the same breath.
                rest = wanted.wanted[place:]
                opened += [OpenedIssue(report=reported(left.key, pause)) for left in rest]
                break
        return OpenedIssues(opened=tuple(opened))

    def _opened(self, wanted: OpenIssue) -> OpenedIssue:
        # A worker may have died between opening and telling: then look first, and closely.
        again = wanted.again or activity.info().attempt > 1
        try:
            with self._pause.kept():
                issue = wanted.opened or self._tracker.find_or_open(wanted.issue, again=again)
        except Throttled:
            raise
        except ServiceError as error:
            return OpenedIssue(report=reported(wanted.key, error))
        return self._linked(wanted, issue)

    def _linked(self, wanted: OpenIssue, issue: ObservedIssue) -> OpenedIssue:
        """Link a ticket; it is there and told whatever becomes of that."""
        try:
            with self._pause.kept():
                self._tracker.link(issue.key, wanted.issue)
        except ServiceError as error:
            unlinked = issue.replace(unlinked=True)
            return OpenedIssue(report=reported(wanted.key, error), issue=unlinked)
        return OpenedIssue(report=Report(key=wanted.key), issue=issue.replace(unlinked=False))

    @activity.defn
    def read_issues(self, wanted: ReadIssues) -> Issues:
        """Return tickets as they stand; reading twice changes nothing."""
        with told_to_temporal(), self._pause.kept():
            return Issues(found=tuple(self._tracker.read(wanted.issues)))
