"""The story's beginning: small pages, one sev1, a booking that survives, an owner."""

import asyncio
from datetime import datetime, time, timedelta

from demo.example import small_pages
from demo.people import Stuck
from demo.scene import HOME_HOLIDAYS, Scene
from devstack.variables import CALENDAR
from domain.calendar.instants import shown_day
from domain.case import Case

SMALL_PAGES = 40
_A_MOMENT = 0.05
_BOOKED_WITHIN = 40.0


class Beginning(Scene):
    """From forty small pages to an owner."""

    async def small_pages(self) -> None:
        """Resolve forty small pages; they start nothing."""
        day = self.example.day
        for body in small_pages(self.dice, day, SMALL_PAGES):
            answer = await self.webhook(body)
            if answer["accepted"]:
                raise Stuck(f"A small page started {answer['case']}.")
        running = [each async for each in self.here.cases.summaries()]
        if running:
            raise Stuck(f"{len(running)} cases run after small pages only.")
        morning = datetime.combine(day, time(12), self.zone)
        self.narrator.say(morning, f"{SMALL_PAGES} small pages resolved; nothing started")

    async def resolved(self) -> None:
        """Resolve the sev1 through a signed webhook."""
        example = self.example
        await self._busy_until_the_holiday()
        answer = await self.webhook(example.body())
        self.here.case_id = answer["case"]
        self.narrator.say(
            example.resolved_at, f"sev1 resolved: {example.told['title']} ({answer['case']})"
        )

    async def booked_although_killed(self) -> None:
        """Kill the worker between the booking and its answer; there is one event."""
        path = "/calendar/v3/calendars/[^/]+/events$"
        slow = {"method": "POST", "path_regex": path, "times": 1, "kind": "delay_after"}
        await self.here.tell("faults", [{**slow, "seconds": 30}])
        await self.here.until(self.example.resolved_at)
        await self._wait_for_events(1)
        self.here.stack.kill_worker()
        await self.narrator.now("the worker is killed while it books the meeting")
        await self.here.simulator.delete("/simulator/faults")
        await self.here.stack.start_worker()
        case = await self._wait_until_booked()
        events = len(await self.here.told("events", calendar=CALENDAR))
        if events != 1:
            raise Stuck(f"There are {events} events.")
        again = await self.webhook(self.example.body())
        if again["case"] != self.here.case_id:
            raise Stuck("The same webhook reached another case.")
        await self.narrator.now("a new worker takes over; there is one event in the calendar")
        await self.narrator.now("the webhook comes a second time and changes nothing")
        await self._tell_the_time_found(case)
        await self.narrator.news()

    async def _tell_the_time_found(self, case: Case) -> None:
        days = self.directory.holidays[HOME_HOLIDAYS]
        holiday = min(day for day in days if day > self.example.day)
        start, limit = case.meeting.start, case.meeting.limit
        if start is None or limit is None:
            raise Stuck("No time was found for the meeting.")
        await self.narrator.now(
            f"{shown_day(holiday)} is {days[holiday]}, a public holiday: the limit of 3 business "
            f"days is {self.shown(limit)}; the meeting is held for {self.shown(start)}"
        )

    async def owned(self) -> None:
        """Let the first nominee decline and the second accept; the booking stays."""
        before = (await self.here.case()).meeting.start
        first = await self.nominee()
        await self.here.forward(timedelta(minutes=25))
        await first.does("nomination", "accept_ownership", answer="no", reason="I am on leave soon")
        await self.narrator.now(f"{first.name} cannot own it; the booking stays as it is")
        await self.narrator.news()
        second = await self.nominee()
        await self.here.forward(timedelta(minutes=15))
        await second.does("nomination", "accept_ownership", answer="yes")
        case = await self.here.case()
        if case.meeting.start != before:
            raise Stuck("The meeting moved although only the owner changed.")
        await self.narrator.now(
            f"{second.name} owns it; the invitation goes to {len(case.meeting.invited)} people"
        )
        for person in case.meeting.invited[:4]:
            await self.person(person).answers_invitation("accepted")
        await self.narrator.news()

    async def _busy_until_the_holiday(self) -> None:
        """The commander travels until the holiday, so that the time found lies behind it."""
        days = self.directory.holidays[HOME_HOLIDAYS]
        day = self.example.day + timedelta(days=1)
        while day not in days:
            await self.here.tell(
                "busy",
                {
                    "calendar": self.here.email("joana-neves"),
                    "start": datetime.combine(day, time(7), self.zone).isoformat(),
                    "end": datetime.combine(day, time(20), self.zone).isoformat(),
                    "summary": "Travelling",
                },
            )
            day += timedelta(days=1)

    async def _wait_for_events(self, count: int) -> None:
        until = asyncio.get_running_loop().time() + _BOOKED_WITHIN
        while len(await self.here.told("events", calendar=CALENDAR)) < count:
            if asyncio.get_running_loop().time() > until:
                raise Stuck("No event was booked.")
            await asyncio.sleep(_A_MOMENT)

    async def _wait_until_booked(self) -> Case:
        until = asyncio.get_running_loop().time() + _BOOKED_WITHIN
        while True:
            case = await self.here.case()
            if case.done("event"):
                return case
            if asyncio.get_running_loop().time() > until:
                raise Stuck("The new worker did not finish the booking.")
            await asyncio.sleep(_A_MOMENT)
