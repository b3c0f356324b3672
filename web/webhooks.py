"""Where tools tell us things: is it genuine, can we use it, who must hear of it.

The signature comes first, and nothing is started or looked up for a stranger. What is older than
its tool would send it was captured by somebody; what was told before is not told again.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from http import HTTPStatus

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from domain.action_items.ticket import ObservedIssue
from domain.incident import Incident
from domain.policy import Policy
from integrations.inbound import Ignored, Malformed
from integrations.incident_tools.pagerduty import PagerDuty
from integrations.incident_tools.source import IncidentSource
from integrations.incident_tools.standard import Standard
from integrations.jira import webhook as jira_webhook
from integrations.ports import Names
from web.cases import Cases
from web.deliveries import Deliveries, Receipt, Result
from web.limits import Limits, TooOften
from workflows.client import NoSuchCase, NotAccepted, OutOfReach, case_id

LIMIT = 256 * 1024
UNAVAILABLE_SECONDS = 60
MOST_CASES = 5
"""Whose labels one ticket may bear: each is looked for at Temporal; ours bears one."""

_STATUS = {
    Result.ACCEPTED: HTTPStatus.ACCEPTED,
    Result.REPEATED: HTTPStatus.ACCEPTED,
    Result.UNWANTED: HTTPStatus.ACCEPTED,
    Result.IGNORED: HTTPStatus.ACCEPTED,
    Result.MALFORMED: HTTPStatus.BAD_REQUEST,
    Result.NOT_ACCEPTED: HTTPStatus.UNPROCESSABLE_ENTITY,
    Result.UNSIGNED: HTTPStatus.UNAUTHORIZED,
    Result.STALE: HTTPStatus.UNAUTHORIZED,
    Result.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Result.TOO_OFTEN: HTTPStatus.TOO_MANY_REQUESTS,
    Result.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}
_TOO_OLD = "This was signed too long ago, or by a wrong clock. Sign each delivery as it is sent."
_REFUSALS = {Result.STALE, Result.MALFORMED, Result.NOT_ACCEPTED}
_TAKEN_IN = {Result.ACCEPTED, Result.REPEATED}
_log = structlog.stdlib.get_logger("web")


@dataclass(frozen=True, repr=False)
class WebhookSecrets:
    """The secrets that sign each source's webhooks; a source without any is refused."""

    pagerduty: Sequence[str] = ()
    generic: Sequence[str] = ()
    jira: Sequence[str] = ()


@dataclass(frozen=True)
class Told:
    """What became of a delivery, and what its sender is told; `wait` seconds to send it again."""

    result: Result
    reason: str = ""
    case: str | None = None
    wait: int = 0


@dataclass(frozen=True)
class Source:
    """One kind of delivery: its name, the header that signs it, and how to handle it.

    Some tools fall silent, or only repeat what they said, where one of their bodies is refused.
    """

    name: str
    header: str
    secrets: Sequence[str]
    verify: Callable[[Sequence[str], bytes, str], bool]
    is_stale: Callable[[bytes, str, datetime], bool]
    handle: Callable[[bytes], Awaitable[Told]]
    gives_up_when_refused: bool = True

    def softened(self, told: Told) -> Told:
        """Return a refusal as it is said to a tool that must not be refused."""
        refused = self.gives_up_when_refused and told.result in _REFUSALS
        return replace(told, result=Result.IGNORED) if refused else told


class Webhooks:
    """Turns genuine deliveries into signals to cases."""

    def __init__(  # noqa: PLR0913 - one argument per thing that a delivery needs
        self,
        cases: Cases,
        names: Names,
        policy: Policy,
        secrets: WebhookSecrets,
        deliveries: Deliveries,
        limits: Limits,
    ) -> None:
        self._cases = cases
        self._names = names
        self._policy = policy
        self._secrets = secrets
        self._deliveries = deliveries
        self._limits = limits

    def router(self) -> APIRouter:
        """Return one address per source."""
        router = APIRouter(prefix="/webhooks")
        for source in self._sources():
            router.add_api_route(
                f"/{source.name}",
                self._endpoint(source),
                methods=["POST"],
                response_model=Receipt,
                status_code=HTTPStatus.ACCEPTED,
            )
        return router

    def _sources(self) -> tuple[Source, ...]:
        held = self._secrets
        return (
            self._of(PagerDuty(self._names, self._policy.priorities), held.pagerduty),
            self._of(Standard(), held.generic),
            Source(
                "jira",
                jira_webhook.HEADER,
                held.jira,
                jira_webhook.verify,
                jira_webhook.is_stale,
                self._from_jira,
            ),
        )

    def _of(self, tool: IncidentSource, secrets: Sequence[str]) -> Source:
        handle = partial(self._from_tool, tool)
        return Source(
            tool.name,
            tool.header,
            secrets,
            tool.verify,
            tool.is_stale,
            handle,
            gives_up_when_refused=tool.gives_up_when_refused,
        )

    def _endpoint(self, source: Source) -> Callable[[Request], Awaitable[JSONResponse]]:
        async def endpoint(request: Request) -> JSONResponse:
            told = await self._told(source, request)
            self._deliveries.count(source.name, told.result)
            _log.info("delivery", source=source.name, result=told.result, case=told.case)
            status = _STATUS[told.result]
            receipt = Receipt(accepted=told.result in _TAKEN_IN, case=told.case, reason=told.reason)
            headers = {"Retry-After": str(told.wait)} if told.wait else None
            return JSONResponse(receipt.model_dump(), status_code=status, headers=headers)

        return endpoint

    async def _told(self, source: Source, request: Request) -> Told:
        body = await _body(request)
        if body is None:
            return Told(Result.TOO_LARGE, f"The body is larger than {LIMIT // 1024} KB.")
        signature = request.headers.get(source.header, "")
        try:
            if not source.verify(source.secrets, body, signature):
                return self._unsigned(source, request)
            return source.softened(await self._genuine(source, body, signature))
        except TooOften as often:
            return Told(Result.TOO_OFTEN, str(often), wait=often.seconds)
        except OutOfReach as away:
            return Told(Result.UNAVAILABLE, str(away), wait=UNAVAILABLE_SECONDS)

    def _unsigned(self, source: Source, request: Request) -> Told:
        self._limits.stranger(request)
        # A wrong secret of ours looks the same, so this line is worth an alarm.
        _log.warning("delivery not signed", source=source.name, known=bool(source.secrets))
        return Told(Result.UNSIGNED, f"{source.header} does not sign this body.")

    async def _genuine(self, source: Source, body: bytes, signature: str) -> Told:
        if source.is_stale(body, signature, self._deliveries.now()):
            _log.warning("delivery too old", source=source.name)
            return Told(Result.STALE, _TOO_OLD)
        if known := self._deliveries.told(source.name, body):
            return Told(Result.REPEATED, "This was told before; nothing changed.", case=known)
        told = await source.handle(body)
        if told.result is Result.ACCEPTED and told.case is not None:
            self._deliveries.remember(source.name, body, told.case)
        return told

    async def _from_tool(self, tool: IncidentSource, body: bytes) -> Told:
        try:
            read = tool.read(body)
            if isinstance(read, Ignored):
                return Told(Result.IGNORED, read.reason)
            return await self._start(read)
        except Malformed as problem:
            return Told(Result.MALFORMED, str(problem))
        except NotAccepted as problem:
            # Whoever sends it again gets the same answer, so this line is worth an alarm.
            _log.error("incident not accepted", source=tool.name, reason=str(problem))
            return Told(Result.NOT_ACCEPTED, str(problem))

    async def _start(self, incident: Incident) -> Told:
        if not self._policy.wants(incident.severity):
            reason = (
                f"The policy asks for no {self._policy.process_name} after {incident.severity}."
            )
            return Told(Result.UNWANTED, reason)
        self._limits.delivery(case_id(incident.key))
        return Told(Result.ACCEPTED, case=await self._cases.incident_resolved(incident))

    async def _from_jira(self, body: bytes) -> Told:
        """Pass a changed ticket on to the case that its labels name."""
        try:
            read = jira_webhook.ticket_from(body, self._names.issue_projects())
        except Malformed as problem:
            return Told(Result.MALFORMED, str(problem))
        if isinstance(read, Ignored):
            return Told(Result.IGNORED, read.reason)
        return await self._tell(_case_labels(body), read)

    async def _tell(self, cases: Sequence[str], reading: ObservedIssue) -> Told:
        """Tell the first of the cases that is there."""
        for case in cases:
            self._limits.delivery(case)
            try:
                await self._cases.ticket_changed(case, reading)
            except NoSuchCase:
                continue
            except NotAccepted as problem:
                return Told(Result.NOT_ACCEPTED, str(problem))
            return Told(Result.ACCEPTED, case=case)
        return Told(Result.IGNORED, "This ticket belongs to no open case.")


def _case_labels(body: bytes) -> list[str]:
    """Return the labels of a ticket that look like a case's id, each once and few of them."""
    labels = json.loads(body)["issue"]["fields"].get("labels")
    told = labels if isinstance(labels, list) else []
    named = (each for each in told if isinstance(each, str) and each.startswith(case_id("")))
    return list(dict.fromkeys(named))[:MOST_CASES]


async def _body(request: Request) -> bytes | None:
    """Return the body, or None when it is too large; the rest of it is then not read."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > LIMIT:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LIMIT:
            return None
    return bytes(body)
