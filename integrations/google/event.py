"""The event as we write it into Google Calendar, and what of it may be changed later.

Beside each part that we write stands, as a private property, the mark of what we last wrote.
A part is written again only when what is wanted differs from that mark: so a part that people
changed meanwhile stays theirs until the case itself wants something new.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

from domain.engine.value import PersonId
from domain.meeting.event import DesiredEvent
from integrations.ports import Address

MARK_LENGTH = 16
GUEST_MARK_LENGTH = 8


def id_of(key: str) -> str:
    """Return the event id of a key, in the characters that Google allows."""
    return f"pm{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def is_ours(event: Mapping[str, Any], key: str) -> bool:
    """Tell whether an event was made for this key."""
    return _marks(event).get("pmKey") == id_of(key)


def body(wanted: DesiredEvent, people: Mapping[PersonId, Address]) -> dict[str, Any]:
    """Return the new event; who has no address cannot be invited and is left out."""
    guests = _guests(wanted, people)
    return {
        "id": id_of(wanted.key),
        **_title(wanted),
        **_text(wanted),
        **_time(wanted),
        "attendees": list(guests.values()),
        **(_conference(wanted) if wanted.with_conference else {}),
        "extendedProperties": {"private": _wanted_marks(wanted, guests)},
    }


def needed_patch(
    event: Mapping[str, Any], wanted: DesiredEvent, people: Mapping[PersonId, Address]
) -> dict[str, Any]:
    """Return what to patch so that the event is as wanted; empty when there is nothing to do."""
    guests = _guests(wanted, people)
    before, after = _marks(event), _wanted_marks(wanted, guests)
    different = {name for name, mark in after.items() if before.get(name) != mark}
    if not different:
        return {}
    changed: dict[str, Any] = {"extendedProperties": {"private": after}}
    if "pmTitle" in different and event.get("summary") != wanted.title:
        changed |= _title(wanted)
    text = _text(wanted)
    if "pmText" in different and event.get("description") != text["description"]:
        changed |= text
    if "pmTime" in different and _time_of(event) != (wanted.start, wanted.end):
        changed |= _time(wanted)
    if "pmGuests" in different:
        present = event.get("attendees", [])
        merged = _merged(present, before, guests)
        changed |= {"attendees": merged} if merged != present else {}
    if "pmConference" in different and wanted.with_conference and not event.get("conferenceData"):
        changed |= _conference(wanted)
    return changed


def is_told(changed: Mapping[str, Any]) -> bool:
    """Tell whether guests should hear of a change; our own marks concern nobody."""
    return bool(changed.keys() - {"extendedProperties"})


def instant(told: Mapping[str, str] | None) -> datetime | None:
    """Return the instant of a start or end; None where people made it a whole day."""
    text = (told or {}).get("dateTime")
    return datetime.fromisoformat(text) if text else None


def _merged(
    present: list[dict[str, Any]], before: Mapping[str, str], guests: Mapping[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the guests that stand, theirs as they are, ours as wanted.

    Whom we invited before and people removed is not invited again; whom we invited and no
    longer want is removed; whom people invited stays.
    """
    known = set(filter(None, before.get("pmGuests", "").split(",")))
    invited = {mark.removesuffix("o") for mark in known}
    merged = []
    for guest in present:
        email = guest.get("email", "").casefold()
        if email in guests:
            same = _guest_mark(guests[email]) in known
            merged.append(guest if same else guest | {"optional": guests[email]["optional"]})
        elif _address_mark(email) not in invited or guest.get("organizer"):
            merged.append(guest)
    standing = {guest.get("email", "").casefold() for guest in present}
    added = [
        guest
        for email, guest in guests.items()
        if email not in standing and _address_mark(email) not in invited
    ]
    return merged + added


def _guests(wanted: DesiredEvent, people: Mapping[PersonId, Address]) -> dict[str, dict[str, Any]]:
    guests = {}
    for attendee in wanted.attendees:
        if address := people.get(attendee.person):
            name = {"displayName": address.name} if address.name else {}
            guest = {"email": address.email, "optional": attendee.optional, **name}
            guests[address.email.casefold()] = guest
    return guests


def _title(wanted: DesiredEvent) -> dict[str, Any]:
    return {"summary": wanted.title}


def _text(wanted: DesiredEvent) -> dict[str, Any]:
    # Google shows a description as HTML, in the calendar and in its own invitations.
    return {"description": escape(wanted.description, quote=False)}


def _time(wanted: DesiredEvent) -> dict[str, Any]:
    start, end = (each.astimezone(UTC).isoformat() for each in (wanted.start, wanted.end))
    return {"start": {"dateTime": start}, "end": {"dateTime": end}}


def _time_of(event: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    return instant(event.get("start")), instant(event.get("end"))


def _conference(wanted: DesiredEvent) -> dict[str, Any]:
    # A repeated request id is ignored by Google, so a repeat makes no second conference.
    ask = {
        "requestId": id_of(wanted.key),
        "conferenceSolutionKey": {"type": "hangoutsMeet"},
    }
    return {"conferenceData": {"createRequest": ask}}


def _marks(event: Mapping[str, Any]) -> dict[str, str]:
    return dict(event.get("extendedProperties", {}).get("private", {}))


def _wanted_marks(wanted: DesiredEvent, guests: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    return {
        "pmKey": id_of(wanted.key),
        "pmTitle": _mark(wanted.title),
        "pmText": _mark(wanted.description),
        "pmTime": _mark(str(_time(wanted))),
        "pmGuests": ",".join(sorted(_guest_mark(guest) for guest in guests.values())),
        "pmConference": "yes" if wanted.with_conference else "no",
    }


def _guest_mark(guest: Mapping[str, Any]) -> str:
    return _address_mark(guest["email"]) + ("o" if guest["optional"] else "")


def _address_mark(email: str) -> str:
    return _mark(email.casefold())[:GUEST_MARK_LENGTH]


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]
