"""Every mail that anyone of the simulated world received."""

from simulator.control.clock import google_time
from simulator.store import JSON
from simulator.world import World

_EMPTY: JSON = {
    "text": "",
    "html": "",
    "headers": {},
    "custom_args": {},
    "categories": [],
    "attachments": [],
    "tracking_settings": {},
    "to_name": "",
    "from_name": "",
}


def keep_mail(world: World, mail: JSON) -> JSON:
    """Drop a mail into its recipient's inbox; its id is higher than every earlier one."""
    number = world.store.next_number("mails")
    kept = {"id": number, "at": google_time(world.clock.now())} | _EMPTY | mail
    world.store.put("mails", str(number), kept)
    return kept


def mails(
    world: World, to: str | None = None, kind: str | None = None, after: int = 0
) -> list[JSON]:
    """Return mails, oldest first."""
    return [
        mail
        for mail in world.store.all("mails")
        if mail["id"] > after
        and (kind is None or mail["kind"] == kind)
        and (to is None or mail["to"].lower() == to.lower())
    ]
