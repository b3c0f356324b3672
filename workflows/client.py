"""The one door through which web and command line reach the workflows."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel
from pydantic_core import to_json
from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.action_items.ticket import ObservedIssue
from domain.case import Answer, Case
from domain.engine.act import Act
from domain.engine.value import fingerprint
from domain.incident import Incident, IncidentKey
from domain.views.details import title
from domain.views.markdown import address
from domain.views.summary import CaseSummary
from workflows.names import TASK_QUEUE, WORKFLOW
from workflows.reading import READING, answered, stood
from workflows.single_flight import SingleFlight

_PATIENCE = timedelta(seconds=20)
_ROLL_OVERS = 5
"""A case may continue as new while an update is on its way; then it is sent again."""
_BEGINS_WITHIN = timedelta(seconds=3)
"""A new run may wait a second for its first task; nobody can ask it anything before."""
SUMMARY_BYTES, DETAILS_BYTES = 290, 19_000
"""What fits into a start's summary and details: Temporal's limits (400 and 20,000), less what its
own envelope and a deployment's encryption add."""


class ActRefused(Exception):
    """The case does not allow this now; the text says why and what to do."""


class NotAccepted(Exception):
    """Temporal refuses this as invalid, and would each time; the text is its reason."""


class NoSuchCase(Exception):
    """There is no open case of this id."""


class OutOfReach(Exception):
    """Temporal, or every worker, is away; nothing was lost, try again."""


class WrongQuery(Exception):
    """Temporal does not understand a list filter; the text says what is wrong with it."""


def case_id(incident: IncidentKey) -> str:
    """Return the workflow id of an incident's case."""
    return f"postmortem-{incident}"


def act_id(link: str, act: Act[Case]) -> str:
    """Return the id that makes a repeat of the same act through the same link harmless."""
    decided = f"{link}\n{act.name}\n{act.model_dump_json()}"
    return hashlib.sha256(decided.encode()).hexdigest()[:32]


class Postmortems:
    """Every case, by the words of the domain.

    `development` lets a case begin in the future, for demonstrations on a chosen date. Nobody
    is waited for longer than `patience`.
    """

    def __init__(
        self,
        client: Client,
        *,
        development: bool = False,
        task_queue: str = TASK_QUEUE,
        patience: timedelta = _PATIENCE,
    ) -> None:
        self._client = client
        self._patience = patience.total_seconds()
        self._reads = SingleFlight()
        self._task_queue = task_queue
        self._development = development

    async def incident_resolved(self, incident: Incident) -> str:
        """Start the incident's case, or tell the one that is there; return its id.

        Safe to repeat: the same incident always reaches the same case, and what a case was told
        is not told again.

        Raises:
            NotAccepted: Temporal cannot take it, however often it is told.
            OutOfReach: Temporal does not answer.
        """
        case = case_id(incident.key)
        if await self._was_told(case, incident):
            return case
        ahead = incident.resolved_at - datetime.now(UTC)  # noqa: TID251 - this is not workflow code
        delay = ahead if self._development and ahead > timedelta() else None
        try:
            await self._client.start_workflow(
                WORKFLOW,
                id=case,
                task_queue=self._task_queue,
                start_signal="incident_resolved",
                start_signal_args=[incident],
                start_delay=delay,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                static_summary=_cut(title(incident), SUMMARY_BYTES),
                static_details=_cut(address(incident.url), DETAILS_BYTES) or None,
            )
        except RPCError as error:
            raise _of_telling(error) from None
        return case

    async def _was_told(self, case: str, incident: Incident) -> bool:
        """Tell whether an open case was told exactly this incident.

        A closed one is told again: its record says whether that begins anything.
        """
        try:
            described = await self._client.get_workflow_handle(case).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise _of_telling(error) from None
        seen = None if described.close_time else await _summary(described)
        return seen is not None and seen.told == fingerprint(incident)

    async def ticket_changed(self, case: str, issue: ObservedIssue) -> None:
        """Tell a case that one of its tickets changed.

        Raises:
            NoSuchCase: there is no such case, or it is closed.
            NotAccepted: Temporal cannot take it, however often it is told.
            OutOfReach: Temporal does not answer.
        """
        await self._signal(case, "ticket_changed", issue)

    async def meeting_changed(self, case: str) -> None:
        """Tell a case to look at its calendar event again."""
        await self._signal(case, "meeting_changed")

    async def act(self, case: str, act: Act[Case], *, link: str) -> Answer:
        """Carry out a person's act and say where it leaves the case.

        `link` names how the person got here (a token, `cli`); together with the act it makes
        the update id, so that a repeat gives the first answer.

        Raises:
            ActRefused: the case says no, and why.
            NoSuchCase: there is no such case, or it is closed.
            OutOfReach: nobody answers; the act may still be carried out, repeat it.
        """
        for attempt in range(_ROLL_OVERS):
            try:
                async with _within(self._patience):
                    handle = self._client.get_workflow_handle(case)
                    answer: Answer = await handle.execute_update(
                        act.name, act, id=act_id(link, act), result_type=Answer
                    )
                    return answer
            except WorkflowUpdateFailedError as error:
                cause = error.cause
                if (left := stood(cause)) is not None:
                    return left
                if (
                    not isinstance(cause, ApplicationError)
                    or cause.type != "AcceptedUpdateCompletedWorkflow"
                ):
                    raise ActRefused(_sentence(cause)) from None
                await asyncio.sleep(0.1)
            except RPCError as error:
                translated = _translated(error)
                last = attempt == _ROLL_OVERS - 1
                if not isinstance(translated, NoSuchCase) or last or not await self.is_open(case):
                    raise translated from None
                await asyncio.sleep(0.1)
        raise OutOfReach("The case is just being renewed. Try again.")

    async def case(self, case: str) -> Case:
        """Return a case, open or recently closed.

        Raises:
            NoSuchCase: there is none.
            OutOfReach: Temporal or every worker is away.
        """
        async with _within(self._patience):
            return await self._reads.share(case, lambda: self._looked_at(case))

    async def _looked_at(self, case: str) -> Case:
        handle: WorkflowHandle[object, object] = self._client.get_workflow_handle(case)
        for _ in range(_ROLL_OVERS):
            try:
                # Whoever shares this may have given up: it must end all the same.
                async with _within(self._patience):
                    found = await _read(handle)
            except (WorkflowQueryFailedError, WorkflowUpdateFailedError):
                raise OutOfReach("The case could not be read. Try again in a minute.") from None
            except RPCError as error:
                raise _translated(error) from None
            if found is not None:
                return found
            await asyncio.sleep(_BEGINS_WITHIN.total_seconds() / _ROLL_OVERS)
        raise OutOfReach("The case is about to begin. Try again in a minute.")

    async def is_open(self, case: str) -> bool:
        """Tell whether a case runs."""
        try:
            description = await self._client.get_workflow_handle(case).describe()
        except RPCError:
            return False
        return description.close_time is None

    async def summaries(self, query: str = "") -> AsyncIterator[CaseSummary]:
        """Yield the summaries of all cases that a visibility query finds, open ones first.

        Raises:
            WrongQuery: Temporal does not understand it.
            OutOfReach: Temporal does not answer.
        """
        wanted = f"WorkflowType = '{WORKFLOW}'" + (f" AND ({query})" if query else "")
        try:
            async for each in self._client.list_workflows(wanted):
                summary = await _summary(each)
                if summary is not None:
                    yield summary
        except RPCError as error:
            if error.status is RPCStatusCode.INVALID_ARGUMENT:
                raise WrongQuery(f"Temporal does not understand ({query}): {error}.") from None
            raise _translated(error) from None

    async def _signal(self, case: str, name: str, *args: BaseModel) -> None:
        try:
            await self._client.get_workflow_handle(case).signal(name, args=list(args))
        except RPCError as error:
            raise _of_telling(error) from None


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    """Wait for an answer of a case, and no longer."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError):
        # The SDK makes an error of its own out of a cancelled update, whoever cancelled it.
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError from None
        raise OutOfReach("No worker answered in time. Try again in a minute.") from None


async def _read(handle: WorkflowHandle[object, object]) -> Case | None:
    """Return a case, or None when it begins or ends just now and must be looked for again."""
    description = await handle.describe()
    known = description.raw_description.workflow_execution_info.search_attributes.indexed_fields
    try:
        if description.close_time is not None:
            found: Case = await handle.query("case", result_type=Case)
            return found
        if not known:
            # Its first task shows some, and every run inherits them. Before, an update would make
            # a case begin ahead of its time.
            return None
        await handle.execute_update(READING)
    except WorkflowUpdateFailedError as refused:
        read = answered(refused.cause)
        if read is None:
            raise
        return read
    except RPCError as error:
        if error.status in {RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION}:
            return None
        raise
    return None


async def _summary(execution: WorkflowExecution) -> CaseSummary | None:
    memo = await execution.memo()
    kept = memo.get("summary")
    return CaseSummary.model_validate(kept) if kept else None


def _sentence(cause: BaseException | None) -> str:
    return getattr(cause, "message", None) or "This is not possible now."


def _cut(text: str, most: int) -> str:
    """Return as much of a text as fits into so many bytes of JSON; never half a character."""
    while len(to_json(text)) > most:
        text = text[:-1]
    return text


def _of_telling(error: RPCError) -> Exception:
    if error.status is RPCStatusCode.INVALID_ARGUMENT:
        return NotAccepted(f"Temporal does not accept this: {error.message}.")
    return _translated(error)


def _translated(error: RPCError) -> Exception:
    if error.status == RPCStatusCode.NOT_FOUND:
        return NoSuchCase("There is no open case of this name.")
    return OutOfReach("Temporal does not answer. Nothing is lost; try again in a minute.")
