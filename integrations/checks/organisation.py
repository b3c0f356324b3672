"""What the organisation file leaves open: whoever and whatever an incident would look for."""

from collections.abc import Iterable, Iterator

from integrations.checks.examination import Finding, ok, warn
from integrations.files.organisation import Organisation
from integrations.incident_tools.pagerduty import TOOL
from integrations.issue_projects import IssueProject

ABOUT = "organisation"
_POOLS = {
    "incident_commanders": "nobody can be asked to own a report when no commander is known",
    "facilitators": "meetings have no facilitator",
    "customer_liaisons": "nobody can write the message to customers",
}
_PEOPLE_SHOWN = 8


def organisation_findings(
    organisation: Organisation, *, tickets: bool, pagerduty: bool
) -> Iterator[Finding]:
    """Yield what would be missed; `tickets` and `pagerduty` tell what is connected."""
    gaps = [
        *_without_manager(organisation),
        *_empty_pools(organisation),
        *_without_list(organisation),
        *(_without_project(organisation) if tickets else ()),
        *(_without_name_in_pagerduty(organisation) if pagerduty else ()),
    ]
    count = f"{len(organisation.people)} people, {len(organisation.teams)} teams"
    yield ok(ABOUT, f"the file is valid: {count}, {len(organisation.services)} services.")
    yield from gaps


def projects_of(organisation: Organisation) -> dict[str, IssueProject]:
    """Return every project that tickets may be opened in, with how they are opened there."""
    described = organisation.issue_projects
    named = [team.issue_project for team in organisation.teams.values() if team.issue_project]
    fallbacks = [each.fallback_project for each in described.values() if each.fallback_project]
    return {key: described.get(key, IssueProject()) for key in sorted({*named, *fallbacks})}


def _without_manager(organisation: Organisation) -> Iterator[Finding]:
    """Whoever leads others may be at the top; whoever leads nobody must have a manager."""
    people = organisation.people
    leading = {each.manager for each in people.values()}
    alone = sorted(
        id_ for id_, each in people.items() if each.manager is None and id_ not in leading
    )
    if alone:
        add = "Add manager to each in the organisation file: reminders end there otherwise."
        yield warn(ABOUT, f"no manager: {_some(alone)}.", add)


def _empty_pools(organisation: Organisation) -> Iterator[Finding]:
    for pool, consequence in _POOLS.items():
        if not getattr(organisation, pool):
            yield warn(ABOUT, f"{pool} is empty: {consequence}.", "Name somebody.")


def _without_list(organisation: Organisation) -> Iterator[Finding]:
    teams = sorted(id_ for id_, team in organisation.teams.items() if team.list is None)
    if teams:
        told = f"teams without a list: {_some(teams)}."
        yield warn(ABOUT, told, "Add list, so that their weekly message has one address.")


def _without_project(organisation: Organisation) -> Iterator[Finding]:
    teams = sorted(id_ for id_, team in organisation.teams.items() if not team.issue_project)
    if teams:
        told = f"teams without a project: {_some(teams)}."
        yield warn(ABOUT, told, "Add issue_project, or people open their tickets by hand.")


def _without_name_in_pagerduty(organisation: Organisation) -> Iterator[Finding]:
    services = sorted(
        id_ for id_, service in organisation.services.items() if TOOL not in service.tools
    )
    if services:
        told = f"services that PagerDuty's id does not lead to: {_some(services)}."
        yield warn(ABOUT, told, 'Add tools = { pagerduty = "…" }; until then the name must match.')
    elif not organisation.services:
        yield warn(ABOUT, "there are no services.", "Add those that incidents may be about.")
    else:
        yield ok(ABOUT, "PagerDuty's ids lead to every service.")


def _some(names: Iterable[str]) -> str:
    known = list(names)
    more = f" and {len(known) - _PEOPLE_SHOWN} more" if len(known) > _PEOPLE_SHOWN else ""
    return ", ".join(known[:_PEOPLE_SHOWN]) + more
