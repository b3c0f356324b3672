"""The part of JQL that is used: comparisons joined by AND, and an order."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from simulator.control.clock import moment
from simulator.errors import VendorError, jira_error
from simulator.store import JSON

_TOKEN = re.compile(
    r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|>=|<=|[=<>~(),])|([^\s(),=!<>~"']+))"""
)
_ORDER = re.compile(r"\s*\border\s+by\b\s*(.*)$", re.IGNORECASE | re.DOTALL)
UNBOUNDED = (
    "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
)
KEYS = {"key", "issuekey", "id", "issue"}
_EMPTY = {"empty", "null"}
_RELATIVE = re.compile(r"-(\d+)([mhdw])")
_COMPARISONS: dict[str, Callable[[datetime, datetime], bool]] = {
    ">=": lambda have, given: have >= given,
    ">": lambda have, given: have > given,
    "<=": lambda have, given: have <= given,
    "<": lambda have, given: have < given,
}


@dataclass
class Clause:
    """One comparison: a field, the values it may have, and how they are compared."""

    field: str
    values: frozenset[str]
    denied: bool = False
    operator: str = "="

    def accepts(self, issue: JSON) -> bool:
        """Say whether an issue passes."""
        have = {value.lower() for value in _FIELDS[self.field](issue)}
        if self.operator in _COMPARISONS:
            [given] = self.values
            compare = _COMPARISONS[self.operator]
            return any(compare(moment(value), moment(given)) for value in have)
        if self.operator == "~":
            [given] = self.values
            return any(given in value for value in have) != self.denied
        if self.denied:
            # As in Jira, a field without a value is not "other than x".
            return bool(have) and not have & self.values
        return bool(have & self.values) or (not have and bool(self.values & _EMPTY))


@dataclass(frozen=True)
class Query:
    """A query that was read."""

    clauses: list[Clause]
    order: list[tuple[str, bool]]

    def ordered(self, issues: list[JSON]) -> list[JSON]:
        """Return issues in the order that was asked for; newest first where nothing was."""
        for field, descending in reversed(self.order):
            issues = sorted(issues, key=lambda issue: _rank(issue, field), reverse=descending)
        return issues


def parse(jql: str) -> Query:
    """Read a query, or refuse it in Jira's words."""
    order = _ORDER.search(jql)
    tokens = _tokens(_ORDER.sub("", jql))
    clauses = []
    while tokens:
        clauses.append(_clause(tokens))
        if tokens and (tokens.pop(0).lower() != "and" or not tokens):
            raise _unreadable("Expecting either 'OR' or 'AND'")
    return Query(clauses, _order(order.group(1)) if order else [])


def _order(text: str) -> list[tuple[str, bool]]:
    told = []
    for part in text.split(","):
        field, _, direction = part.strip().lower().partition(" ")
        if field not in _FIELDS or direction.strip() not in {"", "asc", "desc"}:
            raise _unreadable(f"Cannot order by '{part.strip()}'.")
        told.append((field, direction.strip() == "desc"))
    return told


def _rank(issue: JSON, field: str) -> tuple[str, int]:
    number = int(issue["id"])
    if field in KEYS:
        return issue["key"].partition("-")[0], int(issue["key"].partition("-")[2])
    if field == "created":
        return "", number
    return "".join(_FIELDS[field](issue)[:1]), 0


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if not found:
            raise _unreadable(
                f"The character '{text[at:].strip()[0]}' is a reserved JQL character."
            )
        tokens.append(next(group for group in found.groups() if group is not None))
        at = found.end()
    return tokens


def _clause(tokens: list[str]) -> Clause:
    field = _taken(tokens).lower()
    if field not in _FIELDS:
        raise jira_error(
            400, f"Field '{field}' does not exist or you do not have permission to view it."
        )
    operator = _taken(tokens).lower()
    denied = operator in {"!=", "not"}
    if operator == "not":
        operator = _taken(tokens).lower()
    if operator == "is" and tokens and tokens[0].lower() == "not":
        tokens.pop(0)
        # IS NOT EMPTY: whatever value there is will do.
        _taken(tokens)
        return Clause(field, frozenset(), denied=True)
    if operator in {"=", "!=", "is", "~"}:
        sign = "~" if operator == "~" else "="
        return Clause(field, frozenset({_taken(tokens).lower()}), denied, sign)
    if operator in _COMPARISONS and field in _TIMES:
        return Clause(field, frozenset({_time(_taken(tokens))}), operator=operator)
    if operator == "in":
        return Clause(field, frozenset(_listed(tokens)), denied)
    raise _unreadable(f"Expecting operator before '{operator}'.")


def _time(text: str) -> str:
    """Read a date, or refuse it; times relative to now are left to the real Jira."""
    try:
        return moment(text.replace("/", "-")).astimezone(UTC).isoformat()
    except ValueError:
        known = "not simulated" if _RELATIVE.fullmatch(text) else "invalid"
        message = f"Date value '{text}' for field is {known}. Valid formats: 'yyyy-MM-dd HH:mm'."
        raise jira_error(400, message) from None


def _listed(tokens: list[str]) -> list[str]:
    if _taken(tokens) != "(":
        raise _unreadable("Expecting '('.")
    values = []
    while (word := _taken(tokens)) != ")":
        if word != ",":
            values.append(word.lower())
    if not values:
        raise _unreadable("Expecting a value or a function.")
    return values


def _taken(tokens: list[str]) -> str:
    if not tokens:
        raise _unreadable("The query ended too early.")
    return tokens.pop(0)


def _unreadable(why: str) -> VendorError:
    return jira_error(400, f"Error in the JQL Query: {why}")


def _named(field: str) -> Callable[[JSON], list[str]]:
    def names(issue: JSON) -> list[str]:
        value = issue["fields"].get(field)
        return [str(value[key]) for key in ("name", "id", "key") if value and key in value]

    return names


def _person(field: str) -> Callable[[JSON], list[str]]:
    def names(issue: JSON) -> list[str]:
        user = issue["fields"].get(field) or {}
        return [str(user[key]) for key in ("accountId", "name", "emailAddress") if key in user]

    return names


def _plain(field: str) -> Callable[[JSON], list[str]]:
    return lambda issue: [value] if (value := issue["fields"].get(field)) else []


def _key(issue: JSON) -> list[str]:
    return [issue["key"], issue["id"]]


_TIMES = {"created", "updated", "resolved", "duedate", "due"}
_FIELDS: dict[str, Callable[[JSON], list[str]]] = {
    "project": _named("project"),
    "labels": lambda issue: issue["fields"]["labels"],
    **dict.fromkeys(KEYS, _key),
    "parent": lambda issue: [p["key"], p["id"]] if (p := issue["fields"].get("parent")) else [],
    "status": _named("status"),
    "statuscategory": lambda issue: [
        issue["fields"]["status"]["statusCategory"]["name"],
        issue["fields"]["status"]["statusCategory"]["key"],
    ],
    "summary": _plain("summary"),
    "issuetype": _named("issuetype"),
    "type": _named("issuetype"),
    "priority": _named("priority"),
    "resolution": _named("resolution"),
    "assignee": _person("assignee"),
    "reporter": _person("reporter"),
    "created": _plain("created"),
    "updated": _plain("updated"),
    "resolved": _plain("resolutiondate"),
    "duedate": _plain("duedate"),
    "due": _plain("duedate"),
}
