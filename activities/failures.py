"""Failures on their way to Temporal: told in our words, with what the caller does next."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.engine.ledger import Report, Status
from integrations.errors import Ambiguous, Refused, ServiceError, Throttled


@contextmanager
def told_to_temporal() -> Iterator[None]:
    """Turn a service's error into one that Temporal retries, or does not.

    The error's type is the name of our class; its text is ours, free of vendor text.
    """
    try:
        yield
    except Throttled as error:
        # The case waits, not the activity: a long pause here would hold up its whole moment.
        raise ApplicationError(
            str(error), error.retry_after.total_seconds(), type="Throttled", non_retryable=True
        ) from None
    except ServiceError as error:
        refused = isinstance(error, Refused)
        raise ApplicationError(
            str(error), type=type(error).__name__, non_retryable=refused
        ) from None


def reported(key: str, error: ServiceError, *, may_repeat: bool = True) -> Report:
    """Return one effect's report for a batch, which raises for none.

    An ambiguous effect that may be repeated counts as unavailable: it is tried again, and
    looks first.
    """
    activity.logger.warning("%s: %s", key.split(":", maxsplit=1)[0], type(error).__name__)
    if isinstance(error, Throttled):
        return Report(
            key=key,
            status=Status.UNAVAILABLE,
            reason=str(error),
            retry_after=error.retry_after,
        )
    if isinstance(error, Refused):
        return Report(key=key, status=Status.REFUSED, reason=str(error))
    if isinstance(error, Ambiguous) and not may_repeat:
        return Report(key=key, status=Status.UNKNOWN, reason=str(error))
    return Report(key=key, status=Status.UNAVAILABLE, reason=str(error))
