"""What tests of check-ups share: a world with a little of everything, and looks at findings."""

import asyncio
from typing import Any

from integrations.checks.examination import Examination, Finding, Grade, carried_out
from integrations.google.checks import GoogleWanted, google_examination
from integrations.google.credentials import service_account_for, static_token
from integrations.issue_projects import IssueProject
from integrations.jira.checks import JiraSite, jira_examination
from integrations.jira.dialect import Flavour
from integrations.ports import Address
from integrations.sendgrid.checks import sendgrid_examination
from tests.google_accounts import service_account_key
from tests.simulated import World

TIMEOUT = (1, 5)
SENDER = "postmortems@example.com"
TEAM = "team-calendar@example.com"
AUTH = ("aftermath@example.com", "canary-of-the-token")
INES = Address(email="ines@example.com")
RUI = Address(email="rui@example.com")
STRANGER = Address(email="nobody@example.org")
COST = {"id": "customfield_10042", "name": "Cost centre", "required": True}


DRIVE = "^/drive/v3/about$"
PEOPLE = {"ines": INES, "rui": RUI}
WANTED = GoogleWanted(calendar_id=TEAM, people=PEOPLE)
US = "aftermath@example.com"


def as_new(world: World) -> None:
    """Begin with two people, a calendar and a project."""
    world.tell("reset", {})
    people = [{"email": each.email, "name": "x"} for each in (INES, RUI)]
    world.tell("people", {"people": people})
    world.tell("calendars", {"id": TEAM})
    world.tell("projects", {"key": "WAF", "name": "Edge Firewall"})


def examined(*examinations: Examination) -> tuple[Finding, ...]:
    return asyncio.run(carried_out(examinations))


def lines(found: tuple[Finding, ...]) -> str:
    return "\n".join(each.line for each in found)


def grades(found: tuple[Finding, ...]) -> set[Grade]:
    return {each.grade for each in found}


def answer(world: World, path: str, body: object, kind: str = "json200", **more: object) -> None:
    """Let the vendor answer this each time it is asked, whatever it knows."""
    world.break_next("GET", path, kind, body=body, times=99, **more)


def sendgrid(world: World) -> tuple[Finding, ...]:
    return examined(sendgrid_examination("canary-of-the-key", SENDER, world.url, TIMEOUT))


def google(
    world: World,
    wanted: GoogleWanted = WANTED,
    credentials: Any = None,  # noqa: ANN401 - of Google's
) -> tuple[Finding, ...]:
    chosen = credentials or static_token("canary-of-the-token")
    return examined(google_examination(chosen, world.url, wanted, TIMEOUT))


def jira(
    world: World,
    *,
    flavour: Flavour = Flavour.CLOUD,
    key: str = "WAF",
    **project: Any,  # noqa: ANN401
) -> tuple[Finding, ...]:
    site = JiraSite(world.url, AUTH, flavour)
    return examined(jira_examination(site, {key: IssueProject(**project)}, TIMEOUT))


def service_account(world: World) -> Any:  # noqa: ANN401 - of Google's
    return service_account_for(service_account_key(world.url), subject=INES.email)
