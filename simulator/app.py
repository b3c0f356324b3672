"""Puts the simulator together: the vendors, the control API, the pages, and the door in front."""

from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from simulator.control import google as control_google
from simulator.control import routes as control
from simulator.control import traffic
from simulator.control.faults import Faults
from simulator.control.ledger import Ledger
from simulator.control.limits import Limits
from simulator.control.recorder import Recorder
from simulator.errors import VendorError, shaped, vendor_of
from simulator.exchange import Door, Layer
from simulator.google.accounts import token_endpoint
from simulator.google.calendar import routes as calendar
from simulator.google.docs import routes as docs
from simulator.google.drive import routes as drive
from simulator.jira import routes as jira
from simulator.pages import routes as pages
from simulator.pages.rendering import refusal
from simulator.sendgrid import routes as sendgrid
from simulator.store import Store
from simulator.world import World

_HERE = Path(__file__).parent / "pages"
_VENDORS = (
    token_endpoint.router,
    calendar.router,
    drive.router,
    docs.router,
    *jira.routers,
    sendgrid.router,
)
_CONTROL = (control.router, control_google.router, traffic.router)

VENDOR_ROUTES = [
    route for router in _VENDORS for route in router.routes if isinstance(route, APIRoute)
]


class Simulator:
    """The simulated vendors as one ASGI application."""

    def __init__(self, database: str = ":memory:", record: Path | None = None) -> None:
        self._store = Store(database)
        self._recorder = Recorder(record) if record else None
        app = _application()
        app.state.world = world = World(self._store)
        app.state.faults = faults = Faults()
        app.state.limits = limits = Limits(world)
        app.state.ledger = ledger = Ledger(world, VENDOR_ROUTES)
        layers: list[Layer] = [ledger.layer, limits.layer, faults.layer, ledger.witness]
        self.asgi: ASGIApp = Door(app, layers + ([self._recorder.layer] if self._recorder else []))

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()
        if self._recorder:
            self._recorder.close()


def create_app(database: str = ":memory:", record: Path | None = None) -> ASGIApp:
    """Return the simulator as an ASGI application."""
    return Simulator(database, record).asgi


def _application() -> FastAPI:
    app = FastAPI(title="Simulator", openapi_url=None, redirect_slashes=False)
    for router in (*_VENDORS, *_CONTROL, pages.router):
        app.include_router(router)
    app.mount("/simulator/static", StaticFiles(directory=_HERE / "static"))
    app.add_exception_handler(VendorError, _refused)
    app.add_exception_handler(HTTPException, _unknown)
    app.add_exception_handler(RequestValidationError, _unreadable)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, VendorError):
        raise error
    path = request.url.path
    if vendor_of(path) is None and not path.startswith("/simulator/"):
        return refusal(request, error)
    return JSONResponse(error.body, error.status, error.headers)


async def _unknown(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    path, status = request.url.path, error.status_code
    # The vendors answer an unknown method of a known path as they answer an unknown path.
    if status == HTTPStatus.METHOD_NOT_ALLOWED and vendor_of(path):
        status = HTTPStatus.NOT_FOUND
    return await _refused(request, shaped(path, status, str(error.detail)))


async def _unreadable(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    status = 400 if vendor_of(request.url.path) else 422
    said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return await _refused(request, shaped(request.url.path, status, said))
