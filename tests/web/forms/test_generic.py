"""The form of an act that no module of ours knows: made from its fields, with words of its own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import AwareDatetime, Field

from domain import lifecycle
from domain.case import Case
from domain.engine.act import Act
from domain.engine.journal import Door
from domain.engine.subject import Subject
from domain.engine.value import PersonId, Value
from domain.engine.waiting import Waiting, WaitSpec
from tests.playing import AMARA, RUI
from tests.web_cases import House, house, only_act, opened, owned, posted
from web.forms import form_of
from wording.catalogue import Catalogue, catalogue


class Review(Value):
    """What the test's own subject keeps."""

    done: bool = False


class Depth(StrEnum):
    """How thorough it was."""

    SHALLOW = "shallow"
    DEEP = "deep"


class RecordReview(Act[Case]):
    """Somebody looked at what the runbook says."""

    name: ClassVar[str] = "record_review"

    outcome: Literal["kept", "rewritten"]
    summary: Annotated[str, Field(max_length=2000, description="What did you change?")]
    on_call_agrees: bool
    depth: Depth | None = None
    next_on: date | None = None
    talk_at: AwareDatetime | None = None
    pages: Annotated[int, Field(le=50)] = 1

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        return frozenset(filter(None, (case.ownership.owner,)))

    def wrong(self, case: Case, now: datetime) -> str | None:  # noqa: ARG002
        return "It was reviewed already." if case.state_of("review", Review).done else None

    def applied(self, case: Case, now: datetime) -> Case:  # noqa: ARG002
        return case.with_state("review", Review(done=True))


class Nested(RecordReview):
    """An act with a field that no field of a form can hold."""

    name: ClassVar[str] = "nested"

    parts: tuple[Review, ...] = ()


def unreviewed(case: Case) -> Iterator[Waiting]:
    owner, since = case.ownership.owner, case.ownership.accepted_at
    if owner and since and not case.state_of("review", Review).done:
        yield Waiting("runbook-review", owner, since)


REVIEW = Subject(
    name="review",
    waits=(WaitSpec(name="runbook-review", on=unreviewed, answered_by=(RecordReview,)),),
    acts=(RecordReview, Nested),
    state=Review,
)

WORDS = """
[waits.runbook-review]
asked = "Look at the runbook"
of_others = "a look at the runbook"
reminder = "a look at the runbook"
since = "since"

[acts.record_review]
title = "The runbook"
button = "It is reviewed"
done = "Thank you for the review."
journal = "{{ by }} reviewed the runbook."
labels.outcome = "What became of it?"
labels.depth = "How thoroughly?"
"""


@pytest.fixture
def words(tmp_path: Path) -> Catalogue:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "review.toml").write_text(WORDS)
    return catalogue(tmp_path)


@pytest.fixture
def here(words: Catalogue, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(lifecycle, "SUBJECTS", [*lifecycle.SUBJECTS, REVIEW])
    return house(owned(), words)


FILLED = {"outcome": "kept", "summary": "Nothing", "on_call_agrees": "yes"}


async def test_an_act_of_a_new_subject_is_on_the_page_with_its_words(here: House) -> None:
    page = await opened(here, AMARA)

    assert "Look at the runbook since " in page.text
    assert "#record_review" in page.links
    assert page.form_names[0] == "record_review"
    labels = ("What became of it?", "What did you change?", "On call agrees", "How thoroughly?")
    for each in ("The runbook", "It is reviewed", *labels):
        assert each in page.text
    assert "On the clocks of Europe/Lisbon." in page.text


async def test_each_kind_of_field_is_shown_as_what_it_is(here: House) -> None:
    page = await opened(here, AMARA)

    form = page.form("record_review")
    assert form.choices == {
        "outcome": ["kept", "rewritten"],
        "on_call_agrees": ["yes", "no"],
        "depth": ["shallow", "deep"],
    }
    assert form.texts == ["summary", "next_on", "talk_at", "pages", "word"]
    assert set(page.fields) <= page.labelled


async def test_what_is_filled_in_becomes_the_act(here: House) -> None:
    typed = {
        **FILLED,
        "depth": "deep",
        "next_on": "2027-07-14",
        "talk_at": "2027-07-14T11:00",
        "pages": "3",
    }

    page = await posted(here, AMARA, "record_review", typed)

    assert only_act(here) == RecordReview(
        by=AMARA,
        through=Door.PAGE,
        outcome="kept",
        summary="Nothing",
        on_call_agrees=True,
        depth=Depth.DEEP,
        next_on=date(2027, 7, 14),
        talk_at=datetime(2027, 7, 14, 10, tzinfo=UTC),
        pages=3,
    )
    assert page.status == 200
    assert "record_review" not in (await opened(here, AMARA)).form_names


async def test_what_is_done_is_said_on_the_page_and_in_the_journal(here: House) -> None:
    page = await opened(here, AMARA)

    page = await here.browser().send(page, page.form("record_review"), **FILLED)

    assert "Thank you for the review." in page.text
    assert "Amara Okafor reviewed the runbook." in page.text


async def test_what_may_be_left_out_takes_what_the_act_says(here: House) -> None:
    await posted(here, AMARA, "record_review", {**FILLED, "on_call_agrees": "no"})

    assert only_act(here) == RecordReview(
        by=AMARA, through=Door.PAGE, outcome="kept", summary="Nothing", on_call_agrees=False
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"summary": ""}, "summary"),
        ({"outcome": "burnt"}, "outcome"),
        ({"depth": "abyss"}, "depth"),
        ({"next_on": "soon"}, "next_on"),
        ({"talk_at": "soon"}, "talk_at"),
        ({"pages": "many"}, "pages"),
        ({"pages": "51"}, "pages"),
        ({"summary": "x" * 2001}, "summary"),
    ],
)
async def test_what_cannot_be_used_is_said_beside_its_field(
    here: House, typed: dict[str, str], field: str
) -> None:
    page = await posted(here, AMARA, "record_review", {**FILLED, **typed})

    assert (page.status, here.cases.acts) == (422, [])
    assert f"#record_review-{field}" in page.links
    assert page.form("record_review").filled["seen"]


async def test_whoever_is_not_allowed_is_refused_by_the_act_itself(here: House) -> None:
    page = await posted(here, RUI, "record_review", FILLED)

    assert (page.status, here.cases.acts) == (409, [])
    assert "This is not yours to do in this case." in page.text


async def test_an_act_that_no_plain_form_can_hold_is_on_no_page(here: House) -> None:
    assert form_of(Nested).doors == frozenset()

    page = await posted(here, AMARA, "nested", FILLED)

    assert (page.status, here.cases.acts) == (404, [])
