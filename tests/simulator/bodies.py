"""What tests of the simulated vendors send again and again: the smallest bodies that are taken."""

from typing import Any

ADA, BOB, TEAM = "ada@example.com", "bob@example.com", "team@example.com"

EVENTS = f"/calendar/v3/calendars/{TEAM}/events"
FILES = "/drive/v3/files"
DOCUMENT = "application/vnd.google-apps.document"
FOLDER = "application/vnd.google-apps.folder"
HOUR: dict[str, Any] = {
    "start": {"dateTime": "2026-01-05T09:00:00Z"},
    "end": {"dateTime": "2026-01-05T10:00:00Z"},
}
NOON: dict[str, Any] = {
    "summary": "Review",
    "start": {"dateTime": "2026-01-05T12:00:00+01:00", "timeZone": "Europe/Berlin"},
    "end": {"dateTime": "2026-01-05T13:00:00+01:00", "timeZone": "Europe/Berlin"},
}
MEET = {"createRequest": {"requestId": "r1", "conferenceSolutionKey": {"type": "hangoutsMeet"}}}

API = "/rest/api/3"
TEXT: dict[str, Any] = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Why & how"}]}],
}
TASK = {"project": {"key": "OPS"}, "issuetype": {"name": "Task"}, "summary": "Fix the alarm"}

MAIL: dict[str, Any] = {
    "personalizations": [{"to": [{"email": ADA}]}],
    "from": {"email": "bot@example.com", "name": "Bot"},
    "subject": "Review",
    "content": [{"type": "text/plain", "value": "Please review."}],
}
