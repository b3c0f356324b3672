"""What every part of the simulator shares, and how a handler gets hold of it."""

import json
import random
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict

from simulator.control.clock import Clock
from simulator.control.throttling import Form
from simulator.errors import unreadable_body
from simulator.store import JSON, Store


class RateLimit(BaseModel):
    """How many requests a second a vendor takes, and how it asks for a pause."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_second: float = 0
    retry_after: float = 1
    form: Form = "seconds"
    status: Literal[403, 429] = 429


class Settings(BaseModel):
    """How the vendors behave; set through the control API."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str = "aftermath@example.com"
    drive_list_lag_seconds: float = 0
    jira_index_lag_seconds: float = 0
    jira_flavour: Literal["cloud", "datacenter"] = "cloud"
    jira_cloud_id: str | None = None
    jira_webhook_url: str | None = None
    jira_webhook_secret: str | None = None
    google_token_error: str | None = None
    google_delegated_scopes: list[str] | None = None
    free_busy_errors: dict[str, str] = {}
    verified_senders: list[str] | None = None
    verified_domains: list[str] = []
    sendgrid_scopes: list[str] = ["mail.send", "sender_verification_eligible", "whitelabel.read"]
    rate_limits: dict[str, RateLimit] = {}
    throttled_until: dict[str, AwareDatetime] = {}


@dataclass
class World:
    """The one world that all vendors of a simulator share."""

    store: Store
    clock: Clock = field(init=False)
    _settings: Settings | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Start the clock where the store left it."""
        self.clock = Clock(self.store)

    @property
    def settings(self) -> Settings:
        """Return the settings in force."""
        if self._settings is None:
            self._settings = Settings.model_validate(self.store.get("settings", "all") or {})
        return self._settings

    def change_settings(self, changes: JSON) -> Settings:
        """Change the named settings and keep the others."""
        settings = Settings.model_validate(self.settings.model_dump() | changes)
        self.store.put("settings", "all", settings.model_dump(mode="json"))
        self._settings = settings
        return settings

    def forget(self) -> None:
        """Forget everything; the clock shows wall time again."""
        self.store.forget()
        self._settings = None
        self.clock.set(datetime.now(UTC))

    def person_name(self, email: str) -> str:
        """Return the name of a known person, or the address itself."""
        person = self.store.get("people", email.lower())
        return str(person["name"]) if person else email


def random_id(length: int, alphabet: str = string.ascii_lowercase + string.digits) -> str:
    """Return an id that says nothing."""
    return "".join(random.choices(alphabet, k=length))


def base_url(request: Request) -> str:
    """Return the address under which the caller reached the simulator, without a slash."""
    return str(request.base_url).rstrip("/")


async def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


async def _json_body(request: Request) -> JSON:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        raise unreadable_body(request.url.path) from None
    if not isinstance(body, dict):
        raise unreadable_body(request.url.path)
    return body


WorldHere = Annotated[World, Depends(_world)]
Body = Annotated[JSON, Depends(_json_body)]
