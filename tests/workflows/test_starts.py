"""Starting a case on a real server: what fits, what is cut, and what Temporal never takes."""

import pytest
from markdown_it import MarkdownIt
from pydantic_core import to_json
from temporalio.client import Client

from domain.action_items.ticket import ObservedIssue
from tests.playing import an_incident
from workflows.client import NotAccepted, Postmortems

NOBODY_WORKS_HERE = "starts"
SUMMARY_LIMIT = 400


@pytest.mark.parametrize("letter", ["雪", "🔥", '"', "a"])
async def test_a_title_of_200_letters_of_any_width_starts_its_case(
    temporal: Client, letter: str
) -> None:
    cases = Postmortems(temporal, task_queue=NOBODY_WORKS_HERE)
    incident = an_incident(key=f"INC-{ord(letter)}").replace(
        title=letter * 200, url=f"https://example.com/{'é' * 480}"
    )

    case = await cases.incident_resolved(incident)

    handle = temporal.get_workflow_handle(case)
    summary = await (await handle.describe()).static_summary()
    await handle.terminate()
    assert summary is not None
    assert f"sev1: {incident.title}".startswith(summary)
    assert len(summary) > 70
    # The server of tests takes more; others keep to the limit.
    assert len(to_json(summary)) < SUMMARY_LIMIT


async def test_a_title_fetches_no_picture_in_temporal_s_own_pages(temporal: Client) -> None:
    cases = Postmortems(temporal, task_queue=NOBODY_WORKS_HERE)
    picture = "![x](https://evil.example/p.png)"

    case = await cases.incident_resolved(
        an_incident(key="INC-picture").replace(title=picture, url=picture)
    )

    handle = temporal.get_workflow_handle(case)
    described = await handle.describe()
    await handle.terminate()
    for shown in (await described.static_summary(), await described.static_details()):
        assert shown is not None
        assert "<img" not in MarkdownIt().render(shown)
        assert "evil.example" in shown


async def test_a_start_that_temporal_refuses_as_invalid_says_so_and_why(temporal: Client) -> None:
    cases = Postmortems(temporal, task_queue="q" * 2000)

    with pytest.raises(NotAccepted, match=r"^Temporal does not accept this: .*[Tt]ask ?[Qq]ueue"):
        await cases.incident_resolved(an_incident(key="INC-refused"))


async def test_a_signal_that_temporal_refuses_as_invalid_says_so_and_why(temporal: Client) -> None:
    case = await Postmortems(temporal, task_queue=NOBODY_WORKS_HERE).incident_resolved(
        an_incident(key="INC-signalled")
    )
    huge = ObservedIssue(key="PAY-1").replace(url="u" * 3_000_000)

    with pytest.raises(NotAccepted, match="Temporal does not accept this"):
        await Postmortems(temporal).ticket_changed(case, huge)
    await temporal.get_workflow_handle(case).terminate()
