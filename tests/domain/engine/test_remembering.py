"""What follows from a case is worked out once per state, and never taken for another's."""

from domain.case import Case
from domain.engine.remembering import remembered


def test_the_same_case_is_worked_out_once() -> None:
    derive = remembered(_anything_new)
    case = Case(id="postmortem-1")

    assert derive(case) is derive(case)


def test_a_changed_case_is_worked_out_anew() -> None:
    derive = remembered(_items_ever)
    case = Case(id="postmortem-1")

    assert [derive(case), derive(case.replace(items_ever=1)), derive(case)] == [0, 1, 0]


def test_every_value_counts() -> None:
    derive = remembered(_both)
    case = Case(id="postmortem-1")

    assert [derive(case, 1), derive(case, 2), derive(case, 2)] == [1, 2, 2]


def _both(case: Case, number: int) -> int:
    return case.items_ever + number


def _anything_new(_case: Case) -> object:
    return object()


def _items_ever(case: Case) -> int:
    return case.items_ever
