"""Time in a workflow task: one that is handed an earlier task's time is given back.

A query that waits while no worker polls may reach the next worker with a history that ends in
a task which is scheduled and not begun. The SDK then leaves the time of the task before in
place for that task (temporalio 1.35, seen with plain workflows too). Whatever is decided by
such a time cannot be replayed, and the case would stand still for ever.
"""

from datetime import datetime

from temporalio import workflow


class ClockStoodStill(Exception):
    """This task must fail; its repeat begins from the whole history, and so at its own time."""


class Clock:
    """Compares the times that tasks are handed with how far their histories reach."""

    def __init__(self) -> None:
        self._now: datetime | None = None
        self._reach = 0

    async def watch(self) -> None:
        """Fail every task whose time stood still; never return, and cost nothing in history."""
        await workflow.wait_condition(self._stands_still)

    def _stands_still(self) -> bool:
        """Look, in every task, whether events came and yet no time has passed since the last."""
        now, reach = workflow.now(), workflow.info().get_current_history_length()
        if reach > self._reach and now == self._now:
            raise ClockStoodStill("This task was handed the time of an earlier one.")
        self._now, self._reach = now, reach
        return False
