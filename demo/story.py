"""The demo's story: one incident from resolved to closed, played through people's own doors."""

from pathlib import Path
from random import Random

from demo.artifacts import keep
from demo.closing import End
from demo.finding_an_owner import Beginning
from demo.meeting import Middle
from demo.table import table
from devstack.environment import emptied, environment


async def play(folder: Path, *, record: Path | None, seed: int) -> None:
    """Start everything, play the story, leave the artifacts, and end everything."""
    running = emptied(folder / "running")
    print("Starting Temporal, the simulated Google, Jira and SendGrid, the pages and a worker …")
    async with environment(running, record=record) as here:
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


class Story(Beginning, Middle, End):
    """Who does what, chapter by chapter."""

    async def told(self) -> None:
        """Tell the whole story."""
        await self.small_pages()
        await self.resolved()
        await self.booked_although_killed()
        await self.owned()
        await self.written()
        await self.moved()
        await self.pre_read()
        await self.decided()
        await self.confirmed_late()
        await self.approved()
        await self.followed_through()
