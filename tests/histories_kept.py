"""Recorded histories: one file per run, and beside it the case that the run must yield.

One command records those of the newest edition, in about a minute:

    AFTERMATH_RECORD_HISTORIES=tests/histories .venv/bin/pytest -q \
        tests/workflows/test_whole_lives.py tests/workflows/test_levels.py \
        tests/workflows/test_troubles.py
"""

import json
from collections.abc import AsyncIterator
from pathlib import Path

from temporalio.client import Client, WorkflowHandle, WorkflowHistory

from domain.case import Case
from domain.engine.editions import NEWEST

HISTORIES = Path(__file__).parent / "histories"
RECORD = "AFTERMATH_RECORD_HISTORIES"
"""The variable that names the folder to record to."""


async def keep(client: Client, case: str, folder: Path, name: str) -> None:
    """Write down every run of a case, first to last, with the case that each one ended with."""
    number = 0
    async for run in runs(client, case):
        number += 1
        ended: Case = await run.query("case", result_type=Case)
        _write(folder / file_name(name, number), await run.fetch_history(), ended)


def file_name(name: str, run: int, edition: int = NEWEST) -> str:
    """Return the name of a run's files; a new edition leaves those of earlier ones alone."""
    return f"{name}-edition-{edition}-{run}"


def _write(path: Path, history: WorkflowHistory, ended: Case) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".json").write_text(_compact(history), encoding="utf-8")
    case = ended.model_dump_json(indent=1) + "\n"
    path.with_suffix(".case.json").write_text(case, encoding="utf-8")


def _compact(history: WorkflowHistory) -> str:
    return json.dumps({"events": history.to_json_dict()["events"]}, indent=0) + "\n"


async def runs(client: Client, case: str) -> AsyncIterator[WorkflowHandle[object, object]]:
    """Yield every run of a case, first to last."""
    newest = await client.get_workflow_handle(case).describe()
    run_id: str = newest.raw_description.workflow_execution_info.first_run_id
    while run_id:
        run: WorkflowHandle[object, object] = client.get_workflow_handle(case, run_id=run_id)
        yield run
        last = (await run.fetch_history()).events[-1]
        run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
