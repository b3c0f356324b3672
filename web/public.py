"""What the outside can reach: pages by link, and webhooks by signature."""

from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from domain.policy import Policy
from integrations.links import Links
from integrations.ports import Names
from integrations.proofs import Proofs
from web.cases import Cases
from web.deliveries import Deliveries
from web.guard import Guard
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
) -> FastAPI:
    """Return the public app; `base_url` is how people reach it, and where forms must come from."""
    address = urlsplit(base_url)
    pages = Pages(words, root=address.path.rstrip("/"))
    app = FastAPI(title="Aftermath", docs_url=None, redoc_url=None, openapi_url=None)
    webhooks = Webhooks(postmortems, directory, policy, secrets, deliveries or Deliveries())
    app.include_router(webhooks.router())
    for part in (Steps, Approvals, Stops):
        app.router.routes.extend(part(postmortems, links, proofs, pages).routes())
    app.mount("/static", StaticFiles(directory=STATIC))

    async def no_such_page(request: Request, problem: Exception) -> Response:  # noqa: ARG001
        status = problem.status_code if isinstance(problem, HTTPException) else 500
        if status == NOT_FOUND:
            return pages.nothing_here()
        return PlainTextResponse("This is not possible here.", status_code=status)

    app.add_exception_handler(HTTPException, no_such_page)
    app.add_middleware(Guard, origin=f"{address.scheme}://{address.netloc}")
    return app


NOT_FOUND = 404
