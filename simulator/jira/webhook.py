"""Tells the outside, as Jira's webhooks do, that an issue changed."""

import asyncio
import hashlib
import hmac
import json
from typing import Any
from uuid import uuid4

import httpx

from simulator.control.clock import google_time
from simulator.jira.site import Site
from simulator.store import JSON
from simulator.world import World

_TIMEOUT_SECONDS = 20
_SHOWN = {"issuekey": "Key"}
"""Fields that a changelog calls by another name than the API does."""

_running: set[asyncio.Task[None]] = set()


class Webhook:
    """Posts what became of issues to the address in the settings, after it is done."""

    def __init__(self, world: World, site: Site) -> None:
        self._world = world
        self._site = site

    def tell(self, issue: JSON, before: JSON, changes: JSON, actor: str) -> None:
        """Send a change on its way; whoever made the change does not wait for it."""
        items = [_item(name, before.get(name), new) for name, new in changes.items()]
        changelog = {"id": str(self._world.store.next_number("changelogs")), "items": items}
        kind = "issue_generic" if "status" in changes else "issue_updated"
        more = {"issue_event_type_name": kind, "changelog": changelog}
        self._send(self._body("jira:issue_updated", issue, actor) | more)

    def tell_deleted(self, issue: JSON, actor: str) -> None:
        """Send word of a deletion on its way."""
        self._send(self._body("jira:issue_deleted", issue, actor))

    def _send(self, told: JSON) -> None:
        settings = self._world.settings
        if settings.jira_webhook_url is None:
            return
        body = json.dumps(told).encode()
        task = asyncio.create_task(
            self._post(settings.jira_webhook_url, settings.jira_webhook_secret, body)
        )
        # The loop itself holds tasks only weakly.
        _running.add(task)
        task.add_done_callback(_running.discard)

    async def _post(self, url: str, secret: str | None, body: bytes) -> None:
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": "Atlassian Webhook HTTP Client",
            "X-Atlassian-Webhook-Identifier": str(uuid4()),
        }
        if secret:
            digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Hub-Signature"] = f"sha256={digest}"
        outcome: JSON = {"url": url, "at": google_time(self._world.clock.now())}
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS) as client:
                answer = await client.post(url, content=body, headers=headers)
            outcome["status"] = answer.status_code
        except httpx.HTTPError as failure:
            outcome["failure"] = repr(failure)
        number = self._world.store.next_number("webhooks")
        self._world.store.put("webhooks", str(number), outcome | {"body": json.loads(body)})

    def _body(self, event: str, issue: JSON, actor: str) -> JSON:
        return {
            "timestamp": int(self._world.clock.now().timestamp() * 1000),
            "webhookEvent": event,
            "user": self._site.user(actor),
            "issue": {
                "id": issue["id"],
                "self": f"{self._site.api}/issue/{issue['id']}",
                "key": issue["key"],
                "fields": issue["fields"],
            },
        }


def _item(name: str, old: Any, new: Any) -> JSON:  # noqa: ANN401 - any field's value
    return {
        "field": _SHOWN.get(name, name),
        "fieldtype": "jira",
        "fieldId": name,
        "from": _identity(old, "id"),
        "fromString": _identity(old, "name"),
        "to": _identity(new, "id"),
        "toString": _identity(new, "name"),
    }


def _identity(value: Any, key: str) -> str | None:  # noqa: ANN401 - any field's value
    if value is None:
        return None
    if isinstance(value, dict):
        known = value.get(key) or value.get("displayName" if key == "name" else "accountId")
        return None if known is None else str(known)
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value)
