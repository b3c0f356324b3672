"""Incidents are resolved: small pages start nothing, a sev1 starts a case and books one event."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta

from demo.example import small_pages
from demo.people import Stuck
from demo.scene import HOME_HOLIDAYS, Scene
from devstack.variables import CALENDAR
from domain.calendar.instants import shown_day
from domain.moments import meeting_limit

SMALL_PAGES = 40
_A_MOMENT = 0.05
_BOOKED_WITHIN = 40.0


async def small_pages_start_nothing(scene: Scene) -> None:
    """Resolve forty incidents that are too small for a postmortem."""
    day = scene.example.day
    for body in small_pages(scene.dice, day, SMALL_PAGES):
        answer = await scene.webhook(body)
        if answer["accepted"]:
            raise Stuck(f"A small page started {answer['case']}.")
    running = [each async for each in scene.here.cases.summaries()]
    if running:
        raise Stuck(f"{len(running)} cases run after small pages only.")
    morning = datetime.combine(day, time(12), scene.zone)
    scene.narrator.say(morning, f"{SMALL_PAGES} small pages resolved; nothing started")


async def a_sev1_is_resolved(scene: Scene) -> None:
    """Resolve the sev1 through a signed webhook."""
    example = scene.example
    await _busy_until_the_holiday(scene)
    answer = await scene.webhook(example.body())
    scene.here.case_id = answer["case"]
    scene.narrator.say(
        example.resolved_at, f"sev1 resolved: {example.told['title']} ({answer['case']})"
    )


async def the_worker_is_killed_while_it_books(scene: Scene) -> None:
    """Kill the worker between the booking and its answer; there is one event."""
    here, narrator = scene.here, scene.narrator
    path = "/calendar/v3/calendars/[^/]+/events$"
    slow = {"method": "POST", "path_regex": path, "times": 1, "kind": "delay_after"}
    await here.tell("faults", [{**slow, "seconds": 30}])
    await here.until(scene.example.resolved_at)
    await _until(lambda: _has_events(scene), "No event was booked.")
    here.stack.kill_worker()
    await narrator.now("the worker is killed while it books the meeting")
    await here.simulator.delete("/simulator/faults")
    await here.stack.start_worker()
    await _until(lambda: _is_booked(scene), "The new worker did not finish the booking.")
    events = await here.told("events", calendar=CALENDAR)
    if len(events) != 1:
        raise Stuck(f"There are {len(events)} events.")
    await narrator.now("a new worker takes over; there is one event in the calendar")
    await _the_webhook_comes_again(scene)
    await _tell_the_time_found(scene)
    await narrator.news()


async def _the_webhook_comes_again(scene: Scene) -> None:
    again = await scene.webhook(scene.example.body())
    if again["case"] != scene.here.case_id:
        raise Stuck("The same webhook reached another case.")
    await scene.narrator.now("the webhook comes a second time and changes nothing")


async def _tell_the_time_found(scene: Scene) -> None:
    days = scene.directory.holidays[HOME_HOLIDAYS]
    holiday = min(day for day in days if day > scene.example.day)
    case = await scene.case()
    meeting, limit = case.meeting, meeting_limit(case)
    if meeting.start is None or limit is None:
        raise Stuck("No time was found for the meeting.")
    await scene.narrator.now(
        f"{shown_day(holiday)} is {days[holiday]}, a public holiday: the limit of 3 business "
        f"days is {scene.shown(limit)}; the meeting is held for "
        f"{scene.shown(meeting.start)}"
    )


async def _busy_until_the_holiday(scene: Scene) -> None:
    """Let the commander travel until the holiday, so that the time found lies behind it."""
    days = scene.directory.holidays[HOME_HOLIDAYS]
    day = scene.example.day + timedelta(days=1)
    while day not in days:
        await scene.here.tell(
            "busy",
            {
                "calendar": scene.here.email("joana-neves"),
                "start": datetime.combine(day, time(7), scene.zone).isoformat(),
                "end": datetime.combine(day, time(20), scene.zone).isoformat(),
                "summary": "Travelling",
            },
        )
        day += timedelta(days=1)


async def _has_events(scene: Scene) -> bool:
    return bool(await scene.here.told("events", calendar=CALENDAR))


async def _is_booked(scene: Scene) -> bool:
    return (await scene.case()).done("event")


async def _until(is_so: Callable[[], Awaitable[bool]], otherwise: str) -> None:
    until = asyncio.get_running_loop().time() + _BOOKED_WITHIN
    while not await is_so():
        if asyncio.get_running_loop().time() > until:
            raise Stuck(otherwise)
        await asyncio.sleep(_A_MOMENT)
