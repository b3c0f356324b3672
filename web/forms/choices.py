"""What several forms let people choose among: priorities, teams, people."""

from collections.abc import Iterable

from domain.case import Case
from domain.decisions.acts import PRIORITIES
from domain.engine.value import PersonId
from domain.people import name_of

Options = tuple[tuple[str, str], ...]
"""Values and labels of a choice."""

YES_OR_NO = ("yes", "no")


def priorities() -> Options:
    """Return the priorities that an action item can have."""
    return tuple((each, each) for each in PRIORITIES)


def teams(case: Case) -> Options:
    """Return the teams that the case knows."""
    known = case.directory.teams if case.directory else {}
    return tuple((id_, team.name) for id_, team in known.items())


def people(case: Case, among: Iterable[PersonId]) -> Options:
    """Return people by their names."""
    return tuple((each, name_of(case, each)) for each in among)
