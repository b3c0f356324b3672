"""The names by which everybody finds the cases in Temporal."""

TASK_QUEUE = "postmortems"
WORKFLOW = "Postmortem"
