"""The incident that the demo plays: read from a file, and moved to a coming Tuesday."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
TUESDAY = 1
_SEARCHED_WEEKS = 60


@dataclass(frozen=True)
class Example:
    """A public incident's facts in our own words, and an invented aftermath."""

    told: dict[str, Any]
    day: date

    @classmethod
    def read(cls, day: date, name: str = "cloudflare-2019-07-02.json") -> "Example":
        """Read an example and move it to a day."""
        return cls(json.loads((EXAMPLES / name).read_text(encoding="utf-8")), day)

    @property
    def started_at(self) -> datetime:
        """When it began, on the day it was moved to."""
        return self._at("started_at")

    @property
    def resolved_at(self) -> datetime:
        """When it was resolved, on the day it was moved to."""
        return self._at("resolved_at")

    def body(self) -> dict[str, Any]:
        """Return the webhook by which PagerDuty (V3) tells that it was resolved."""
        resolved = self.resolved_at.isoformat().replace("+00:00", "Z")
        started = self.started_at.isoformat().replace("+00:00", "Z")
        number = self.told["number"]
        data = {
            **_incident(number, self.told["title"], self.told["service"]),
            "created_at": started,
            "assignees": [_user(each) for each in self.told["assignees"]],
            "priority": {"id": "PRIO1", "type": "priority_reference", "summary": "P1"},
        }
        return _event(f"{number}", resolved, data, agent=self.told["resolved_by"])

    def _at(self, field: str) -> datetime:
        return datetime.combine(self.day, time.fromisoformat(self.told[field]), UTC)


def tuesday_before_a_holiday(after: date, home: set[date], others: set[date]) -> date:
    """Return the next ordinary Tuesday with a public holiday on the Thursday or Friday after it.

    The rest of the six days from that Wednesday on is ordinary everywhere, so that there are
    people to meet.

    Raises:
        LookupError: there is none in sixty weeks.
    """
    first = after + timedelta(days=(TUESDAY - after.weekday()) % 7 or 7)
    for week in range(_SEARCHED_WEEKS):
        tuesday = first + timedelta(weeks=week)
        ahead = [tuesday + timedelta(days=n) for n in range(1, 7)]
        free = [day for day in ahead if day in home or day in others]
        if tuesday not in home and len(free) == 1 and free[0] in home & set(ahead[1:3]):
            return tuesday
    raise LookupError("No Tuesday with a public holiday after it within sixty weeks.")


def small_pages(dice: Random, day: date, count: int) -> list[dict[str, Any]]:
    """Return webhooks of resolved incidents too small for a postmortem."""
    return [_small_page(dice, day, number) for number in range(1, count + 1)]


def _small_page(dice: Random, day: date, number: int) -> dict[str, Any]:
    what = dice.choice(("Disk 80% full", "Slow health check", "Certificate renews late"))
    priority = dice.choice((None, "P3", "P4", "P5"))
    moment = datetime.combine(day, time(dice.randrange(0, 12), dice.randrange(60)), UTC)
    data = {
        **_incident(1000 + number, what, "PEDGE01"),
        "assignees": [],
        "priority": priority
        and {"id": priority, "type": "priority_reference", "summary": priority},
    }
    return _event(f"page-{number}", moment.isoformat().replace("+00:00", "Z"), data, agent=None)


def signed(body: dict[str, Any], secret: str) -> tuple[bytes, dict[str, str]]:
    """Return a webhook's bytes and headers, signed as PagerDuty does."""
    raw = json.dumps(body).encode()
    signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-PagerDuty-Signature": f"v1={signature}",
        "X-Webhook-Id": body["event"]["id"],
    }
    return raw, headers


def _event(id_: str, at: str, data: dict[str, Any], agent: str | None) -> dict[str, Any]:
    return {
        "event": {
            "id": f"demo-{id_}",
            "event_type": "incident.resolved",
            "resource_type": "incident",
            "occurred_at": at,
            "agent": _user(agent) if agent else None,
            "client": None,
            "data": data,
        }
    }


def _incident(number: int, title: str, service: str) -> dict[str, Any]:
    return {
        "id": f"Q{number:06d}",
        "type": "incident",
        "html_url": f"https://example.pagerduty.com/incidents/Q{number:06d}",
        "number": number,
        "status": "resolved",
        "title": title,
        "service": {"id": service, "type": "service_reference", "summary": service},
        "teams": [],
        "urgency": "high",
        "conference_bridge": None,
        "resolve_reason": None,
    }


def _user(id_: str) -> dict[str, Any]:
    return {"id": id_, "type": "user_reference", "summary": id_}
