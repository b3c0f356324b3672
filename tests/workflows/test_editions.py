"""Editions: which one decides a run, with a second one that is made up."""

from collections.abc import Callable
from enum import IntEnum

import pytest

from domain.case import Case
from domain.engine.editions import NEWEST, Edition, newest_known


class Releases(IntEnum):
    """The editions of a release that is made up: the next one."""

    ONE = 1
    TWO = 2


ASKED = ["edition-2", "edition-1"]


def history(*patches: str) -> tuple[list[str], Callable[[str], bool]]:
    """A history that holds these patches, and what it was asked for."""
    asked: list[str] = []

    def is_patched(name: str) -> bool:
        asked.append(name)
        return name in patches

    return asked, is_patched


def test_a_run_that_begins_today_is_decided_by_the_newest_edition() -> None:
    asked, is_patched = history("edition-1", "edition-2")

    assert newest_known(0, list(Releases), is_patched) == Releases.TWO
    assert asked == ["edition-2"]


def test_a_run_that_began_before_the_release_is_decided_as_it_began() -> None:
    asked, is_patched = history("edition-1")

    assert newest_known(0, list(Releases), is_patched) == Releases.ONE
    assert asked == ASKED


def test_the_next_run_of_an_old_case_is_decided_by_the_newest_edition() -> None:
    _, is_patched = history("edition-2")

    assert newest_known(Releases.ONE, list(Releases), is_patched) == Releases.TWO


def test_no_run_goes_back_behind_the_one_before_it() -> None:
    asked, is_patched = history("edition-1")

    with pytest.raises(LookupError, match="not known here"):
        newest_known(Releases.TWO, list(Releases), is_patched)
    assert asked == ["edition-2"]


def test_a_history_of_before_the_first_release_is_refused() -> None:
    _, is_patched = history()

    with pytest.raises(LookupError):
        newest_known(0, list(Edition), is_patched)


def test_a_case_is_made_by_the_newest_edition_and_keeps_it() -> None:
    assert Case().edition == NEWEST == max(Edition)
    assert Case.model_validate_json(Case(edition=1).model_dump_json()).edition == Edition.ONE
