"""What operations can reach: is it alive, is it ready, what did the webhooks bring."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from web.codec import Codec
from web.deliveries import Deliveries


def internal_app(
    reachable: Callable[[], Awaitable[bool]], deliveries: Deliveries, codec: Codec | None = None
) -> FastAPI:
    """Return the internal app; `reachable` tells whether Temporal answers."""
    app = FastAPI(title="Aftermath internal", docs_url=None, redoc_url=None, openapi_url=None)
    if codec is not None:
        app.include_router(codec.router())

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        """Tell that the process answers."""
        return {"status": "alive"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """Tell whether Temporal answers; without it no page and no webhook can do anything."""
        if await reachable():
            return JSONResponse({"status": "ready"})
        return JSONResponse(
            {"status": "Temporal does not answer"}, status_code=HTTPStatus.SERVICE_UNAVAILABLE
        )

    @app.get("/metrics")
    async def metrics() -> dict[str, dict[str, dict[str, int]]]:
        """Count deliveries since the start of this process, per source and result."""
        return {"deliveries": deliveries.counts()}

    return app
