"""Which forms are for whom: by role for what may be sent, by the case's state for what is shown."""

from dataclasses import dataclass

from domain.case import Case
from domain.engine.ledger import Outcome, Status
from domain.engine.value import PersonId
from domain.engine.waiting import Waiting
from domain.lifecycle import waits
from domain.people import (
    backup_liaison,
    chair,
    commander,
    customer_liaison,
    involved_teams,
    leaders,
)
from domain.policy import Wait

ANSWERED_BY = {
    Wait.OWNERSHIP: "accept_ownership",
    Wait.APPOINTMENT: "appoint_owner",
    Wait.MEETING_OUTCOME: "record_meeting",
    Wait.DECISIONS: "decide",
    Wait.CONFIRMATION: "confirm_action_item",
    Wait.MESSAGE_DRAFT: "draft_external_message",
    Wait.POSTING: "mark_posted",
    Wait.STEP: "complete_step",
    Wait.DELIVERY: "complete_step",
}
"""The form that ends a wait; an approval and a late ticket are answered elsewhere."""


@dataclass(frozen=True)
class Offer:
    """A form on a person's page; `waited_for` is None when nobody asked for it."""

    name: str
    about: str = ""
    waited_for: Waiting | None = None


def asked_of(case: Case, person: PersonId) -> tuple[Waiting, ...]:
    """Return what the case waits for from one person."""
    return tuple(each for each in waits(case) if each.person == person)


def asked_of_others(case: Case, person: PersonId) -> tuple[Waiting, ...]:
    """Return what the case waits for from everybody else."""
    return tuple(each for each in waits(case) if each.person != person)


def offers(case: Case, person: PersonId) -> tuple[Offer, ...]:
    """Return the forms to show to one person now, those that are waited for first."""
    wanted: dict[tuple[str, str], Offer] = {}
    for each in asked_of(case, person):
        if each.what in ANSWERED_BY:
            name, about = ANSWERED_BY[each.what], _step(each)
            # Items that were accepted on different days wait apart, and are answered together.
            wanted.setdefault((name, about), Offer(name, about, each))
    known = {name for name, _ in wanted}
    mine = may_send(case, person)
    voluntary = (name for name in _open_now(case) if name in mine and name not in known)
    return (*wanted.values(), *(Offer(name) for name in voluntary))


def _step(waiting: Waiting) -> str:
    return waiting.about if waiting.what in (Wait.STEP, Wait.DELIVERY) else ""


def _open_now(case: Case) -> tuple[str, ...]:
    """Return the forms that nobody needs to be asked for, where the case allows them."""
    if case.closed_at is not None or case.rules is None:
        return ()
    meeting, message = case.meeting, case.message
    running = case.published_at is None
    draftable = case.rules.severity.external_message and not message.finished
    possible = {
        "move_meeting": meeting.held_at is None,
        "propose_action_items": running and case.ownership.owner is not None,
        "record_meeting": meeting.ahead,
        "decide": running and meeting.held_at is not None and bool(changeable(case)),
        "draft_external_message": draftable and case.ownership.owner is not None,
        "withdraw_message": message.approved_at is not None and not message.finished,
        "retry": bool(refused(case)),
    }
    return tuple(name for name, now in possible.items() if now)


def refused(case: Case) -> tuple[Outcome, ...]:
    """Return what another system refused, and what a person may have mended since."""
    return tuple(each for each in case.ledger.values() if each.status is Status.REFUSED)


def changeable(case: Case) -> tuple[str, ...]:
    """Return the ids of the items whose verdict is missing, or may still be another."""
    return tuple(item.id for item in case.items if item.confirmation is None and item.issue is None)


def may_send(case: Case, person: PersonId) -> frozenset[str]:
    """Return the forms that a person's roles allow, whatever the state of the case.

    The case itself refuses what comes too early or too late, and says why.
    """
    owner, leader = case.ownership.owner, commander(case)
    # Where the facilitator says nothing, the ladder asks the commander for help.
    stand_ins = {chair(case), owner, leader}
    liaisons = {customer_liaison(case), backup_liaison(case)}
    liaisons |= {each.liaison for each in case.message.approvals}
    stoppers = {owner, leader, *liaisons}
    allowed = {
        "accept_ownership": True,
        "decline_ownership": True,
        "appoint_owner": person in {leader, *leaders(case)},
        "propose_action_items": person == owner,
        "move_meeting": person in {owner or leader, chair(case)},
        "record_meeting": person in stand_ins,
        "decide": person in stand_ins,
        "confirm_action_item": person in {leader, *_confirmers(case)},
        "draft_external_message": person == owner,
        "withdraw_message": person in stoppers,
        "mark_posted": person in liaisons,
        "complete_step": person in {owner, leader, *_confirmers(case)},
        "retry": person in {owner, leader},
    }
    return frozenset(name for name, yes in allowed.items() if yes)


def _confirmers(case: Case) -> frozenset[PersonId]:
    """Return who answers for the teams: those of the items, and those that were hit."""
    snapshot = case.directory
    named = (snapshot.teams.get(item.team) for item in case.items) if snapshot else iter(())
    teams = [*filter(None, named), *involved_teams(case)]
    return frozenset(
        person for team in teams for person in (team.engineering_manager, *team.members)
    )
