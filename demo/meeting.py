"""The story's middle: people write, somebody moves the meeting, and it takes place."""

from datetime import time, timedelta
from urllib.parse import urlsplit

from demo.people import Stuck
from demo.scene import Scene


class Middle(Scene):
    """From the empty document to the decisions."""

    async def written(self) -> None:
        """People write in the document; nobody types anything twice."""
        told = self.example.told
        await self.here.until(self.next_morning(await self.here.now(), time(10)))
        owner = await self.owner()
        late = set(told["left_empty_at_first"])
        for heading, text in told["sections"].items():
            if heading not in late:
                await owner.writes(heading, text)
        for heading, to in told["renamed"].items():
            await owner.renames(heading, to)
        await self.narrator.now(
            f"{owner.name} writes {len(told['sections']) - len(late)} sections, and renames one"
        )
        for item in told["action_items"]:
            cells = ("text", "type", "priority", "team", "done_when")
            await owner.types_row(["", *(item[cell] for cell in cells), ""])
        await self.here.until(self.next_morning(await self.here.now(), time(9, 30)))
        await self.narrator.now(
            f"{owner.name} has typed {len(told['action_items'])} rows into the document's table"
        )

    async def moved(self) -> None:
        """Move the event where people do: in the calendar."""
        case = await self.here.case()
        start, end, limit = case.meeting.start, case.meeting.end, case.meeting.limit
        if start is None or end is None or limit is None:
            raise Stuck("There is no meeting to move.")
        later = timedelta(hours=1, minutes=30)
        new = start + later if end + later <= limit else start - later
        old_pre_read, new_pre_read = start - timedelta(hours=24), new - timedelta(hours=24)
        path = urlsplit(case.meeting.url).path
        await self.here.press(
            f"{path}/move", start=new.isoformat(), end=(new + (end - start)).isoformat()
        )
        await self.narrator.now(
            f"somebody moves the event in the calendar: {self.shown(start)} → {self.shown(new)}"
        )
        await self.here.until(min(old_pre_read, new_pre_read) - timedelta(minutes=5))
        if old_pre_read < new_pre_read:
            await self.here.until(old_pre_read + timedelta(minutes=5))
        seen = (await self.here.case()).meeting.start
        if seen != new:
            raise Stuck("The new time in the calendar was not noticed.")
        await self.narrator.now(f"everything follows: the pre-read goes {self.shown(new_pre_read)}")

    async def pre_read(self) -> None:
        """Wait for the pre-read, then complete what it named as missing."""
        case = await self.here.case()
        if case.meeting.start is None or case.meeting.end is None:
            raise Stuck("There is no meeting to prepare.")
        await self.here.until(case.meeting.start - timedelta(hours=24) + timedelta(minutes=1))
        await self.narrator.news()
        owner = await self.owner()
        await owner.posts(await owner.steps(), "propose_action_items", {})
        await self.narrator.now(f"{owner.name} confirms the proposals of the document with a click")
        for heading in self.example.told["left_empty_at_first"]:
            await owner.writes(heading, self.example.told["sections"][heading])
        await self.narrator.now(f"{owner.name} fills in what was missing")
        await self.here.until(case.meeting.end + timedelta(minutes=1))
        await self.narrator.news()

    async def decided(self) -> None:
        """Record the meeting and its verdicts on the facilitator's page."""
        case = await self.here.case()
        chair = self.person(case.meeting.facilitator or "")
        await chair.does("after-meeting", "record_meeting", held="yes", facts_agreed="yes")
        fields: dict[str, str] = {}
        for item in (await self.here.case()).items:
            fields |= self._verdict(item.id, item.text)
        await chair.posts(await chair.steps(), "decide", fields)
        case = await self.here.case()
        for item in case.items:
            if item.decision is not None:
                reason = f": {item.decision.reason}" if item.decision.reason else ""
                text = f"{item.id} {item.decision.verdict}, {item.priority} {item.team}{reason}"
                await self.narrator.now(text)
        await self.narrator.news()

    def _verdict(self, id_: str, text: str) -> dict[str, str]:
        wanted = next(each for each in self.example.told["action_items"] if each["text"] == text)
        days = wanted.get("revisit_after_days")
        revisit = (self.example.day + timedelta(days=days)).isoformat() if days else ""
        return {
            f"verdict-{id_}": wanted["verdict"],
            f"decided_by-{id_}": wanted["decided_by"],
            f"reason-{id_}": wanted.get("reason", ""),
            f"consequence-{id_}": wanted.get("consequence", ""),
            f"revisit-{id_}": revisit,
        }
