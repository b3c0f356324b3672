"""The demo's last word: what the policy promised, when it was done, and messages per person."""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from demo.narrator import kind_of
from devstack.environment import Environment
from domain.case import Case
from domain.incident import Role
from domain.people import holders

_SHOWN_ROLES = (
    Role.POSTMORTEM_OWNER,
    Role.INCIDENT_COMMANDER,
    Role.FACILITATOR,
    Role.CUSTOMER_LIAISON,
    Role.ENGINEERING_MANAGER,
    Role.PRODUCT_MANAGER,
    Role.RESPONDER,
)


async def table(here: Environment) -> str:
    """Return promises beside what happened, then how many messages each person got."""
    case, record = await here.case(), record_of(here)
    zone = ZoneInfo("Europe/Lisbon")
    lines = ["", f"{'promised':<26} {'by':<18} {'done':<18}"]
    for promise in record["promises"]:
        by, done = _shown(promise["by"], zone), _shown(promise["done_at"], zone)
        kept = "" if not promise["by"] else ("kept" if _kept(promise) else "late")
        what = " ".join(filter(None, (promise["item"], promise["what"])))
        lines.append(f"{what:<26} {by:<18} {done:<18} {kept}")
    lines += ["", f"{'person':<22} {'role':<24} messages"]
    counts = await messages(here, case)
    for person, kinds in sorted(counts.items(), key=lambda each: -sum(each[1].values())):
        told = ", ".join(f"{kind} {n}" if n > 1 else kind for kind, n in kinds.items())
        name = case.directory.name_of(person) if case.directory else person
        total = sum(kinds.values())
        lines.append(f"{name:<22} {_role(case, person):<24} {total}  ({told})")
    return "\n".join(lines)


async def messages(here: Environment, case: Case) -> dict[str, Counter[str]]:
    """Count each person's messages by kind: our mails, the invitation, and mails to their team."""
    snapshot = case.directory
    people = list(snapshot.people) if snapshot else []
    by_email = {here.email(each): each for each in people}
    members = {
        here.email(team.list): team.members
        for team in (snapshot.teams.values() if snapshot else ())
        if team.list
    }
    counts: dict[str, Counter[str]] = {}
    for mail in await here.told("mails"):
        readers = members.get(mail["to"], ()) or filter(None, (by_email.get(mail["to"]),))
        for person in readers:
            counts.setdefault(person, Counter())[_named(mail)] += 1
    return counts


def record_of(here: Environment) -> dict[str, Any]:
    """Return the record that the case has left in the archive."""
    newest = max(Path(here.stack.settings.archive_folder).glob("*.json"))
    record: dict[str, Any] = json.loads(newest.read_text(encoding="utf-8"))
    return record


def _named(mail: dict[str, Any]) -> str:
    kind = kind_of(mail)
    return str(mail["subject"]).split(":")[0].lower() if kind == "calendar" else kind


def _role(case: Case, person: str) -> str:
    return next((role.value for role in _SHOWN_ROLES if person in holders(case, role)), "")


def _shown(instant: str | None, zone: ZoneInfo) -> str:
    if not instant:
        return "-"
    return f"{datetime.fromisoformat(instant).astimezone(zone):%a %-d %b %H:%M}"


def _kept(promise: dict[str, Any]) -> bool:
    if not promise["done_at"]:
        return False
    done = datetime.fromisoformat(promise["done_at"])
    # A round of activities takes its seconds; the promise is about the minute.
    return (done - datetime.fromisoformat(promise["by"])).total_seconds() < 60  # noqa: PLR2004
