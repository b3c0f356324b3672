"""Which level a deployment has reached, and what the next one needs.

Level 0 is mail alone; 1 adds one Google account and Jira; 2 lets Google act for a whole domain.
"""

from dataclasses import dataclass

from integrations.checks.examination import Finding, Grade, ok, warn

ABOUT = "level"


@dataclass(frozen=True)
class Standing:
    """What is connected, and where something fails; `connected` maps a setting to whether."""

    mail_works: bool
    google_works: bool
    jira_works: bool
    delegated: bool
    connected: dict[str, bool]


def level(standing: Standing) -> Finding:
    """Return the level that is reached, and what the next one needs."""
    if not standing.mail_works:
        return warn(ABOUT, "none is reached.", "Level 0 needs mail: mend what fails at SendGrid.")
    if needs := _first(standing):
        return ok(ABOUT, "0 of 2: mail, and people do the rest.").replace(do=_next(1, needs))
    if not standing.delegated:
        needs = ["PM_GOOGLE_SERVICE_ACCOUNT_FILE and PM_GOOGLE_SUBJECT"]
        return ok(ABOUT, "1 of 2: one Google account, and Jira.").replace(do=_next(2, needs))
    return ok(ABOUT, "2 of 2: Google for the whole domain, and Jira.")


def _first(standing: Standing) -> list[str]:
    """Return what level 1 lacks."""
    unset = [name for name, there in standing.connected.items() if not there]
    broken = {"Google": standing.google_works, "Jira": standing.jira_works}
    return unset + [f"what fails above at {name}" for name, works in broken.items() if not works]


def _next(number: int, needs: list[str]) -> str:
    return f"Level {number} needs {', '.join(needs)}."


def works(findings: tuple[Finding, ...], about: str) -> bool:
    """Tell whether nothing fails at one outside system."""
    return not any(each.grade is Grade.FAIL and each.about.startswith(about) for each in findings)
