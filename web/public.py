"""What the outside can reach: pages by link, and webhooks by signature."""

from urllib.parse import SplitResult, urlsplit

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from domain.policy import Policy
from integrations.links import Links
from integrations.ports import Names
from integrations.proofs import Proofs
from web.cases import Cases
from web.deliveries import Deliveries
from web.guard import Guard
from web.limits import Limits, TooOften
from web.pages.approval import Approvals
from web.pages.rendering import STATIC, Pages
from web.pages.steps import Steps
from web.pages.stop import Stops
from web.webhooks import Webhooks, WebhookSecrets
from wording.catalogue import Catalogue


def public_app(  # noqa: PLR0913 - one argument per thing that the pages need
    postmortems: Cases,
    links: Links,
    proofs: Proofs,
    directory: Names,
    policy: Policy,
    secrets: WebhookSecrets,
    words: Catalogue,
    *,
    base_url: str,
    deliveries: Deliveries | None = None,
    limits: Limits | None = None,
) -> FastAPI:
    """Return the public app; `base_url` is how people reach it, and where forms must come from.

    It answers under that host alone and never leads from one address to another like it: what
    redirects by itself sends the token in it to whatever host a request claimed.
    """
    address = urlsplit(base_url)
    pages, limits = Pages(words, root=address.path.rstrip("/")), limits or Limits()
    app = FastAPI(
        title="Aftermath", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    webhooks = Webhooks(postmortems, directory, policy, secrets, deliveries or Deliveries(), limits)
    app.include_router(webhooks.router())
    for part in (Steps, Approvals, Stops):
        app.router.routes.extend(part(postmortems, links, proofs, pages, limits).routes())
    app.mount("/static", StaticFiles(directory=STATIC))
    _answer_the_rest(app, pages, limits)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[_host(address)], www_redirect=False)
    app.add_middleware(Guard, origin=f"{address.scheme}://{address.netloc}")
    return app


def _answer_the_rest(app: FastAPI, pages: Pages, limits: Limits) -> None:
    """Say what becomes of addresses that lead nowhere, and of what is asked too often."""

    async def no_such_page(request: Request, problem: Exception) -> Response:
        status = problem.status_code if isinstance(problem, HTTPException) else 500
        if status != NOT_FOUND:
            return PlainTextResponse("This is not possible here.", status_code=status)
        try:
            limits.stranger(request)
        except TooOften as refused:
            return pages.too_often(refused.seconds)
        return pages.nothing_here()

    async def too_often(request: Request, refused: Exception) -> Response:  # noqa: ARG001
        return pages.too_often(refused.seconds if isinstance(refused, TooOften) else 0)

    app.add_exception_handler(HTTPException, no_such_page)
    app.add_exception_handler(TooOften, too_often)


def _host(address: SplitResult) -> str:
    """Return the name by which a browser asks for our host, without its port."""
    name = address.hostname or ""
    return f"[{name}]" if ":" in name else name


NOT_FOUND = 404
