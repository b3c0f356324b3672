"""The meeting is prepared: people write, somebody moves the event, and the pre-read goes out."""

from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from demo.people import Stuck
from demo.scene import Scene
from domain.moments import meeting_limit

_PRE_READ_BEFORE = timedelta(hours=24)
_MOVED_BY = timedelta(hours=1, minutes=30)


async def people_write(scene: Scene) -> None:
    """Let people write in the document; nobody types anything twice."""
    told, narrator = scene.example.told, scene.narrator
    await _next_morning(scene, time(10))
    owner = await scene.owner()
    late = set(told["left_empty_at_first"])
    for heading, text in told["sections"].items():
        if heading not in late:
            await owner.writes(heading, text)
    for heading, to in told["renamed"].items():
        await owner.renames(heading, to)
    await narrator.now(
        f"{owner.name} writes {len(told['sections']) - len(late)} sections, and renames one"
    )
    for item in told["action_items"]:
        cells = ("text", "type", "priority", "team", "done_when")
        await owner.types_row(["", *(item[cell] for cell in cells), ""])
    await _next_morning(scene, time(9, 30))
    await narrator.now(
        f"{owner.name} has typed {len(told['action_items'])} rows into the document's table"
    )


async def somebody_moves_the_event(scene: Scene) -> None:
    """Move the event where people do: in the calendar."""
    here, narrator = scene.here, scene.narrator
    start, end = await _meeting_time(scene)
    case = await scene.case()
    meeting, limit = case.meeting, meeting_limit(case)
    fits = limit is not None and end + _MOVED_BY <= limit
    new = start + _MOVED_BY if fits else start - _MOVED_BY
    path = urlsplit(meeting.url).path
    await here.press(f"{path}/move", start=new.isoformat(), end=(new + (end - start)).isoformat())
    await narrator.now(
        f"somebody moves the event in the calendar: {scene.shown(start)} → {scene.shown(new)}"
    )
    await here.until(min(start, new) - _PRE_READ_BEFORE - timedelta(minutes=5))
    if start < new:
        await here.until(start - _PRE_READ_BEFORE + timedelta(minutes=5))
    if (await scene.case()).meeting.start != new:
        raise Stuck("The new time in the calendar was not noticed.")
    pre_read = scene.shown(new - _PRE_READ_BEFORE)
    await narrator.now(f"everything follows: the pre-read goes {pre_read}")


async def the_pre_read_goes_out(scene: Scene) -> None:
    """Wait for the pre-read, then complete what it named as missing."""
    here, narrator = scene.here, scene.narrator
    start, end = await _meeting_time(scene)
    await here.until(start - _PRE_READ_BEFORE + timedelta(minutes=1))
    await narrator.news()
    owner = await scene.owner()
    await owner.posts(await owner.steps(), "propose_action_items", {})
    await narrator.now(f"{owner.name} confirms the proposals of the document with a click")
    for heading in scene.example.told["left_empty_at_first"]:
        await owner.writes(heading, scene.example.told["sections"][heading])
    await narrator.now(f"{owner.name} fills in what was missing")
    await here.until(end + timedelta(minutes=1))
    await narrator.news()


async def _next_morning(scene: Scene, at: time) -> None:
    await scene.here.until(scene.next_morning(await scene.here.now(), at))


async def _meeting_time(scene: Scene) -> tuple[datetime, datetime]:
    meeting = (await scene.case()).meeting
    if meeting.start is None or meeting.end is None:
        raise Stuck("There is no meeting to prepare.")
    return meeting.start, meeting.end
