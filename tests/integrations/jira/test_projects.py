"""How tickets are opened in one project or another, over HTTP against the simulator."""

from pathlib import Path
from typing import Any

import pytest

from integrations.errors import Ambiguous, Refused
from integrations.files.directory import FileDirectory
from integrations.files.organisation import WrongOrganisation
from integrations.issue_projects import IssueProject
from tests import creating
from tests.creating import find_or_open
from tests.simulated import World

pytestmark = pytest.mark.usefixtures("furnished", "nothing_broken")

ISSUE = "/issue$"
SHIPPED = Path(__file__).parents[3] / "organisation.toml"


def opened(world: World, key: str, project: IssueProject) -> Any:  # noqa: ANN401 - JSON
    tracker = creating.tracker(world, projects={"WAF": project})
    find_or_open(tracker, creating.issue(key))
    [found] = creating.tickets(world, key)
    return found["fields"]


def test_a_project_has_its_own_type_and_priorities(world: World) -> None:
    fields = opened(world, "own", IssueProject(issue_type="Bug", priorities={"P1": "Highest"}))

    assert fields["issuetype"]["name"] == "Bug"
    assert fields["priority"]["name"] == "Highest"


def test_nobody_is_assigned_unless_the_project_says_who(world: World) -> None:
    [person] = world.vendor(
        "GET", "/rest/api/3/user/search?query=ines", headers={"Authorization": "Bearer x"}
    )

    left_out = opened(world, "left out", IssueProject())
    nobody = opened(world, "nobody", IssueProject(assignee="unassigned"))
    somebody = opened(world, "somebody", IssueProject(assignee=person["accountId"]))

    assert left_out["assignee"] is None
    assert nobody["assignee"] is None
    assert somebody["assignee"]["accountId"] == person["accountId"]


def test_what_a_project_refuses_opens_in_its_fallback_once(world: World) -> None:
    project = IssueProject(issue_type="No such type", fallback_project="SRE")
    tracker = creating.tracker(world, projects={"WAF": project})

    first = find_or_open(tracker, creating.issue("fallen"))
    again = find_or_open(tracker, creating.issue("fallen"))

    assert first.key == again.key
    assert first.key.startswith("SRE-")
    assert "opened in SRE instead" in first.repaired
    assert len(creating.tickets(world, "fallen")) == 1


def test_a_lost_answer_is_no_reason_to_open_elsewhere(world: World) -> None:
    tracker = creating.tracker(world, projects={"WAF": IssueProject(fallback_project="SRE")})
    world.break_next("POST", ISSUE, "close_before")

    with pytest.raises(Ambiguous):
        find_or_open(tracker, creating.issue("not fallen"))

    assert find_or_open(tracker, creating.issue("not fallen")).key.startswith("WAF-")


@pytest.mark.parametrize("kind", ["html200", "redirect"])
def test_a_stranger_is_no_reason_to_open_elsewhere(world: World, kind: str) -> None:
    tracker = creating.tracker(world, projects={"WAF": IssueProject(fallback_project="SRE")})
    world.break_next("POST", ISSUE, kind)

    with pytest.raises(Refused):
        find_or_open(tracker, creating.issue(f"stranger {kind}"))

    assert world.asked("POST", ISSUE) == 1


def test_when_the_fallback_refuses_as_well_both_are_named(world: World) -> None:
    nowhere = IssueProject(issue_type="None", fallback_project="NOWHERE")
    tracker = creating.tracker(world, projects={"WAF": nowhere})

    with pytest.raises(Refused, match=r"in WAF \(400, field issuetype\).*NOWHERE refused"):
        find_or_open(tracker, creating.issue("both"))


def test_what_only_some_projects_need_is_sent_in_jiras_words() -> None:
    project = IssueProject(
        fields={"customfield_10042": {"value": "Platform"}},
        parent="WAF-1",
        security_level="10010",
    )

    assert project.settings() == {
        "issuetype": {"name": "Task"},
        "customfield_10042": {"value": "Platform"},
        "parent": {"key": "WAF-1"},
        "security": {"id": "10010"},
    }


def read(folder: Path, more: str) -> FileDirectory:
    path = folder / "organisation.toml"
    text = SHIPPED.read_text(encoding="utf-8").partition("[issue_projects.WAF]")[0]
    path.write_text(text + more, encoding="utf-8")
    return FileDirectory(path)


def test_the_file_that_ships_describes_projects() -> None:
    projects = FileDirectory(SHIPPED).issue_projects()

    assert projects["WAF"] == IssueProject(fallback_project="SRE")
    assert projects["DEVX"] == IssueProject()


def test_a_file_may_describe_no_project(tmp_path: Path) -> None:
    assert read(tmp_path, "").issue_projects() == {}


def test_everything_wrong_with_projects_is_named_at_once(tmp_path: Path) -> None:
    wrong = """
        [issue_projects.WAF]
        fallback_project = "WAF"
        done = ["Fixed", "Duplicate"]
        wont_do = ["duplicate"]
        fields = { priority = { name = "High" }, summary = "x" }

        [issue_projects.TYPO]
    """

    with pytest.raises(WrongOrganisation) as error:
        read(tmp_path, wrong)

    for said in (
        "has 5 problem(s)",
        "issue_projects.WAF.fallback_project: must be another project",
        "issue_projects.WAF: 'duplicate' is both done and wont_do",
        "issue_projects.WAF.fields.priority: has a setting of its own, priorities",
        "issue_projects.WAF.fields.summary: comes from the action item",
        "issue_projects.TYPO: no team opens its tickets there",
    ):
        assert said in str(error.value)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("parent = 'the epic'", "issue_projects.WAF.parent"),
        ("fallback_project = 'sre'", "issue_projects.WAF.fallback_project"),
        ("issue_type = ''", "issue_projects.WAF.issue_type"),
        ("colour = 'red'", "issue_projects.WAF.colour"),
        ("fields = { 'a b' = 1 }", "issue_projects.WAF.fields"),
    ],
)
def test_what_is_malformed_is_named_with_its_place(tmp_path: Path, line: str, place: str) -> None:
    with pytest.raises(WrongOrganisation, match=place):
        read(tmp_path, f"[issue_projects.WAF]\n{line}\n")
