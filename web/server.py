"""Runs the public and the internal app on their ports until told to stop."""

import asyncio
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from domain.policy import Policy
from integrations.links import Links
from integrations.ports import Names
from integrations.proofs import Proofs
from settings import Settings
from web.cases import Cases
from web.deliveries import Deliveries
from web.internal import internal_app
from web.public import public_app
from web.webhooks import WebhookSecrets
from wording.catalogue import catalogue
from workflows.client import NoSuchCase, OutOfReach

BAD_USAGE = 2
GRACE_SECONDS = 10
PROBE_SECONDS = 5
PROBE = "postmortem-probe"
"""A case that never exists: that Temporal says so shows that it answers."""


async def serve(  # noqa: PLR0913 - one argument per thing that the pages need
    settings: Settings,
    postmortems: Cases,
    links: Links,
    proofs: Proofs,
    directory: Names,
    policy: Policy,
) -> None:
    """Serve both apps until SIGTERM or Ctrl-C, then finish what is under way.

    Raises:
        SystemExit: a port cannot be used; one sentence on stderr says which.
    """
    deliveries = Deliveries()
    public = public_app(
        postmortems,
        links,
        proofs,
        directory,
        policy,
        webhook_secrets(settings),
        catalogue(settings.wording),
        base_url=settings.public_url,
        deliveries=deliveries,
    )
    internal = internal_app(lambda: answers(postmortems), deliveries)
    await run(
        (public, settings.web_host, settings.web_port),
        (internal, settings.internal_host, settings.internal_port),
    )


def webhook_secrets(settings: Settings) -> WebhookSecrets:
    """Return the secrets of each source as the adapters take them."""
    jira = settings.jira_webhook_secret
    return WebhookSecrets(
        pagerduty=tuple(each.get_secret_value() for each in settings.pagerduty_secrets),
        generic=tuple(each.get_secret_value() for each in settings.generic_secrets),
        jira=(jira.get_secret_value(),) if jira else (),
    )


async def answers(postmortems: Cases) -> bool:
    """Tell whether Temporal answers."""
    try:
        await asyncio.wait_for(postmortems.case(PROBE), PROBE_SECONDS)
    except NoSuchCase:
        return True
    except (OutOfReach, TimeoutError):
        return False
    return True


Place = tuple[FastAPI, str, int]
"""An app, and the host and port that it answers on."""


async def run(*places: Place) -> None:
    """Run every app; the first that stops stops the others."""
    sockets = [_bound(host, port) for _, host, port in places]
    servers = [_Server(_config(app)) for app, _, _ in places]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        async with asyncio.TaskGroup() as group:
            for server, bound in zip(servers, sockets, strict=True):
                task = group.create_task(server.serve(sockets=[bound]))
                task.add_done_callback(lambda _: stop())
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


class _Server(uvicorn.Server):
    """A server that leaves signals to us: two of them cannot share them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        # Its access log would print the tokens; `web.guard` writes a line without them.
        access_log=False,
        log_config=None,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as problem:
        bound.close()
        print(  # noqa: T201 - the one sentence that whoever starts it reads
            f"Port {port} on {host} cannot be used ({problem.strerror}). Stop what uses it, or set "
            "another with PM_WEB_PORT or PM_INTERNAL_PORT.",
            file=sys.stderr,
        )
        raise SystemExit(BAD_USAGE) from None
    return bound
