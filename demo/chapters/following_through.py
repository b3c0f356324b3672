"""Tickets are followed through: who is done is left alone, who lies still is asked, all close."""

import asyncio
from datetime import timedelta

from demo.people import Stuck
from demo.scene import Scene

_A_MOMENT = 0.05


async def tickets_are_finished(scene: Scene) -> None:
    """Finish tickets in Jira; who is done is left alone, who lies still is asked."""
    here, narrator = scene.here, scene.narrator
    first, second, *lying = [item.issue.key for item in (await scene.case()).items if item.issue]
    await here.forward(timedelta(days=3))
    await _moves_ticket(scene, first, "Done")
    before = len(narrator.mails)
    await here.forward(timedelta(days=4))
    await _moves_ticket(scene, second, "Done")
    await here.forward(timedelta(days=14))
    await narrator.news()
    if any(first in mail["text"] for mail in narrator.mails[before:]):
        raise Stuck(f"{first} is done, and yet somebody was asked about it.")
    await narrator.now(f"{first} was not chased; {', '.join(lying)} was")
    for ticket in lying:
        await _moves_ticket(scene, ticket, "Done")
        await here.forward(timedelta(hours=3))
    await _until_closed(scene)


async def _moves_ticket(scene: Scene, key: str, to: str) -> None:
    await scene.here.press(f"/tickets/{key}/transition", to=to)
    await scene.narrator.now(f"{key} is moved to {to} in Jira")
    for _ in range(100):
        case = await scene.case()
        seen = next(i.issue for i in case.items if i.issue and i.issue.key == key)
        if seen.state != "open":
            return
        await asyncio.sleep(_A_MOMENT)
    raise Stuck(f"Jira's webhook about {key} did not arrive.")


async def _until_closed(scene: Scene) -> None:
    for _ in range(200):
        if not await scene.here.cases.is_open(scene.here.case_id):
            closed = (await scene.case()).closed_at
            if closed is not None:
                told = "everything is done: the record is written, the case closed"
                scene.narrator.say(closed, told)
                return
        await asyncio.sleep(_A_MOMENT)
    raise Stuck("The case did not close.")
