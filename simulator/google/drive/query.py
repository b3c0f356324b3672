"""Drive's search language, as far as it is used: terms joined by `and`."""

import re
from collections.abc import Callable

from simulator.errors import google_error
from simulator.store import JSON

_TEXT = r"'((?:[^'\\]|\\.)*)'"
_Test = Callable[[JSON], bool]


def matches(query: str) -> _Test:
    """Return the test that a query means, or refuse the query."""
    tests: list[_Test] = []
    rest = query.strip()
    while rest:
        test, rest = _first_term(rest)
        tests.append(test)
        joined = re.match(r"\s+and\s+", rest)
        if rest and not joined:
            raise _invalid()
        rest = rest[joined.end() :] if joined else ""
    return lambda file: all(test(file) for test in tests)


def _first_term(text: str) -> tuple[_Test, str]:
    for pattern, build in _TERMS:
        if found := re.match(pattern, text):
            values = [re.sub(r"\\(.)", r"\1", value) for value in found.groups()]
            return build(*values), text[found.end() :]
    raise _invalid()


def _in_parents(parent: str) -> _Test:
    return lambda file: parent in file["parents"]


def _trashed(sign: str, value: str) -> _Test:
    return lambda file: (file["trashed"] == (value == "true")) == (sign == "=")


def _text(name: str, sign: str, value: str) -> _Test:
    if sign == "contains":
        return lambda file: value.lower() in file[name].lower()
    return lambda file: (file[name] == value) == (sign == "=")


def _property(where: str, key: str, value: str) -> _Test:
    return lambda file: file.get(where, {}).get(key) == value


def _invalid() -> Exception:
    return google_error(400, "invalid", "Invalid Value", ("parameter", "q"))


_TERMS: list[tuple[str, Callable[..., _Test]]] = [
    (_TEXT + r"\s+in\s+parents", _in_parents),
    (r"trashed\s*(=|!=)\s*(true|false)", _trashed),
    (r"(mimeType|name)\s*(=|!=|contains)\s*" + _TEXT, _text),
    (
        r"(appProperties|properties)\s+has\s+\{\s*key\s*=\s*"
        + _TEXT
        + r"\s+and\s+value\s*=\s*"
        + _TEXT
        + r"\s*\}",
        _property,
    ),
]
