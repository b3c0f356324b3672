"""The demo's story: one incident from resolved to closed, played through people's own doors."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from random import Random

from demo.artifacts import keep
from demo.chapters.confirming import one_team_says_nothing
from demo.chapters.finding_an_owner import the_second_nominee_accepts
from demo.chapters.following_through import tickets_are_finished
from demo.chapters.holding_the_meeting import the_meeting_decides
from demo.chapters.preparing import people_write, somebody_moves_the_event, the_pre_read_goes_out
from demo.chapters.resolving import (
    a_sev1_is_resolved,
    small_pages_start_nothing,
    the_worker_is_killed_while_it_books,
)
from demo.chapters.telling_customers import (
    the_liaison_approves_and_posts,
    the_owner_drafts_the_message,
)
from demo.scene import Scene
from demo.table import table
from devstack.environment import emptied, environment

Chapter = Callable[[Scene], Awaitable[None]]

CHAPTERS: tuple[Chapter, ...] = (
    small_pages_start_nothing,
    a_sev1_is_resolved,
    the_worker_is_killed_while_it_books,
    the_second_nominee_accepts,
    people_write,
    somebody_moves_the_event,
    the_pre_read_goes_out,
    the_meeting_decides,
    one_team_says_nothing,
    the_owner_drafts_the_message,
    the_liaison_approves_and_posts,
    tickets_are_finished,
)


class Story:
    """Chapters, played one after the other on one scene."""

    def __init__(self, scene: Scene, chapters: Sequence[Chapter] = CHAPTERS) -> None:
        self.scene = scene
        self._ahead = list(chapters)

    async def play(self, *, up_to: Chapter | None = None) -> None:
        """Play the chapters ahead, up to and with this one or to the end."""
        while self._ahead:
            chapter = self._ahead.pop(0)
            await chapter(self.scene)
            if chapter is up_to:
                return


async def play(folder: Path, *, record: Path | None, seed: int) -> None:
    """Start everything, play the story, leave the artifacts, and end everything."""
    running = emptied(folder / "running")
    print("Starting Temporal, the simulated Google, Jira and SendGrid, the pages and a worker …")
    async with environment(running, record=record) as here:
        print(f"  Temporal UI  {here.stack.temporal_ui_url}")
        print(f"  simulator    {here.stack.simulator_url}")
        print(f"  pages        {here.stack.web_url}\n", flush=True)
        await Story(Scene(here, Random(seed))).play()
        await keep(here, folder)
        print(await table(here))
        print(f"\nLeft in {folder}/: open {folder}/index.html")
        print(
            f"Live until now: {here.stack.temporal_ui_url} (Temporal UI), "
            f"{here.stack.simulator_url} (calendar, documents, inbox, tickets), "
            f"{here.stack.web_url} (pages). `aftermath dev` keeps them running."
        )
