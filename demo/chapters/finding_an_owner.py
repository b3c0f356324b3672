"""An owner is found: the first who is asked cannot, the second can, and the booking stays."""

from datetime import timedelta

from demo.people import Stuck
from demo.scene import Scene


async def the_second_nominee_accepts(scene: Scene) -> None:
    """Let the first nominee decline and the second accept; the booking stays."""
    here, narrator = scene.here, scene.narrator
    before = (await scene.case()).meeting.start
    first = await scene.nominee()
    await here.forward(timedelta(minutes=25))
    await first.does("nomination", "accept_ownership", answer="no", reason="I am on leave soon")
    await narrator.now(f"{first.name} cannot own it; the booking stays as it is")
    await narrator.news()
    second = await scene.nominee()
    await here.forward(timedelta(minutes=15))
    await second.does("nomination", "accept_ownership", answer="yes")
    meeting = (await scene.case()).meeting
    if meeting.start != before:
        raise Stuck("The meeting moved although only the owner changed.")
    await narrator.now(
        f"{second.name} owns it; the invitation goes to {len(meeting.invited)} people"
    )
    for person in meeting.invited[:4]:
        await scene.person(person).answers_invitation("accepted")
    await narrator.news()
