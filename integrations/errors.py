"""What can go wrong outside, named for what the caller does next.

ServiceError
├── Refused       needs a human: wrong project, missing permission, malformed content
├── Unavailable   certainly not executed: try again later
│   └── Throttled     the same, and the vendor said when
└── Ambiguous     may have been executed: look first, then try again

Their texts are ours: no vendor text, header or address, since they reach Temporal's history.
"""

from datetime import timedelta


class ServiceError(Exception):
    """An outside system did not do what was asked."""


class Refused(ServiceError):
    """The system will say no again until a human changes something."""


class Unavailable(ServiceError):
    """The system did not do it and may do it later."""


class Throttled(Unavailable):
    """The system asks for a pause."""

    def __init__(self, message: str, *, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Ambiguous(ServiceError):
    """Nobody knows whether it was done: the answer was lost."""
