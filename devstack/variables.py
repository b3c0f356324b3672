"""What the parts of a stack are told by environment variables, and what they must not see."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from devstack.ports import HOST, Ports, url

NAMESPACE = "default"
CALENDAR = "postmortems@group.calendar.example.com"


def own_settings(folder: Path, ports: Ports) -> dict[str, str]:
    """Return the settings of a stack whose vendors are the simulator, with secrets of its own."""
    simulator, secret = url(ports.simulator), secrets.token_urlsafe
    return {
        "PM_PUBLIC_URL": url(ports.web),
        "PM_LINK_KEYS": secret(48),
        "PM_CODE_KEYS": secret(48),
        "PM_ARCHIVE_FOLDER": str(folder / "archive"),
        "PM_SENDGRID_KEY": "SG.simulator",
        "PM_SENDGRID_HOST": simulator,
        "PM_SENDER": "postmortems@example.com",
        "PM_GOOGLE_TOKEN": "simulator",
        "PM_GOOGLE_BASE_URL": simulator,
        "PM_CALENDAR_ID": CALENDAR,
        "PM_JIRA_URL": simulator,
        "PM_JIRA_USER": "aftermath@example.com",
        "PM_JIRA_TOKEN": "simulator",
        "PM_JIRA_WEBHOOK_SECRET": secret(24),
        "PM_PAGERDUTY_SECRETS": secret(24),
        "PM_GENERIC_SECRETS": secret(24),
        "PM_WEB_HOST": HOST,
        "PM_WEB_PORT": str(ports.web),
        "PM_INTERNAL_PORT": str(ports.web_internal),
        "PM_DEVELOPMENT": "true",
    }


def variables(told: Mapping[str, str], ports: Ports, internal_port: int) -> dict[str, str]:
    """Return all variables of a process that is told some, and what it takes over from us."""
    # Nothing of the caller's own connection: a demo must never reach a real cluster.
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PM_", "TEMPORAL_"))
    }
    return (
        inherited
        | {"NO_PROXY": "*", "no_proxy": "*", "PYTHONUNBUFFERED": "1"}
        | {"TEMPORAL_ADDRESS": f"{HOST}:{ports.temporal}", "TEMPORAL_NAMESPACE": NAMESPACE}
        | {"TEMPORAL_CONFIG_FILE": os.devnull}
        | dict(told)
        | {"PM_INTERNAL_PORT": str(internal_port)}
    )
