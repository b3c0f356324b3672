"""The mails that a calendar sends to an event's attendees."""

from html import unescape

from simulator.google.calendar.times import instant
from simulator.sendgrid.inbox import keep_mail
from simulator.store import JSON
from simulator.world import World


def invite(world: World, calendar: JSON, event: JSON, old: JSON | None = None) -> None:
    """Tell attendees of a new or changed event; whoever is no longer invited hears that, too."""
    before, after = _guests(old), _guests(event)
    for email in after:
        occasion = "Updated invitation" if email in before else "Invitation"
        _send(world, calendar, event, email, occasion)
    for email in sorted(set(before) - set(after)):
        _send(world, calendar, event, email, "Cancelled")


def uninvite(world: World, calendar: JSON, event: JSON) -> None:
    """Tell attendees that an event is cancelled."""
    for email in _guests(event):
        _send(world, calendar, event, email, "Cancelled")


def _guests(event: JSON | None) -> list[str]:
    attendees = (event or {}).get("attendees", [])
    return [each["email"] for each in attendees if not each.get("organizer")]


def _send(world: World, calendar: JSON, event: JSON, email: str, occasion: str) -> None:
    start = instant(event["start"], calendar["timeZone"])
    end = instant(event["end"], calendar["timeZone"])
    span = f"{start:%a %d %b %Y %H:%M} to {end:%H:%M} ({calendar['timeZone']})"
    summary = event.get("summary") or "(no title)"
    # Its mail, like its calendar, shows the description as HTML.
    description = unescape(event.get("description") or "")
    parts = [summary, span, event.get("hangoutLink"), description, event["htmlLink"]]
    keep_mail(
        world,
        {
            "kind": "calendar",
            "to": email,
            "to_name": world.person_name(email),
            "from": calendar["id"],
            "from_name": calendar["summary"],
            "subject": f"{occasion}: {summary} @ {span}",
            "text": "\n\n".join(part for part in parts if part),
            "event": {"calendar": calendar["id"], "id": event["id"], "sequence": event["sequence"]},
        },
    )
