"""Who is who in one case: the people behind its roles, and whose calendar counts."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice

from domain.action_items.state import ActionItem
from domain.calendar.directory_snapshot import Team
from domain.calendar.working_time import (
    WorkCalendar,
    calendar_of_person,
    calendar_of_team,
    local,
)
from domain.case import Case
from domain.engine.remembering import remembered
from domain.engine.value import PersonId
from domain.engine.waiting import Waiting
from domain.incident import Role
from domain.meeting.event import Attendee
from domain.policy import Whom

INVOLVED = (Role.INCIDENT_COMMANDER, Role.DEPUTY, Role.SCRIBE, Role.RESPONDER)


def home_team(case: Case) -> Team | None:
    """Return the team of the most affected service; its calendar sets the limits."""
    if case.incident is None or case.directory is None:
        return None
    teams = (case.directory.team_of_service(each) for each in case.incident.services)
    return next(filter(None, teams), None)


def involved_teams(case: Case) -> tuple[Team, ...]:
    """Return the teams whose services were hit, each once, the most affected first."""
    if case.incident is None or case.directory is None:
        return ()
    teams = filter(None, map(case.directory.team_of_service, case.incident.services))
    return tuple({team.id: team for team in teams}.values())


@remembered
def home_calendar(case: Case) -> WorkCalendar:
    """Return the working calendar of the home team, or plain UTC weekdays without one."""
    team = home_team(case)
    if case.directory is None or team is None:
        return WorkCalendar()
    return calendar_of_team(case.directory, team.id)


def home_zone(case: Case) -> str:
    """Return the zone whose clocks the home team reads, where dates are written for everybody."""
    team = home_team(case)
    return team.zone if team else "UTC"


def calendar_of(case: Case, person: PersonId) -> WorkCalendar:
    """Return a person's working calendar; a list or a stranger works as the home team does."""
    if case.directory is None or person not in case.directory.people:
        return home_calendar(case)
    return calendar_of_person(case.directory, person)


def usual_calendar(case: Case, person: PersonId) -> WorkCalendar:
    """Return a person's working calendar without absences: those must not make others wait."""
    known = _usual_calendars(case)
    if person not in known:
        known[person] = calendar_of(case, person).replace(absences=())
    return known[person]


@remembered
def _usual_calendars(_case: Case) -> dict[PersonId, WorkCalendar]:
    """Return those that were asked for already: many waits are for one person."""
    return {}


def commander(case: Case) -> PersonId | None:
    """Return the incident commander, else the deputy, the home team's manager, who is on duty.

    Where none of them is known it is the process owner's.
    """
    named = case.incident.people_in(Role.INCIDENT_COMMANDER, Role.DEPUTY) if case.incident else ()
    team = home_team(case)
    managers = (team.engineering_manager,) if team else ()
    on_duty = case.directory.incident_commanders if case.directory else ()
    return next(filter(None, (*named, *managers, *on_duty, process_owner(case))), None)


def process_owner(case: Case) -> PersonId | None:
    """Return who runs the programme, the home of whatever has no other; None before people are."""
    return case.directory.process_owner if case.directory else None


def head_of_support(case: Case) -> PersonId | None:
    """Return who decides about customers where no liaison does.

    Where the organisation names nobody it is the liaison's manager, else the process owner.
    """
    if case.directory is None:
        return None
    liaison = next(iter((*case.message.handed_on, *_liaisons(case))), None)
    above = case.directory.manager_of(liaison) if liaison else None
    return case.directory.head_of_support or above or case.directory.process_owner


def chair(case: Case) -> PersonId | None:
    """Return who says what came of the meeting: facilitator, else owner, else commander."""
    return case.meeting.facilitator or case.ownership.owner or commander(case)


def leaders(case: Case) -> tuple[PersonId, ...]:
    """Return who can commit a hit team: engineering managers, then product managers (S0)."""
    teams = involved_teams(case)
    managers = [team.engineering_manager for team in teams]
    products = [team.product_manager for team in teams if team.product_manager]
    return tuple(dict.fromkeys((*managers, *products)))


def leaders_of(case: Case, team_id: str) -> tuple[PersonId, ...]:
    """Return who can commit one team."""
    team = case.directory.teams.get(team_id) if case.directory else None
    named = (team.engineering_manager, team.product_manager) if team else ()
    return tuple(filter(None, named))


def deciders(case: Case, team_id: str) -> tuple[PersonId, ...]:
    """Return who can decide about an item: a leader of its team, or of a hit one without a team.

    Never the facilitator (S0); where nobody is left, the commander decides.
    """
    led = leaders_of(case, team_id)
    known = led or tuple(filter(None, (*leaders(case), commander(case))))
    able = [person for person in known if person != case.meeting.facilitator]
    return tuple(dict.fromkeys(able or filter(None, (commander(case),))))


def name_of(case: Case, person: PersonId | None, *, otherwise: str = "") -> str:
    """Return a person's name, the id of a stranger, or other words for nobody."""
    if person is None:
        return otherwise
    return case.directory.name_of(person) if case.directory else person


def authors(case: Case) -> frozenset[PersonId]:
    """Return who answers for the words of the customer message: its owner, and who last changed it.

    Neither approves it: no text leaves on one person's word.
    """
    return frozenset(filter(None, (case.ownership.owner, case.message.drafted_by)))


def customer_liaison(case: Case) -> PersonId | None:
    """Return the liaison named on the incident, else the first one on duty; never an author."""
    return next(iter(_liaisons(case)), None)


def _liaisons(case: Case) -> tuple[PersonId, ...]:
    """Return who speaks to customers, in the order of asking, without those who may not decide."""
    named = case.incident.people_in(Role.CUSTOMER_LIAISON) if case.incident else ()
    on_duty = case.directory.customer_liaisons if case.directory else ()
    return tuple(each for each in (*named, *on_duty) if each not in _out_of_line(case))


def _out_of_line(case: Case) -> frozenset[PersonId]:
    """Return who does not decide about the message: its authors, and who handed it on."""
    return authors(case) | frozenset(case.message.handed_on)


def reviewers(case: Case) -> tuple[PersonId, ...]:
    """Return who may come to decide about the customer message, in the order of asking (2.3).

    First the liaison, then the backup, then the head of support, at last the process owner; nobody
    while their codes are locked.
    """
    line = (*_liaisons(case), head_of_support(case), process_owner(case))
    barred = {*_out_of_line(case), *case.message.locked}
    return tuple(dict.fromkeys(each for each in line if each is not None and each not in barred))


def can_be_handed_on(case: Case, person: PersonId) -> bool:
    """Tell whether anybody but this person is left to decide about the customer message."""
    return any(each != person for each in reviewers(case))


def is_away(case: Case, person: PersonId, now: datetime) -> bool:
    """Tell whether somebody is absent on the day that it is where they work."""
    calendar = calendar_of(case, person)
    today = local(now, calendar.changes).date()
    return any(each.first <= today <= each.last for each in calendar.absences)


def backup_liaison(case: Case) -> PersonId | None:
    """Return who stands in for the liaison."""
    on_duty = case.directory.customer_liaisons if case.directory else ()
    barred = {customer_liaison(case), *_out_of_line(case)}
    return next((each for each in on_duty if each not in barred), None)


def speakers(case: Case) -> frozenset[PersonId]:
    """Return who speaks to customers in this case: the liaisons on duty, and whoever was asked."""
    asked = (each.liaison for each in case.message.approvals)
    return frozenset(filter(None, (customer_liaison(case), backup_liaison(case), *asked)))


def owner_and_commander(case: Case) -> frozenset[PersonId]:
    """Return who answers for the case as a whole."""
    return frozenset(filter(None, (case.ownership.owner, commander(case))))


def ranked_candidates(case: Case) -> tuple[PersonId, ...]:
    """Rank who could own the postmortem (PM: led, stabilised, on call, or started the response).

    Somebody named as owner comes first, then responders, then service owners of the hit
    teams; managers appoint and product managers were not there, so neither is asked.
    """
    if case.incident is None or case.directory is None:
        return ()
    named = case.incident.people_in(Role.POSTMORTEM_OWNER)
    responded = case.incident.people_in(Role.RESPONDER, Role.SERVICE_OWNER)
    owners = [
        service.owner
        for each in case.incident.services
        if (service := case.directory.services.get(each)) and service.owner
    ]
    members = [member for team in involved_teams(case) for member in team.members]
    managers = {team.engineering_manager for team in involved_teams(case)}
    for_product = {team.product_manager for team in case.directory.teams.values()}
    managers |= {each for each in for_product if each is not None and each not in named}
    ranked = dict.fromkeys((*named, *responded, *owners, *members))
    return tuple(p for p in ranked if p in case.directory.people and p not in managers)


def asked_candidates(case: Case, now: datetime) -> tuple[PersonId, ...]:
    """Return whom to ask, one after the other: so many at the most, and nobody who is away."""
    present = (each for each in ranked_candidates(case) if not is_away(case, each, now))
    return tuple(islice(present, case.binding.ownership.candidates_at_most))


def responsible_manager(case: Case, now: datetime) -> PersonId | None:
    """Return who answers for the service that was hit most: its manager, else who is above."""
    team = home_team(case)
    manager = team.engineering_manager if team else process_owner(case)
    above = case.directory.manager_of(manager) if case.directory and manager else None
    able = [each for each in (manager, above, process_owner(case)) if each is not None]
    return next((each for each in able if not is_away(case, each, now)), next(iter(able), None))


def chosen_facilitator(case: Case) -> PersonId | None:
    """Pick a facilitator who took no part in the incident and leads none of the teams (S0).

    The pool is entered at a place that depends on the case, so that cases share the work.
    """
    if case.incident is None or case.directory is None or not case.directory.facilitators:
        return None
    involved = {each.person for each in case.incident.participants}
    leading = {*leaders(case), commander(case), case.ownership.owner}
    barred = involved | leading | set(ranked_candidates(case))
    pool = case.directory.facilitators
    offset = sum(map(ord, case.incident.key)) % len(pool)
    turned = (*pool[offset:], *pool[:offset])
    return next((each for each in turned if each not in barred), None)


def holders(case: Case, role: Role) -> tuple[PersonId, ...]:
    """Return everybody who holds a role in this case."""
    if case.incident is None:
        return ()
    found = _HOLDERS[role](case) if role in _HOLDERS else case.incident.people_in(role)
    return tuple(dict.fromkeys(person for person in found if person))


_Found = tuple[PersonId | None, ...]


def _service_owners(case: Case) -> _Found:
    services = case.directory.services if case.directory else {}
    hit = (services.get(each) for each in case.incident.services) if case.incident else iter(())
    return tuple(service.owner for service in hit if service)


_HOLDERS: Mapping[Role, Callable[[Case], _Found]] = {
    Role.POSTMORTEM_OWNER: lambda case: (case.ownership.owner or case.ownership.nominee,),
    Role.FACILITATOR: lambda case: (case.meeting.facilitator,),
    Role.ENGINEERING_MANAGER: lambda case: tuple(
        team.engineering_manager for team in involved_teams(case)
    ),
    Role.PRODUCT_MANAGER: lambda case: tuple(team.product_manager for team in involved_teams(case)),
    Role.CUSTOMER_LIAISON: lambda case: (customer_liaison(case),),
    Role.SERVICE_OWNER: _service_owners,
}
"""Who holds the roles that the incident alone does not tell."""


def attendees(case: Case) -> tuple[Attendee, ...]:
    """Return who is invited, required people first, each once (S0, S2)."""
    if case.rules is None:
        return ()
    severity = case.rules.severity
    required = [p for role in severity.required_roles for p in holders(case, role)]
    optional = [p for role in severity.optional_roles for p in holders(case, role)]
    wanted = dict.fromkeys(optional, True) | dict.fromkeys(required, False)
    order = dict.fromkeys((*required, *optional))
    return tuple(Attendee(person=person, optional=wanted[person]) for person in order)


def publication_lists(case: Case) -> tuple[PersonId, ...]:
    """Return who gets the report: the involved teams' lists and the policy's (S2, PM).

    Without any list, everybody who was invited gets it.
    """
    teams = (team.list for team in involved_teams(case))
    named = case.rules.publication.lists if case.rules else ()
    lists = tuple(dict.fromkeys(each for each in (*teams, *named) if each))
    return lists or tuple(each.person for each in attendees(case))


def confirmer(case: Case, item: ActionItem) -> PersonId | None:
    """Return who confirms an item for its team: its manager, or the commander for a lost team."""
    team = case.directory.teams.get(item.team) if case.directory else None
    return team.engineering_manager if team else commander(case)


def whom(case: Case, waiting: Waiting, meant: str) -> PersonId | None:
    """Return who is meant by a step of a ladder, for one wait."""
    return _MEANT[Whom(meant)](case, waiting)


_MEANT: Mapping[Whom, Callable[[Case, Waiting], PersonId | None]] = {
    Whom.WAITED_FOR: lambda _case, waiting: waiting.person,
    Whom.MANAGER: lambda case, waiting: (
        case.directory.manager_of(waiting.person) if case.directory else None
    ),
    Whom.OWNER: lambda case, _waiting: case.ownership.owner,
    Whom.COMMANDER: lambda case, _waiting: commander(case),
    Whom.BACKUP_LIAISON: lambda case, _waiting: backup_liaison(case),
    Whom.HEAD_OF_SUPPORT: lambda case, _waiting: head_of_support(case),
    Whom.PROCESS_OWNER: lambda case, _waiting: process_owner(case),
}
