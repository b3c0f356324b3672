"""The meeting is held: the facilitator records it, and its verdict on each action item."""

from datetime import timedelta

from demo.scene import Scene


async def the_meeting_decides(scene: Scene) -> None:
    """Record the meeting and its verdicts on the facilitator's page."""
    chair = scene.person((await scene.case()).meeting.facilitator or "")
    await chair.does("meeting-outcome", "record_meeting", held="yes", facts_agreed="yes")
    fields: dict[str, str] = {}
    for item in (await scene.case()).items:
        fields |= _verdict(scene, item.id, item.text)
    await chair.posts(await chair.steps(), "decide", fields)
    for item in (await scene.case()).items:
        if item.decision is not None:
            reason = f": {item.decision.reason}" if item.decision.reason else ""
            text = f"{item.id} {item.decision.verdict}, {item.priority} {item.team}{reason}"
            await scene.narrator.now(text)
    await scene.narrator.news()


def _verdict(scene: Scene, id_: str, text: str) -> dict[str, str]:
    wanted = next(each for each in scene.example.told["action_items"] if each["text"] == text)
    days = wanted.get("revisit_after_days")
    revisit = (scene.example.day + timedelta(days=days)).isoformat() if days else ""
    return {
        f"verdict-{id_}": wanted["verdict"],
        f"decided_by-{id_}": wanted["decided_by"],
        f"reason-{id_}": wanted.get("reason", ""),
        f"consequence-{id_}": wanted.get("consequence", ""),
        f"revisit-{id_}": revisit,
    }
