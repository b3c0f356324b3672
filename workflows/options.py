"""Every time-out, retry policy and limit of the workflows.

An activity gets a few short attempts; longer patience belongs to the case, so that one
vendor's outage never holds up a notice that has nothing to do with it.
"""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig, LocalActivityConfig

RENEWED_AFTER = timedelta(days=28)
MOST_UPDATES, MOST_SIGNALS = 1000, 5000
"""Half of what Temporal takes in one run: then a new run begins."""
NEARLY_ALL_UPDATES = 1800
"""Where a run that cannot end yet takes no more; Temporal's own end would be for good."""

LONGEST_MESSAGE = 256 * 1024
"""Bytes of a signal or update; the largest that means something is far smaller."""

ATTEMPT = timedelta(seconds=30)
ATTEMPTS = 3
SILENCE = timedelta(seconds=8)
"""After which an attempt counts as lost: its worker was killed (`activities.heartbeat` beats)."""


_A_FEW = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=2.0, maximum_attempts=ATTEMPTS
)


def outside(summary: str) -> ActivityConfig:
    """Return the options of an activity that is safe to do twice."""
    return ActivityConfig(
        start_to_close_timeout=ATTEMPT,
        heartbeat_timeout=SILENCE,
        retry_policy=_A_FEW,
        summary=summary,
    )


def at_hand(summary: str) -> LocalActivityConfig:
    """Return the options of an activity that only reads what the worker has at hand.

    It runs inside the task that decides, and costs no task and no events of its own.
    """
    return LocalActivityConfig(start_to_close_timeout=ATTEMPT, retry_policy=_A_FEW, summary=summary)


def once(summary: str) -> ActivityConfig:
    """Return the options of an activity that must not be repeated by itself."""
    retry = RetryPolicy(maximum_attempts=1)
    return ActivityConfig(
        start_to_close_timeout=ATTEMPT,
        heartbeat_timeout=SILENCE,
        retry_policy=retry,
        summary=summary,
    )


def is_full(updates: int) -> bool:
    """Tell whether a run that cannot end yet must take no more."""
    return updates >= NEARLY_ALL_UPDATES


def is_spent(age: timedelta, updates: int, signals: int) -> bool:
    """Tell whether a run should end: it is old, or has taken half of what Temporal lets it take."""
    return age >= RENEWED_AFTER or updates >= MOST_UPDATES or signals >= MOST_SIGNALS
