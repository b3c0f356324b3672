"""Runs the public and the internal app on their ports until told to stop."""

import asyncio
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from domain.policy import Policy
from integrations.files.directory import FileDirectory
from integrations.files.policy import read_policy
from integrations.keys import held
from integrations.links import Links
from integrations.payloads import encryption
from integrations.ports import Names
from integrations.proofs import Proofs
from settings import WebSettings
from web.cases import Cases
from web.codec import Codec
from web.connections import AT_ONCE, Connection
from web.deliveries import Deliveries
from web.internal import internal_app
from web.public import public_app
from web.webhooks import WebhookSecrets
from wording.catalogue import Catalogue, catalogue
from workflows.client import NoSuchCase, OutOfReach

BAD_USAGE = 2
GRACE_SECONDS = 10
PROBE_SECONDS = 5
PROBE = "postmortem-probe"
"""A case that never exists: that Temporal says so shows that it answers."""


@dataclass(frozen=True)
class Within:
    """What the pages know without asking anybody."""

    links: Links
    proofs: Proofs
    directory: Names
    policy: Policy
    words: Catalogue


def within(settings: WebSettings) -> Within:
    """Return what the settings tell the pages; no vendor and no secret of one is among it.

    Raises:
        WrongPolicy, WrongOrganisation, WordingError: a file cannot be used; it says which.
    """
    policy, keys = read_policy(settings.policy_file), held(settings.link_keys)
    return Within(
        Links(keys, held(settings.code_keys), settings.public_url),
        Proofs(keys),
        FileDirectory(settings.organisation_file),
        policy.replace(process_name=settings.process_name),
        catalogue(settings.wording),
    )


async def serve(settings: WebSettings, postmortems: Cases, known: Within) -> None:
    """Serve both apps until SIGTERM or Ctrl-C, then finish what is under way.

    Raises:
        SystemExit: a port cannot be used; one sentence on stderr says which.
    """
    deliveries = Deliveries()
    public = public_app(
        postmortems,
        known.links,
        known.proofs,
        known.directory,
        known.policy,
        webhook_secrets(settings),
        known.words,
        base_url=settings.public_url,
        deliveries=deliveries,
    )
    internal = internal_app(lambda: answers(postmortems), deliveries, codec(settings))
    await run(
        (public, settings.web_host, settings.web_port),
        (internal, settings.internal_host, settings.internal_port),
    )


def webhook_secrets(settings: WebSettings) -> WebhookSecrets:
    """Return the secrets of each source as the adapters take them."""
    jira = settings.jira_webhook_secret
    return WebhookSecrets(
        pagerduty=tuple(held(settings.pagerduty_secrets)),
        generic=tuple(held(settings.generic_secrets)),
        jira=(jira.get_secret_value(),) if jira else (),
    )


def codec(settings: WebSettings) -> Codec | None:
    """Return what decrypts for Temporal's tools, if there is anything to and somebody may ask."""
    keys, token = encryption(settings.payload_keys), settings.codec_token
    if keys is None or token is None:
        return None
    return Codec(keys, token.get_secret_value(), settings.codec_origin or "")


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
    servers = [_Server(configured(app)) for app, _, _ in places]

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


def configured(app: FastAPI) -> uvicorn.Config:
    """Return how an app of ours is served."""
    return uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        # Its access log would print the tokens; `web.guard` writes a line without them.
        access_log=False,
        log_config=None,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        # asyncio takes as many connections at once before any of them is looked at.
        backlog=AT_ONCE,
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
