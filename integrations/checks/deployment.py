"""What the settings themselves say: links that people can follow, a folder that takes records."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from integrations.checks.examination import Finding, fail, ok, warn

LINKS, ARCHIVE, WEBHOOKS = "links", "archive", "webhooks"
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def link_findings(public_url: str, *, development: bool) -> Iterator[Finding]:
    """Yield whether people can follow the links in mails."""
    address = urlsplit(public_url)
    here = address.hostname in _THIS_MACHINE or str(address.hostname).endswith(".localhost")
    if here and not development:
        yield fail(
            LINKS,
            "PM_PUBLIC_URL leads to this machine: nobody else can follow it.",
            "Set the https address of the pages, or PM_DEVELOPMENT=true.",
        )
    elif address.scheme != "https" and not development:
        yield fail(LINKS, "PM_PUBLIC_URL is not https.", "Serve the pages under https.")
    elif development:
        yield warn(LINKS, "PM_DEVELOPMENT is true: time may be skipped.", "Not in production.")
    else:
        yield ok(LINKS, "they begin with https.")


def archive_findings(folder: Path) -> Iterator[Finding]:
    """Yield whether records can be kept, without writing any."""
    there = next((each for each in (folder, *folder.absolute().parents) if each.exists()), folder)
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        yield ok(ARCHIVE, "the folder of PM_ARCHIVE_FOLDER takes records.")
    else:
        told = "nothing can be written into the folder of PM_ARCHIVE_FOLDER."
        yield fail(ARCHIVE, told, "Make it, or give this user the right to write there.")


def webhook_findings(*, tools: bool, jira: bool, jira_secret: bool) -> Iterator[Finding]:
    """Yield whether tools can tell us anything."""
    if not tools:
        yield warn(
            WEBHOOKS,
            "no incident tool can reach us: only a Temporal signal starts a case.",
            "Set PM_PAGERDUTY_SECRETS or PM_GENERIC_SECRETS.",
        )
    if jira and not jira_secret:
        told = "Jira cannot tell us that a ticket changed: it is seen when we next look."
        yield warn(WEBHOOKS, told, "Set PM_JIRA_WEBHOOK_SECRET, and the webhook in Jira.")
    if tools and (jira_secret or not jira):
        yield ok(WEBHOOKS, "every tool that is connected can reach us.")
