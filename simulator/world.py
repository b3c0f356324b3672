"""What every part of the simulator shares, and how a handler gets hold of it."""

import json
import random
import string
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict

from simulator.clock import Clock
from simulator.errors import unreadable_body
from simulator.store import JSON, Store


class Settings(BaseModel):
    """How the vendors behave; set through the control API."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str = "aftermath@example.com"
    drive_list_lag_seconds: float = 0
    jira_index_lag_seconds: float = 0
    verified_senders: list[str] | None = None
    jira_webhook_url: str | None = None
    jira_webhook_secret: str | None = None


@dataclass
class World:
    """The one world that all vendors of a simulator share."""

    store: Store
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        """Start the clock where the store left it."""
        self.clock = Clock(self.store)

    @property
    def settings(self) -> Settings:
        """Return the settings in force."""
        return Settings.model_validate(self.store.get("settings", "all") or {})

    def change_settings(self, changes: JSON) -> Settings:
        """Change the named settings and keep the others."""
        settings = Settings.model_validate(self.settings.model_dump() | changes)
        self.store.put("settings", "all", settings.model_dump())
        return settings

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
