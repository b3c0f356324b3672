"""What every chapter of the demo's story can reach."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from demo.example import Example, signed, tuesday_before_a_holiday
from demo.narrator import Narrator
from demo.people import Person
from devstack.environment import PAGERDUTY_SECRET, Environment
from domain.calendar.directory_snapshot import DirectorySnapshot
from domain.case import Case

HOME = "Europe/Lisbon"
HOME_HOLIDAYS = "PT"
NEIGHBOURS_HOLIDAYS = "GB-ENG"
FRIDAY = 4


class Scene:
    """The environment of the story, its narrator, the example, and who is who."""

    def __init__(self, here: Environment, dice: Random) -> None:
        self.here = here
        self.dice = dice
        self.narrator = Narrator(here, HOME)
        self.directory = here.directory.snapshot(datetime.now(ZoneInfo(HOME)))
        self.example = Example.read(_tuesday(self.directory))
        self.zone = ZoneInfo(HOME)

    async def case(self) -> Case:
        """Return the case as it stands."""
        return await self.here.case()

    async def nominee(self) -> Person:
        """Return who is being asked to own it."""
        await self.here.settle()
        return self.person((await self.case()).ownership.nominee or "")

    async def owner(self) -> Person:
        """Return who owns it."""
        return self.person((await self.case()).ownership.owner or "")

    def person(self, id_: str) -> Person:
        """Return somebody by id."""
        return Person(self.here, id_)

    def leads(self, person: str, team: str) -> bool:
        """Tell whether somebody manages a team."""
        return self.directory.teams[team].engineering_manager == person

    def next_morning(self, instant: datetime, at: time) -> datetime:
        """Return a time of day on the next business day of the home office."""
        day = instant.astimezone(self.zone).date() + timedelta(days=1)
        while day.weekday() > FRIDAY or day in self.directory.holidays[HOME_HOLIDAYS]:
            day += timedelta(days=1)
        return datetime.combine(day, at, self.zone)

    def shown(self, instant: datetime) -> str:
        """Write an instant on the home office's clocks."""
        return f"{instant.astimezone(self.zone):%a %-d %b %H:%M}"

    async def webhook(self, body: dict[str, object]) -> dict[str, str]:
        """Deliver a webhook, signed, and return what was answered."""
        raw, headers = signed(body, PAGERDUTY_SECRET)
        answer = await self.here.web.post("/webhooks/pagerduty", content=raw, headers=headers)
        told: dict[str, str] = answer.raise_for_status().json()
        return told


def _tuesday(snapshot: DirectorySnapshot) -> date:
    """Choose a coming Tuesday with a holiday on the Thursday or Friday after it."""
    return tuesday_before_a_holiday(
        datetime.now(ZoneInfo(HOME)).date(),
        set(snapshot.holidays[HOME_HOLIDAYS]),
        others=set(snapshot.holidays[NEIGHBOURS_HOLIDAYS]),
    )
