"""The demo's story: one incident from resolved to closed, played through people's own doors."""

import asyncio
import shutil
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from demo.example import Example, signed, small_pages, tuesday_before_a_holiday
from demo.keepsakes import keep
from demo.narrator import Narrator
from demo.people import Person, Stuck
from demo.robots import scan
from demo.stack import CALENDAR
from demo.table import table
from demo.town import PAGERDUTY_SECRET, Town, town
from domain.almanac import Almanac
from domain.case import Case
from domain.instants import shown_day
from domain.people import home_team

HOME = "Europe/Lisbon"
HOME_HOLIDAYS = "PT"
NEIGHBOURS_HOLIDAYS = "GB-ENG"
SMALL_PAGES = 40
_A_MOMENT = 0.05
_BOOKED_WITHIN = 40.0


async def play(folder: Path, *, record: Path | None, seed: int) -> None:
    """Start everything, play the story, leave the keepsakes, and end everything."""
    fresh(folder)
    print("Starting Temporal, the simulated Google, Jira and SendGrid, the pages and a worker …")
    async with town(folder / "running", record=record) as here:
        print(f"  Temporal UI  {here.stack.temporal_ui_url}")
        print(f"  simulator    {here.stack.simulator_url}")
        print(f"  pages        {here.stack.web_url}\n", flush=True)
        story = Story(here, Random(seed))
        await story.told()
        await keep(here, folder)
        print(await table(here))
        print(f"\nLeft in {folder}/: open {folder}/index.html")
        print(
            f"Live until now: {here.stack.temporal_ui_url} (Temporal UI), "
            f"{here.stack.simulator_url} (calendar, documents, inbox, tickets), "
            f"{here.stack.web_url} (pages). `aftermath dev` keeps them running."
        )


def fresh(folder: Path) -> None:
    """Begin with an empty world: nothing of an earlier run is found again."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in ("running", "mails"):
        shutil.rmtree(folder / each, ignore_errors=True)


class Story:
    """Who does what, chapter by chapter."""

    def __init__(self, here: Town, dice: Random) -> None:
        self._town = here
        self._dice = dice
        self._narrator = Narrator(here, HOME)
        self._almanac = here.directory.almanac(datetime.now(ZoneInfo(HOME)))
        self._example = Example.read(_tuesday(here))
        self._zone = ZoneInfo(HOME)

    async def told(self) -> None:
        """Tell the whole story."""
        await self._small_pages()
        await self._resolved()
        await self._booked_although_killed()
        await self._owned()
        await self._written()
        await self._moved()
        await self._pre_read()
        await self._decided()
        await self._confirmed_late()
        await self._approved()
        await self._followed_through()

    async def _small_pages(self) -> None:
        day = self._example.day
        for body in small_pages(self._dice, day, SMALL_PAGES):
            answer = await self._webhook(body)
            if answer["accepted"]:
                raise Stuck(f"A small page started {answer['case']}.")
        running = [each async for each in self._town.cases.summaries()]
        if running:
            raise Stuck(f"{len(running)} cases run after small pages only.")
        morning = datetime.combine(day, time(12), self._zone)
        self._narrator.say(morning, f"{SMALL_PAGES} small pages resolved; nothing started")

    async def _resolved(self) -> None:
        example = self._example
        await self._busy_until_the_holiday()
        answer = await self._webhook(example.body())
        self._town.case_id = answer["case"]
        self._narrator.say(
            example.resolved_at, f"sev1 resolved: {example.told['title']} ({answer['case']})"
        )

    async def _booked_although_killed(self) -> None:
        """Kill the worker between the booking and its answer; there is one event."""
        path = "/calendar/v3/calendars/[^/]+/events$"
        slow = {"method": "POST", "path_regex": path, "times": 1, "kind": "delay_after"}
        await self._town.tell("faults", [{**slow, "seconds": 30}])
        await self._town.until(self._example.resolved_at)
        await self._wait_for_events(1)
        self._town.stack.kill_worker()
        await self._narrator.now("the worker is killed while it books the meeting")
        await self._town.simulator.delete("/simulator/faults")
        await self._town.stack.start_worker()
        case = await self._wait_until_booked()
        events = len(await self._town.told("events", calendar=CALENDAR))
        if events != 1:
            raise Stuck(f"There are {events} events.")
        again = await self._webhook(self._example.body())
        if again["case"] != self._town.case_id:
            raise Stuck("The same webhook reached another case.")
        await self._narrator.now("a new worker takes over; there is one event in the calendar")
        await self._narrator.now("the webhook comes a second time and changes nothing")
        await self._tell_the_time_found(case)
        await self._narrator.news()

    async def _tell_the_time_found(self, case: Case) -> None:
        days = self._almanac.holidays[HOME_HOLIDAYS]
        holiday = min(day for day in days if day > self._example.day)
        start, limit = case.meeting.start, case.meeting.limit
        if start is None or limit is None:
            raise Stuck("No time was found for the meeting.")
        await self._narrator.now(
            f"{shown_day(holiday)} is {days[holiday]}, a public holiday: the limit of 3 business "
            f"days is {self._shown(limit)}; the meeting is held for {self._shown(start)}"
        )

    async def _owned(self) -> None:
        before = (await self._town.case()).meeting.start
        first = await self._nominee()
        await self._town.forward(timedelta(minutes=25))
        await first.does("nomination", "accept_ownership", answer="no", reason="I am on leave soon")
        await self._narrator.now(f"{first.name} cannot own it; the booking stays as it is")
        await self._narrator.news()
        second = await self._nominee()
        await self._town.forward(timedelta(minutes=15))
        await second.does("nomination", "accept_ownership", answer="yes")
        case = await self._town.case()
        if case.meeting.start != before:
            raise Stuck("The meeting moved although only the owner changed.")
        await self._narrator.now(
            f"{second.name} owns it; the invitation goes to {len(case.meeting.invited)} people"
        )
        for person in case.meeting.invited[:4]:
            await self._person(person).answers_invitation("accepted")
        await self._narrator.news()

    async def _written(self) -> None:
        """People write in the document; nobody types anything twice."""
        told = self._example.told
        await self._town.until(self._next_morning(await self._town.now(), time(10)))
        owner = await self._owner()
        late = set(told["left_empty_at_first"])
        for heading, text in told["sections"].items():
            if heading not in late:
                await owner.writes(heading, text)
        for heading, to in told["renamed"].items():
            await owner.renames(heading, to)
        await self._narrator.now(
            f"{owner.name} writes {len(told['sections']) - len(late)} sections, and renames one"
        )
        for item in told["action_items"]:
            cells = ("text", "type", "priority", "team", "done_when")
            await owner.types_row(["", *(item[cell] for cell in cells), ""])
        await self._town.until(self._next_morning(await self._town.now(), time(9, 30)))
        await self._narrator.now(
            f"{owner.name} has typed {len(told['action_items'])} rows into the document's table"
        )

    async def _moved(self) -> None:
        """Move the event where people do: in the calendar."""
        case = await self._town.case()
        start, end, limit = case.meeting.start, case.meeting.end, case.meeting.limit
        if start is None or end is None or limit is None:
            raise Stuck("There is no meeting to move.")
        later = timedelta(hours=1, minutes=30)
        new = start + later if end + later <= limit else start - later
        old_pre_read, new_pre_read = start - timedelta(hours=24), new - timedelta(hours=24)
        path = urlsplit(case.meeting.url).path
        await self._town.press(
            f"{path}/move", start=new.isoformat(), end=(new + (end - start)).isoformat()
        )
        await self._narrator.now(
            f"somebody moves the event in the calendar: {self._shown(start)} → {self._shown(new)}"
        )
        await self._town.until(min(old_pre_read, new_pre_read) - timedelta(minutes=5))
        if old_pre_read < new_pre_read:
            await self._town.until(old_pre_read + timedelta(minutes=5))
        seen = (await self._town.case()).meeting.start
        if seen != new:
            raise Stuck("The new time in the calendar was not noticed.")
        await self._narrator.now(
            f"everything follows: the pre-read goes {self._shown(new_pre_read)}"
        )

    async def _pre_read(self) -> None:
        case = await self._town.case()
        if case.meeting.start is None or case.meeting.end is None:
            raise Stuck("There is no meeting to prepare.")
        await self._town.until(case.meeting.start - timedelta(hours=24) + timedelta(minutes=1))
        await self._narrator.news()
        owner = await self._owner()
        await owner.posts(await owner.steps(), "propose_action_items", {})
        await self._narrator.now(
            f"{owner.name} confirms the proposals of the document with a click"
        )
        for heading in self._example.told["left_empty_at_first"]:
            await owner.writes(heading, self._example.told["sections"][heading])
        await self._narrator.now(f"{owner.name} fills in what was missing")
        await self._town.until(case.meeting.end + timedelta(minutes=1))
        await self._narrator.news()

    async def _decided(self) -> None:
        case = await self._town.case()
        chair = self._person(case.meeting.facilitator or "")
        await chair.does("after-meeting", "record_meeting", held="yes", facts_agreed="yes")
        fields: dict[str, str] = {}
        for item in (await self._town.case()).items:
            fields |= self._verdict(item.id, item.text)
        await chair.posts(await chair.steps(), "decide", fields)
        case = await self._town.case()
        for item in case.items:
            if item.decision is not None:
                reason = f": {item.decision.reason}" if item.decision.reason else ""
                text = f"{item.id} {item.decision.verdict}, {item.priority} {item.team}{reason}"
                await self._narrator.now(text)
        await self._narrator.news()

    def _verdict(self, id_: str, text: str) -> dict[str, str]:
        wanted = next(each for each in self._example.told["action_items"] if each["text"] == text)
        days = wanted.get("revisit_after_days")
        revisit = (self._example.day + timedelta(days=days)).isoformat() if days else ""
        return {
            f"verdict-{id_}": wanted["verdict"],
            f"decided_by-{id_}": wanted["decided_by"],
            f"reason-{id_}": wanted.get("reason", ""),
            f"consequence-{id_}": wanted.get("consequence", ""),
            f"revisit-{id_}": revisit,
        }

    async def _confirmed_late(self) -> None:
        """One team answers at once, the other is late: reminded once, then the manager told."""
        owner = await self._owner()
        await owner.does("message-draft", "draft_external_message", **self._example.told["message"])
        await self._narrator.now(f"{owner.name} drafts the customer message")
        await self._town.forward(timedelta(minutes=40))
        prompt, late = self._confirmers(await self._town.case())
        await self._confirms(prompt)
        await self._town.until(self._after_one_business_day(await self._town.case()))
        await self._narrator.news()
        await self._confirms(late)
        await self._narrator.news()

    async def _confirms(self, leader: Person) -> None:
        waiting = [
            item.id
            for item in (await self._town.case()).items
            if item.accepted and item.confirmation is None and self._leads(leader.id, item.team)
        ]
        await leader.does(
            "confirmation",
            "confirm_action_item",
            **{f"answer-{each}": "confirm" for each in waiting},
        )
        tickets = [
            item.issue.key
            for item in (await self._town.case()).items
            if item.issue and item.id in waiting
        ]
        await self._narrator.now(
            f"{leader.name} confirms {', '.join(waiting)}; tickets opened: {', '.join(tickets)}"
        )

    async def _approved(self) -> None:
        liaison = self._person("beatriz-leal")
        link = await liaison.link("approval")
        before = (await self._town.case()).message
        presses = await scan(self._town.browser, link, self._dice)
        after = (await self._town.case()).message
        decided = after.approval.decision if after.approval else None
        if decided or before.text != after.text:
            raise Stuck("A mail scanner decided about the customer message.")
        await self._narrator.now(
            f"a mail scanner opens the liaison's link and presses everything, {presses} times: "
            "nothing changes"
        )
        await self._town.forward(timedelta(minutes=30))
        await self._asks_for_a_change(liaison, link)
        new_link, code = await liaison.link("approval"), await liaison.code()
        answer = await liaison.posts(new_link, "", {"decision": "approved", "code": code})
        if "approved" not in answer.text.lower():
            raise Stuck(f"The page does not say that the text was approved: {answer.text[:200]}")
        await self._narrator.now(
            f"{liaison.name} approves exactly this text; it is held back 10 min"
        )
        await self._town.forward(timedelta(minutes=11))
        await self._narrator.news()
        await liaison.does(
            "posting", "mark_posted", url="https://status.example.com/incidents/1907"
        )
        await self._narrator.now(f"{liaison.name} has posted the customer message")
        await self._narrator.news()

    async def _asks_for_a_change(self, liaison: Person, link: str) -> None:
        told = self._example.told
        change = {"decision": "changes", "comment": told["change_asked"]}
        await liaison.posts(link, "", {**change, "code": await liaison.code()})
        await self._narrator.now(f"{liaison.name} asks for a change: “{told['change_asked']}”")
        await self._town.forward(timedelta(minutes=20))
        await self._narrator.news()
        owner = await self._owner()
        revised = {**told["message"], "summary": told["revised_summary"]}
        await owner.does("message-draft", "draft_external_message", **revised)
        await self._narrator.now(f"{owner.name} revises the text")
        await self._narrator.news()
        old = await self._town.browser.open(link)
        if "superseded" not in old.text.lower():
            raise Stuck(f"The old link does not say “superseded”: {old.text[:200]}")
        await self._narrator.now("the link of the first mail now says “superseded”")

    async def _followed_through(self) -> None:
        case = await self._town.case()
        tickets = [item.issue.key for item in case.items if item.issue]
        first, *others = tickets
        await self._town.forward(timedelta(days=3))
        await self._moves_ticket(first, "Done")
        before = len(self._narrator.mails)
        await self._town.forward(timedelta(days=2))
        prompt, *lying = others
        await self._moves_ticket(prompt, "Done")
        await self._town.forward(timedelta(days=14))
        await self._narrator.news()
        texts = [mail["text"] for mail in self._narrator.mails[before:]]
        if any(first in text for text in texts):
            raise Stuck(f"{first} is done, and yet somebody was asked about it.")
        await self._narrator.now(f"{first} was not chased; {', '.join(lying)} was")
        for ticket in lying:
            await self._moves_ticket(ticket, "Done")
            await self._town.forward(timedelta(hours=3))
        await self._wait_until_closed()

    async def _moves_ticket(self, key: str, to: str) -> None:
        await self._town.press(f"/tickets/{key}/transition", to=to)
        await self._narrator.now(f"{key} is moved to {to} in Jira")
        for _ in range(100):
            case = await self._town.case()
            seen = next(i.issue for i in case.items if i.issue and i.issue.key == key)
            if seen.state != "open":
                return
            await asyncio.sleep(_A_MOMENT)
        raise Stuck(f"Jira's webhook about {key} did not arrive.")

    async def _wait_until_closed(self) -> None:
        for _ in range(200):
            if not await self._town.cases.is_open(self._town.case_id):
                closed = (await self._town.case()).closed_at
                if closed is not None:
                    self._narrator.say(
                        closed, "everything is done: the record is written, the case closed"
                    )
                    return
            await asyncio.sleep(_A_MOMENT)
        raise Stuck("The case did not close.")

    async def _webhook(self, body: dict[str, object]) -> dict[str, str]:
        raw, headers = signed(body, PAGERDUTY_SECRET)
        answer = await self._town.web.post("/webhooks/pagerduty", content=raw, headers=headers)
        told: dict[str, str] = answer.raise_for_status().json()
        return told

    async def _busy_until_the_holiday(self) -> None:
        """The commander travels until the holiday, so that the time found lies behind it."""
        days = self._almanac.holidays[HOME_HOLIDAYS]
        day = self._example.day + timedelta(days=1)
        while day not in days:
            await self._town.tell(
                "busy",
                {
                    "calendar": self._town.email("joana-neves"),
                    "start": datetime.combine(day, time(7), self._zone).isoformat(),
                    "end": datetime.combine(day, time(20), self._zone).isoformat(),
                    "summary": "Travelling",
                },
            )
            day += timedelta(days=1)

    async def _wait_for_events(self, count: int) -> None:
        until = asyncio.get_running_loop().time() + _BOOKED_WITHIN
        while len(await self._town.told("events", calendar=CALENDAR)) < count:
            if asyncio.get_running_loop().time() > until:
                raise Stuck("No event was booked.")
            await asyncio.sleep(_A_MOMENT)

    async def _wait_until_booked(self) -> Case:
        until = asyncio.get_running_loop().time() + _BOOKED_WITHIN
        while True:
            case = await self._town.case()
            if case.done("event"):
                return case
            if asyncio.get_running_loop().time() > until:
                raise Stuck("The new worker did not finish the booking.")
            await asyncio.sleep(_A_MOMENT)

    async def _nominee(self) -> Person:
        await self._town.settle()
        return self._person((await self._town.case()).ownership.nominee or "")

    async def _owner(self) -> Person:
        return self._person((await self._town.case()).ownership.owner or "")

    def _person(self, id_: str) -> Person:
        return Person(self._town, id_)

    def _confirmers(self, case: Case) -> tuple[Person, Person]:
        home = home_team(case)
        if home is None or case.almanac is None:
            raise Stuck("The incident has no home team.")
        teams = {item.team for item in case.items if item.accepted and not item.confirmation}
        others = [case.almanac.teams[each] for each in sorted(teams - {home.id})]
        return self._person(home.engineering_manager), self._person(others[0].engineering_manager)

    def _leads(self, person: str, team: str) -> bool:
        return self._almanac.teams[team].engineering_manager == person

    def _after_one_business_day(self, case: Case) -> datetime:
        held = case.meeting.held_at
        if held is None:
            raise Stuck("The meeting was not held.")
        return self._next_morning(held, held.astimezone(self._zone).time()) + timedelta(hours=2)

    def _next_morning(self, instant: datetime, at: time) -> datetime:
        day = instant.astimezone(self._zone).date() + timedelta(days=1)
        while day.weekday() > 4 or day in self._almanac.holidays[HOME_HOLIDAYS]:  # noqa: PLR2004 - Friday
            day += timedelta(days=1)
        return datetime.combine(day, at, self._zone)

    def _shown(self, instant: datetime) -> str:
        return f"{instant.astimezone(self._zone):%a %-d %b %H:%M}"


def _tuesday(here: Town) -> date:
    """Choose a coming Tuesday with a holiday on the Thursday or Friday after it."""
    today = datetime.now(ZoneInfo(HOME))
    almanac: Almanac = here.directory.almanac(today)
    home = set(almanac.holidays[HOME_HOLIDAYS])
    return tuesday_before_a_holiday(
        today.date(), home, others=set(almanac.holidays[NEIGHBOURS_HOLIDAYS])
    )
