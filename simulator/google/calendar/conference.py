"""Video conferences of events, created as soon as they are asked for."""

import string

from simulator.errors import google_error
from simulator.store import JSON
from simulator.world import random_id


def with_conference(event: JSON, requested: JSON | None) -> JSON:
    """Return the fields of an event after a conference was asked for, or taken away by null."""
    if requested is None:
        return {
            name: value
            for name, value in event.items()
            if name not in {"conferenceData", "hangoutLink"}
        }
    request = requested.get("createRequest")
    if request and not request.get("requestId"):
        raise google_error(400, "required", "Missing conference request id.")
    known = event.get("conferenceData", {}).get("createRequest", {})
    # Google ignores a request id that it has seen, so a repeated call yields the same conference.
    if not request or known.get("requestId") == request.get("requestId"):
        return event
    return event | _new_conference(request)


def _new_conference(request: JSON) -> JSON:
    code = "-".join(random_id(length, string.ascii_lowercase) for length in (3, 4, 3))
    link = f"https://meet.google.com/{code}"
    key = {"type": (request.get("conferenceSolutionKey") or {}).get("type") or "hangoutsMeet"}
    created = {
        "requestId": request["requestId"],
        "conferenceSolutionKey": key,
        "status": {"statusCode": "success"},
    }
    video = {"entryPointType": "video", "uri": link, "label": f"meet.google.com/{code}"}
    data = {
        "createRequest": created,
        "entryPoints": [video],
        "conferenceSolution": {"key": key, "name": "Google Meet"},
        "conferenceId": code,
    }
    return {"conferenceData": data, "hangoutLink": link}
