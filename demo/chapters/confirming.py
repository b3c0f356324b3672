"""Teams answer for their action items: one at once, the other by saying nothing for a day."""

from datetime import datetime, timedelta

from demo.people import Person, Stuck
from demo.scene import Scene
from domain.case import Case
from domain.people import home_team


async def one_team_says_nothing(scene: Scene) -> None:
    """Let one team answer at once; the other is reminded, and then its leader's word counts."""
    await scene.here.forward(timedelta(minutes=40))
    prompt, silent = _confirmers(scene, await scene.case())
    await _confirms(scene, prompt)
    await scene.here.until(_after_one_business_day(scene, await scene.case()))
    await scene.narrator.news()
    counted = [
        f"{item.id} ({item.issue.key})"
        for item in (await scene.case()).items
        if item.issue and scene.leads(silent.id, item.team)
    ]
    await scene.narrator.now(
        f"{silent.name} says nothing, and had committed in the meeting: {', '.join(counted)} counts"
    )


async def _confirms(scene: Scene, leader: Person) -> None:
    waiting = [
        item.id
        for item in (await scene.case()).items
        if item.accepted and item.confirmation is None and scene.leads(leader.id, item.team)
    ]
    answers = {f"answer-{each}": "confirm" for each in waiting}
    await leader.does("confirmation", "confirm_action_item", **answers)
    tickets = [
        item.issue.key for item in (await scene.case()).items if item.issue and item.id in waiting
    ]
    await scene.narrator.now(
        f"{leader.name} confirms {', '.join(waiting)}; tickets opened: {', '.join(tickets)}"
    )


def _confirmers(scene: Scene, case: Case) -> tuple[Person, Person]:
    home = home_team(case)
    if home is None or case.directory is None:
        raise Stuck("The incident has no home team.")
    teams = {item.team for item in case.items if item.accepted and not item.confirmation}
    others = [case.directory.teams[each] for each in sorted(teams - {home.id})]
    return scene.person(home.engineering_manager), scene.person(others[0].engineering_manager)


def _after_one_business_day(scene: Scene, case: Case) -> datetime:
    held = case.meeting.held_at
    if held is None:
        raise Stuck("The meeting was not held.")
    return scene.next_morning(held, held.astimezone(scene.zone).time()) + timedelta(hours=2)
