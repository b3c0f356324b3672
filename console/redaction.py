"""What never reaches a log: secrets, tokens, codes, addresses, and the text of foreign failures."""

import re
from collections.abc import Collection, Iterator, Mapping
from traceback import extract_tb
from typing import Any

from temporalio.exceptions import ApplicationError

from integrations.errors import ServiceError

HIDDEN = "(hidden)"
_HIDDEN_NAMES = frozenset(
    {"api_key", "authorization", "code", "email", "name", "password", "secret", "token", "url"}
)
_LONGEST = 1_000
_SHORTEST_SECRET = 6
_CAUSES = 5
_OURS = frozenset({"ServiceError", *(each.__name__ for each in ServiceError.__subclasses__())})

_PATTERNS = (
    (re.compile(r"[^\s'\"<>(),;:=]+@[^\s'\"<>(),;:=]+"), "(an address)"),
    (re.compile(r"(?i)\b(bearer|basic)\s+\S+"), r"\1 (hidden)"),
    (re.compile(r"/([a-z])/[\w.~%-]{8,}"), r"/\1/(a link)"),
    (re.compile(r"\b[\w-]{16,}\.[\w-]{40,}"), "(a token)"),
    (re.compile(r"\b(?:SG\.|ya29\.|ATATT)[\w.=-]+"), "(a key)"),
    (re.compile(r"(?<=\?)\S+"), "(a query)"),
)


class Redaction:
    """Takes out of whatever is logged what it must not hold; `secrets` are known by their value."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        known = sorted((each for each in secrets if len(each) >= _SHORTEST_SECRET), key=len)
        self._secrets = re.compile("|".join(map(re.escape, reversed(known))) or r"(?!)")

    def __call__(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of a line as they may be written."""
        return {
            name: HIDDEN if name.lower() in _HIDDEN_NAMES else self._clean(value)
            for name, value in told.items()
        }

    def _clean(self, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return self({str(name): each for name, each in value.items()})
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(each) for each in value]
        # Last the cut: half a secret would not be known any more.
        return self.text(str(value))[:_LONGEST]

    def text(self, text: str) -> str:
        """Return a text without what looks like a secret or an address, or is one."""
        text = self._secrets.sub(HIDDEN, text)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text


def failure(error: BaseException) -> list[dict[str, Any]]:
    """Return what may be told of a failure and its causes: kinds and places, never a local.

    Its text may hold what a person typed or a vendor said, so only our own texts are told.
    """
    return [_told(each) for each in _with_causes(error)]


def _told(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    told: dict[str, Any] = {"kind": f"{kind.__module__}.{kind.__qualname__}"}
    if _is_ours(error):
        told["text"] = str(error)
    frames = extract_tb(error.__traceback__)
    told["at"] = [f"{each.filename}:{each.lineno} in {each.name}" for each in frames]
    return told


def _is_ours(error: BaseException) -> bool:
    if isinstance(error, ApplicationError):
        return error.type in _OURS
    return isinstance(error, ServiceError)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(_CAUSES):
        if seen is None:
            return
        yield seen
        inner = seen.exceptions[0] if isinstance(seen, BaseExceptionGroup) else None
        seen = inner or seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
