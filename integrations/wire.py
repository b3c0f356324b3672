"""What the wire tells: whether a lost request can have been executed, and how long to pause."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ssl import SSLCertVerificationError

from requests import exceptions
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from integrations.errors import Ambiguous, Refused, ServiceError, Unavailable

CONNECT_SECONDS = 5
READ_SECONDS = 25
Timeout = tuple[float, float]
TIMEOUT: Timeout = (CONNECT_SECONDS, READ_SECONDS)

DEFAULT_PAUSE = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(hours=6)

_NEVER_CONNECTED = (NewConnectionError, NameResolutionError, ConnectTimeoutError)
_WRONG_ADDRESS = (
    exceptions.TooManyRedirects,
    exceptions.InvalidURL,
    exceptions.InvalidSchema,
    exceptions.MissingSchema,
)


def lost(vendor: str, doing: str, error: Exception, *, reading: bool) -> ServiceError:
    """Return our word for a request that got no answer.

    Only one that changes something, and that may have left, is ambiguous.
    """
    causes = list(_causes(error))
    if isinstance(error, _WRONG_ADDRESS) or any(
        isinstance(cause, SSLCertVerificationError) for cause in causes
    ):
        return Refused(f"{vendor} is not safely reachable at the configured address to {doing}.")
    if reading or any(isinstance(cause, _NEVER_CONNECTED) for cause in causes):
        return Unavailable(f"{vendor} could not be reached to {doing}.")
    return Ambiguous(f"The answer of {vendor} was lost while it was to {doing}.")


def pause_asked(headers: Mapping[str, str], now: datetime | None = None) -> timedelta:
    """Return the pause that `Retry-After` asks for, in seconds or as a date, within reason."""
    asked = headers.get("Retry-After") or headers.get("retry-after") or ""
    if asked.strip().isdigit():
        return min(timedelta(seconds=int(asked.strip()[:9])), LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return DEFAULT_PAUSE
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return bounded(until - (now or datetime.now(UTC)))


def bounded(pause: timedelta) -> timedelta:
    """Return a pause that is neither negative nor longer than a vendor may reasonably ask."""
    return min(max(pause, timedelta(seconds=1)), LONGEST_PAUSE)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and everything that requests and urllib3 wrapped into it."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
