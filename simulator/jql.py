"""The part of JQL that is used: comparisons joined by AND; the order is always newest first."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from simulator.errors import VendorError, jira_error
from simulator.store import JSON

_TOKEN = re.compile(
    r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|=|[(),])|([^\s(),=!"']+))"""
)
_ORDER = re.compile(r"\s*\border\s+by\b.*$", re.IGNORECASE | re.DOTALL)
_UNBOUNDED = (
    "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
)
_EMPTY = {"empty", "null"}


@dataclass(frozen=True)
class Clause:
    """One comparison: a field, the values it may have, and whether that is denied."""

    field: str
    values: frozenset[str]
    denied: bool

    def accepts(self, issue: JSON) -> bool:
        """Say whether an issue passes."""
        have = {value.lower() for value in _FIELDS[self.field](issue)}
        if self.denied:
            # As in Jira, a field without a value is not "other than x".
            return bool(have) and not have & self.values
        return bool(have & self.values) or (not have and bool(self.values & _EMPTY))


def parse(jql: str) -> list[Clause]:
    """Read a query, or refuse it in Jira's words."""
    tokens = _tokens(_ORDER.sub("", jql))
    if not tokens:
        raise jira_error(400, _UNBOUNDED)
    clauses = []
    while tokens:
        clauses.append(_clause(tokens))
        if tokens and (tokens.pop(0).lower() != "and" or not tokens):
            raise _unreadable("Expecting either 'OR' or 'AND'")
    return clauses


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
    if operator in {"=", "!=", "is"}:
        return Clause(field, frozenset({_taken(tokens).lower()}), denied)
    if operator == "in":
        return Clause(field, frozenset(_listed(tokens)), denied)
    raise _unreadable(f"Expecting operator before '{operator}'.")


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
        return [str(user[key]) for key in ("accountId", "emailAddress") if key in user]

    return names


_FIELDS: dict[str, Callable[[JSON], list[str]]] = {
    "project": _named("project"),
    "labels": lambda issue: issue["fields"]["labels"],
    "key": lambda issue: [issue["key"], issue["id"]],
    "issuekey": lambda issue: [issue["key"], issue["id"]],
    "id": lambda issue: [issue["key"], issue["id"]],
    "status": _named("status"),
    "statuscategory": lambda issue: [
        issue["fields"]["status"]["statusCategory"]["name"],
        issue["fields"]["status"]["statusCategory"]["key"],
    ],
    "issuetype": _named("issuetype"),
    "type": _named("issuetype"),
    "priority": _named("priority"),
    "resolution": _named("resolution"),
    "assignee": _person("assignee"),
    "reporter": _person("reporter"),
    "duedate": lambda issue: [d] if (d := issue["fields"].get("duedate")) else [],
    "due": lambda issue: [d] if (d := issue["fields"].get("duedate")) else [],
}
