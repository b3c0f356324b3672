"""README and docs say what the code does: words, numbers, commands, settings, links."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import cli
from console.contract import SCHEMA
from console.contract import text as schema_text
from console.readme import current
from domain.calendar.spans import Unit
from domain.case import Phase
from domain.incident import Role, Severity
from integrations.files.policy import read_policy
from integrations.google.credentials import SCOPES, WHOLE_DRIVE
from settings import PREFIX, Settings
from workflows.search_attributes import SEARCH_ATTRIBUTES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONNECT = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *(ROOT / "docs").glob("*.md"),
]
POLICY = read_policy(ROOT / "policy.toml")
NOT_PACKAGES = ("deploy", "docs", "examples", "tests", "typecheck")
LARGEST_IMAGE = 150_000


def section(title: str) -> str:
    """Return a section of the README, up to the next of its rank."""
    found = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", README, re.DOTALL | re.MULTILINE)
    assert found is not None, f"the README has no section {title}"
    return found[1]


def first_cells(text: str) -> list[str]:
    """Return what stands in code marks at the beginning of each row of a table."""
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def test_the_tables_of_the_readme_follow_from_the_code() -> None:
    assert current(README) == README, "run: python -m console.readme"


def test_the_schema_is_current() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run: python -m console.contract"


def test_every_phase_is_explained_in_order() -> None:
    assert first_cells(section("Words")) == [phase.value for phase in Phase]


def test_every_role_is_named() -> None:
    words = section("Words").lower()

    assert all(role.value in words for role in Role)


def test_every_command_is_listed() -> None:
    listed = {each.removeprefix("aftermath ") for each in first_cells(section("Operating it"))}

    assert listed == {name for name in cli.app if not name.startswith("-")}


def test_every_command_and_option_in_the_pages_exists() -> None:
    for page in PAGES:
        for command, options in re.findall(r"`aftermath ([a-z]+)([^`]*)`", page.read_text()):
            known = cli.app[command].assemble_argument_collection()
            names = {name for argument in known for name in argument.names}
            assert set(re.findall(r"--[a-z-]+", options)) <= {*names, "--help"}, page


def test_the_scopes_to_grant_are_those_that_google_is_asked_for() -> None:
    google = CONNECT.partition("\n## Google\n")[2]

    assert first_cells(google) == list(SCOPES)
    assert f"`{WHOLE_DRIVE}` in place of `drive.file`" in google


def test_every_setting_is_listed() -> None:
    assert first_cells(section("Settings")) == [
        f"{PREFIX}{name.upper()}" for name in Settings.model_fields
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_setting_that_is_none(page: Path) -> None:
    named = set(re.findall(r"\bPM_[A-Z_]+[A-Z]\b", page.read_text(encoding="utf-8")))

    assert named <= {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def test_every_folder_is_explained_and_exists() -> None:
    named = {each.rstrip("/") for each in first_cells(section("Folders"))}
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    packages = {each for each in wheel["targets"]["wheel"]["only-include"] if "." not in each}

    assert named == packages | set(NOT_PACKAGES)
    assert all((ROOT / each).is_dir() for each in named)


def test_the_list_filters_use_every_search_attribute_and_no_other() -> None:
    used = set(re.findall(r"Postmortem[A-Z]\w+", section("Ready-made list filters")))

    assert used == set(SEARCH_ATTRIBUTES)


def test_every_phase_in_a_list_filter_is_one() -> None:
    used = re.findall(r"PostmortemPhase !?= '([^']+)'", README)

    assert used
    assert set(used) <= {phase.value for phase in Phase}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        if target.startswith(("http://", "https://")):
            continue
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in set(anchors(file)), f"{page.name}: {target}"


def anchors(file: Path) -> Iterator[str]:
    """Yield the anchors that a page's headings have."""
    for heading in re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE):
        yield re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_every_picture_is_shown_and_small_enough() -> None:
    images = {path.name: path for path in (ROOT / "docs" / "images").glob("*.png")}
    shown = set(re.findall(r"\]\(docs/images/([^)]+)\)", README))

    assert shown == set(images)
    assert all(path.stat().st_size < LARGEST_IMAGE for path in images.values())


def test_the_numbers_of_the_readme_are_the_policy_s() -> None:
    one, two = POLICY.severities[Severity.SEV1], POLICY.severities[Severity.SEV2]
    meeting, items = POLICY.meeting, POLICY.action_items
    rules = section("The rules")

    told = (
        (
            f"A `sev1` is discussed within {one.meeting_within.amount} business days, "
            f"a `sev2` within {two.meeting_within.amount}."
        ),
        (
            f"The meeting takes {one.meeting_minutes} minutes after a `sev1`, "
            f"{two.meeting_minutes} after a `sev2`, and {meeting.long_incident_adds_minutes} more "
            f"when the incident lasted longer than {meeting.long_incident.amount} hours."
        ),
        f"The pre-read leaves {meeting.pre_read_before.amount} hours before the meeting",
        f"for {POLICY.patience.ownership.amount} business hours is passed over",
        f"wait {items.cool_down.amount} business day for",
        (
            f"{' and '.join(items.ticket_priorities)} become tickets, "
            f"due {one.action_due_days} days after a `sev1` and "
            f"{two.action_due_days} days after a `sev2`"
        ),
        f"held back for {POLICY.message.hold_back.amount} minutes",
        f"out within {POLICY.publication.publish_by.amount} days",
    )
    assert [sentence for sentence in told if sentence not in rules] == []
    assert f"within {items.left_alone_for.amount} days" in section("The most messages anyone gets")


def test_the_numbers_of_the_readme_have_the_policy_s_units() -> None:
    one = POLICY.severities[Severity.SEV1]
    items, message = POLICY.action_items, POLICY.message

    assert (one.meeting_within.unit, items.cool_down.unit) == (Unit.BUSINESS_DAYS,) * 2
    assert POLICY.patience.ownership.unit is Unit.BUSINESS_HOURS
    assert message.hold_back.unit is Unit.MINUTES
    assert (POLICY.meeting.long_incident.unit, POLICY.meeting.pre_read_before.unit) == (
        Unit.HOURS,
        Unit.HOURS,
    )
    assert (POLICY.publication.publish_by.unit, items.left_alone_for.unit) == (Unit.DAYS,) * 2


def test_the_table_of_severities_is_the_policy_s() -> None:
    priorities = {severity: name for name, severity in POLICY.priorities.items()}

    for severity, rules in POLICY.severities.items():
        row = f"| `{severity}` | {priorities[severity]} | no | | | |"
        if rules.eligible:
            message = "yes" if rules.external_message else "no"
            row = (
                f"| `{severity}` | {priorities[severity]} | yes | {rules.meeting_within.amount} "
                f"business days | {message} | {rules.action_due_days} days |"
            )
        assert row in CONNECT


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}

    assert "## [Unreleased]" in text
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= kinds
