"""The story's end: who is late, what customers are told, and tickets until they are done."""

import asyncio
from datetime import datetime, timedelta

from demo.people import Person, Stuck
from demo.scene import Scene
from devstack.link_scanner import scan
from domain.case import Case
from domain.people import home_team

_A_MOMENT = 0.05


class End(Scene):
    """From the teams' confirmations to the closed case."""

    async def confirmed_late(self) -> None:
        """One team answers at once, the other is late: reminded once, then the manager told."""
        owner = await self.owner()
        await owner.does("message-draft", "draft_external_message", **self.example.told["message"])
        await self.narrator.now(f"{owner.name} drafts the customer message")
        await self.here.forward(timedelta(minutes=40))
        prompt, late = self._confirmers(await self.here.case())
        await self._confirms(prompt)
        await self.here.until(self._after_one_business_day(await self.here.case()))
        await self.narrator.news()
        await self._confirms(late)
        await self.narrator.news()

    async def _confirms(self, leader: Person) -> None:
        waiting = [
            item.id
            for item in (await self.here.case()).items
            if item.accepted and item.confirmation is None and self.leads(leader.id, item.team)
        ]
        await leader.does(
            "confirmation",
            "confirm_action_item",
            **{f"answer-{each}": "confirm" for each in waiting},
        )
        tickets = [
            item.issue.key
            for item in (await self.here.case()).items
            if item.issue and item.id in waiting
        ]
        await self.narrator.now(
            f"{leader.name} confirms {', '.join(waiting)}; tickets opened: {', '.join(tickets)}"
        )

    def _confirmers(self, case: Case) -> tuple[Person, Person]:
        home = home_team(case)
        if home is None or case.directory is None:
            raise Stuck("The incident has no home team.")
        teams = {item.team for item in case.items if item.accepted and not item.confirmation}
        others = [case.directory.teams[each] for each in sorted(teams - {home.id})]
        return self.person(home.engineering_manager), self.person(others[0].engineering_manager)

    def _after_one_business_day(self, case: Case) -> datetime:
        held = case.meeting.held_at
        if held is None:
            raise Stuck("The meeting was not held.")
        return self.next_morning(held, held.astimezone(self.zone).time()) + timedelta(hours=2)

    async def approved(self) -> None:
        """Scan the link like a mail filter, ask for a change, approve, post."""
        liaison = self.person("beatriz-leal")
        link = await liaison.link("approval")
        before = (await self.here.case()).message
        presses = await scan(self.here.browser, link, self.dice)
        after = (await self.here.case()).message
        decided = after.approval.decision if after.approval else None
        if decided or before.text != after.text:
            raise Stuck("A mail scanner decided about the customer message.")
        await self.narrator.now(
            f"a mail scanner opens the liaison's link and presses everything, {presses} times: "
            "nothing changes"
        )
        await self.here.forward(timedelta(minutes=30))
        await self._asks_for_a_change(liaison, link)
        new_link, code = await liaison.link("approval"), await liaison.code()
        answer = await liaison.posts(new_link, "", {"decision": "approved", "code": code})
        if "approved" not in answer.text.lower():
            raise Stuck(f"The page does not say that the text was approved: {answer.text[:200]}")
        await self.narrator.now(
            f"{liaison.name} approves exactly this text; it is held back 10 min"
        )
        await self.here.forward(timedelta(minutes=11))
        await self.narrator.news()
        await liaison.does(
            "posting", "mark_posted", url="https://status.example.com/incidents/1907"
        )
        await self.narrator.now(f"{liaison.name} has posted the customer message")
        await self.narrator.news()

    async def _asks_for_a_change(self, liaison: Person, link: str) -> None:
        told = self.example.told
        change = {"decision": "changes", "comment": told["change_asked"]}
        await liaison.posts(link, "", {**change, "code": await liaison.code()})
        await self.narrator.now(f"{liaison.name} asks for a change: “{told['change_asked']}”")
        await self.here.forward(timedelta(minutes=20))
        await self.narrator.news()
        owner = await self.owner()
        revised = {**told["message"], "summary": told["revised_summary"]}
        await owner.does("message-draft", "draft_external_message", **revised)
        await self.narrator.now(f"{owner.name} revises the text")
        await self.narrator.news()
        old = await self.here.browser.open(link)
        if "superseded" not in old.text.lower():
            raise Stuck(f"The old link does not say “superseded”: {old.text[:200]}")
        await self.narrator.now("the link of the first mail now says “superseded”")

    async def followed_through(self) -> None:
        """Finish tickets in Jira; who is done is left alone, who lies still is asked."""
        case = await self.here.case()
        tickets = [item.issue.key for item in case.items if item.issue]
        first, *others = tickets
        await self.here.forward(timedelta(days=3))
        await self._moves_ticket(first, "Done")
        before = len(self.narrator.mails)
        await self.here.forward(timedelta(days=4))
        prompt, *lying = others
        await self._moves_ticket(prompt, "Done")
        await self.here.forward(timedelta(days=14))
        await self.narrator.news()
        texts = [mail["text"] for mail in self.narrator.mails[before:]]
        if any(first in text for text in texts):
            raise Stuck(f"{first} is done, and yet somebody was asked about it.")
        await self.narrator.now(f"{first} was not chased; {', '.join(lying)} was")
        for ticket in lying:
            await self._moves_ticket(ticket, "Done")
            await self.here.forward(timedelta(hours=3))
        await self._wait_until_closed()

    async def _moves_ticket(self, key: str, to: str) -> None:
        await self.here.press(f"/tickets/{key}/transition", to=to)
        await self.narrator.now(f"{key} is moved to {to} in Jira")
        for _ in range(100):
            case = await self.here.case()
            seen = next(i.issue for i in case.items if i.issue and i.issue.key == key)
            if seen.state != "open":
                return
            await asyncio.sleep(_A_MOMENT)
        raise Stuck(f"Jira's webhook about {key} did not arrive.")

    async def _wait_until_closed(self) -> None:
        for _ in range(200):
            if not await self.here.cases.is_open(self.here.case_id):
                closed = (await self.here.case()).closed_at
                if closed is not None:
                    self.narrator.say(
                        closed, "everything is done: the record is written, the case closed"
                    )
                    return
            await asyncio.sleep(_A_MOMENT)
        raise Stuck("The case did not close.")
