"""Customers are told: a draft, a change that the liaison asks for, an approval, and the post."""

from datetime import timedelta

from demo.people import Person, Stuck
from demo.scene import Scene
from devstack.link_scanner import LinkScanner


async def the_owner_drafts_the_message(scene: Scene) -> None:
    """Let the owner write the customer message."""
    owner = await scene.owner()
    await owner.does("message-draft", "draft_external_message", **scene.example.told["message"])
    await scene.narrator.now(f"{owner.name} drafts the customer message")


async def the_liaison_approves_and_posts(scene: Scene) -> None:
    """Scan the link like a mail filter, ask for a change, approve, post."""
    here, narrator = scene.here, scene.narrator
    liaison = scene.person("beatriz-leal")
    link = await liaison.link("approval")
    await _a_scanner_presses_everything(scene, link)
    await here.forward(timedelta(minutes=30))
    await _asks_for_a_change(scene, liaison, link)
    answer = await liaison.posts(await liaison.link("approval"), "", {"decision": "approved"})
    if "approved" not in answer.text.lower():
        raise Stuck(f"The page does not say that the text was approved: {answer.text[:200]}")
    await narrator.now(f"{liaison.name} approves exactly this text; it is held back 10 min")
    await here.forward(timedelta(minutes=11))
    await narrator.news()
    posted_at = "https://status.example.com/incidents/1907"
    await liaison.does("posting", "mark_posted", url=posted_at)
    await narrator.now(f"{liaison.name} has posted the customer message")
    await narrator.news()


async def _a_scanner_presses_everything(scene: Scene, link: str) -> None:
    before = (await scene.case()).message
    presses = await LinkScanner(scene.here.browser, scene.dice).scan(link)
    after = (await scene.case()).message
    decided = after.approval.decision if after.approval else None
    if decided or before.text != after.text:
        raise Stuck("A mail scanner decided about the customer message.")
    await scene.narrator.now(
        f"a mail scanner opens the liaison's link and presses everything, {presses} times: "
        "nothing changes"
    )


async def _asks_for_a_change(scene: Scene, liaison: Person, link: str) -> None:
    told, narrator = scene.example.told, scene.narrator
    change = {"decision": "changes", "comment": told["change_asked"]}
    await liaison.posts(link, "", change)
    await narrator.now(f"{liaison.name} asks for a change: “{told['change_asked']}”")
    await scene.here.forward(timedelta(minutes=20))
    await narrator.news()
    owner = await scene.owner()
    revised = {**told["message"], "summary": told["revised_summary"]}
    await owner.does("message-draft", "draft_external_message", **revised)
    await narrator.now(f"{owner.name} revises the text")
    await narrator.news()
    old = await scene.here.browser.open(link)
    if "superseded" not in old.text.lower():
        raise Stuck(f"The old link does not say “superseded”: {old.text[:200]}")
    await narrator.now("the link of the first mail now says “superseded”")
