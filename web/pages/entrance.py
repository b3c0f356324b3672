"""Where people come in: a link of ours, the case that it is about, and what became of both."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from domain.case import Case
from integrations.links import Link, Links, Purpose
from web.cases import Cases
from web.form_data import LIMIT, FormData
from web.limits import Limits
from web.pages.rendering import Pages
from workflows.client import NoSuchCase, OutOfReach

_DIGEST_LENGTH = 12
_log = structlog.stdlib.get_logger("web")


@dataclass(frozen=True)
class Visit:
    """Somebody with a genuine link, the case as it is now, and the address of the page."""

    link: Link
    case: Case
    token: str
    address: str

    def with_case(self, case: Case) -> "Visit":
        """Return the visit with the case as it has become."""
        return replace(self, case=case)

    def again(self, query: str = "") -> RedirectResponse:
        """Lead back to the page, so that a reload sends nothing twice."""
        return RedirectResponse(f"{self.address}{query}", status_code=HTTPStatus.SEE_OTHER)


Shown = Callable[[Visit], Awaitable[Response]]
"""Answers a visit with the page."""

Taken = Callable[[Visit, FormData], Awaitable[Response]]
"""Answers a form with what became of it."""


class Entrance:
    """Lets in who has a genuine link of one purpose; what links open is for the case to say.

    The link comes first: for a stranger no form is read and no case is asked.
    """

    def __init__(
        self, purpose: Purpose, cases: Cases, links: Links, pages: Pages, limits: Limits
    ) -> None:
        self._purpose = purpose
        self._cases = cases
        self._links = links
        self._pages = pages
        self._limits = limits

    def routes(self, shown: Shown, taken: Taken) -> list[Route]:
        """Return the address of a page with one form; looking at it changes nothing, ever."""

        async def show(request: Request) -> Response:
            return await self.visited(request, shown)

        async def take(request: Request) -> Response:
            return await self.sent(request, taken)

        path = f"/{self._purpose}/{{token}}"
        return [
            Route(path, show, methods=["GET"]),
            Route(path, take, methods=["POST"], max_body_size=LIMIT),
        ]

    async def visited(self, request: Request, answer: Shown) -> Response:
        """Return the answer to a visit, or say why there can be none.

        Raises:
            TooOften: the link, or its case, was asked more often than it may be.
        """
        link = self._admitted(request)
        return await self._answered(request, link, answer) if link else self._pages.invalid_link()

    async def sent(self, request: Request, answer: Taken) -> Response:
        """Return the answer to a form, or say why there can be none.

        Raises:
            TooOften: the link, or its case, was asked more often than it may be.
        """
        link = self._admitted(request)
        if link is None:
            return self._pages.invalid_link()
        data = FormData.read(await request.body())
        return await self._answered(request, link, lambda visit: answer(visit, data))

    def _admitted(self, request: Request) -> Link | None:
        token = request.path_params["token"]
        link = self._links.read(self._purpose, token)
        if link is None:
            # By its digest one sees whether it is one link again, or somebody who makes them up.
            digest = hashlib.sha256(token.encode()).hexdigest()[:_DIGEST_LENGTH]
            _log.warning("link refused", place=self._purpose, link=digest)
            self._limits.stranger(request)
        else:
            self._limits.visit(token, link.case)
        return link

    async def _answered(self, request: Request, link: Link, answer: Shown) -> Response:
        token = request.path_params["token"]
        address = f"{self._pages.root}/{self._purpose}/{token}"
        try:
            case = await self._cases.case(link.case)
            if case.revision != link.revision:
                return self._pages.earlier_link()
            return await answer(Visit(link, case, token, address))
        except NoSuchCase:
            return self._pages.no_such_case()
        except OutOfReach:
            return self._pages.away()
