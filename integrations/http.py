"""What HTTP tells: whether a lost request can have been executed, and how long to pause."""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial, wraps
from ssl import SSLEOFError, SSLError, SSLSyscallError, SSLZeroReturnError
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from requests import PreparedRequest, Session, exceptions
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from integrations.errors import Ambiguous, Refused, ServiceError, Unavailable

CONNECT_SECONDS = 5
READ_SECONDS = 20
"""Together with a token's renewal, shorter than one attempt of an activity."""

CONNECTIONS = 32
"""More than a worker has threads, so that none waits for another's connection."""

HOSTS_KNOWN = 32
"""More hosts than a vendor has."""

Timeout = tuple[float, float]
TIMEOUT: Timeout = (CONNECT_SECONDS, READ_SECONDS)

DEFAULT_PAUSE = timedelta(seconds=60)
SHORTEST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(hours=6)

_DIGITS = 10

_NEVER_CONNECTED = (NewConnectionError, NameResolutionError, ConnectTimeoutError)
_WRONG_ADDRESS = (
    exceptions.TooManyRedirects,
    exceptions.InvalidHeader,
    exceptions.InvalidURL,
    exceptions.InvalidSchema,
    exceptions.MissingSchema,
)
_SURPRISES = (LookupError, TypeError, ValueError, AttributeError)

P = ParamSpec("P")
R = TypeVar("R")

_log = logging.getLogger(__name__)


def understanding(vendor: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a method of an adapter refuse answers whose shape is not the vendor's.

    What surprised us goes to the log by its place in our code alone: never the answer itself.
    """

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return method(*args, **kwargs)
            except _SURPRISES as error:
                _log.warning("%s: %s at %s", vendor, type(error).__name__, _place(error))
            raise Refused(
                f"{vendor} answered in a shape that we do not know. Check that nothing stands "
                "between us and it, such as a proxy, then retry."
            )

        return guarded

    return decorate


def connected_widely(session: Session) -> None:
    """Let a session keep a connection for each thread, and send nothing twice by itself.

    Proxies and certificates of the environment are looked up once per host, not per request;
    an entry in `.netrc` never takes the place of our credentials.
    """
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=0))
    session.auth = session.auth or _as_it_is
    looked_up = lru_cache(HOSTS_KNOWN)(partial(_environment, session.merge_environment_settings))

    def settings(url: str, *_nothing_of_its_own: object) -> dict[str, Any]:
        return dict(looked_up(*urlsplit(url)[:2]))

    session.merge_environment_settings = settings  # type: ignore[assignment,method-assign]


def _environment(look_up: Callable[..., Any], scheme: str, host: str) -> dict[str, Any]:
    """Return what the environment says of requests to a host."""
    return dict(look_up(f"{scheme}://{host}/", {}, None, None, None))


def _as_it_is(request: PreparedRequest) -> PreparedRequest:
    """Add no credentials to a request, which has them already."""
    return request


def lost(vendor: str, doing: str, error: Exception, *, reading: bool) -> ServiceError:
    """Return our word for a request that got no answer.

    Only one that changes something, and that may have left, is ambiguous.
    """
    causes = list(_causes(error))
    if isinstance(error, _WRONG_ADDRESS) or any(_is_mistrust(cause) for cause in causes):
        return Refused(
            f"{vendor} is not safely reachable at the configured address to {doing}. Check the "
            "address and its certificate."
        )
    if reading or any(isinstance(cause, _NEVER_CONNECTED) for cause in causes):
        return Unavailable(f"{vendor} could not be reached to {doing}.")
    return Ambiguous(f"The answer of {vendor} was lost while it was to {doing}.")


def pause_asked(headers: Mapping[str, str], now: datetime | None = None) -> timedelta:
    """Return the pause that a vendor asks for, within reason.

    `Retry-After` says it in seconds or as a date; where it is absent, `X-RateLimit-Reset` says
    until when, in seconds since 1970 or as a date.
    """
    told = {name.lower(): value.strip() for name, value in headers.items()}
    now = now or datetime.now(UTC)
    asked, reset = told.get("retry-after", ""), told.get("x-ratelimit-reset", "")
    if asked.isascii() and asked.isdigit():
        return _bounded(int(asked[:_DIGITS]))
    until = _instant(asked) or _instant(reset)
    return _bounded((until - now).total_seconds()) if until else DEFAULT_PAUSE


def _bounded(seconds: float) -> timedelta:
    """Return a pause that is neither negative nor longer than a vendor may reasonably ask."""
    return min(max(timedelta(seconds=seconds), SHORTEST_PAUSE), LONGEST_PAUSE)


def _instant(text: str) -> datetime | None:
    """Read seconds since 1970, an ISO date or an HTTP date."""
    if text.isascii() and text.isdigit():
        return datetime.fromtimestamp(int(text[:_DIGITS]), UTC)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
        except (ValueError, TypeError, IndexError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _is_mistrust(cause: BaseException) -> bool:
    """Tell a certificate or protocol that does not fit from a connection that broke."""
    return isinstance(cause, SSLError) and not isinstance(
        cause, SSLEOFError | SSLZeroReturnError | SSLSyscallError
    )


def _place(error: BaseException) -> str:
    """Return where in our own code an error came up."""
    trace, place = error.__traceback__, ""
    while trace:
        module: Any = trace.tb_frame.f_globals.get("__name__", "")
        if str(module).startswith("integrations.") and module != __name__:
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


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
