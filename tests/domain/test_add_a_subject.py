"""Add a step in one sitting: a subject that is made up here, and one line in `lifecycle.py`.

After the meeting the owner says whether the runbook was checked. Whoever says nothing is reminded
by the policy's ladder, and after five business days the case goes on without it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, ClassVar

import pytest
from pydantic import AwareDatetime, Field

from domain import lifecycle
from domain.calendar.spans import Span
from domain.case import Case
from domain.engine.act import Act
from domain.engine.effect import Transition
from domain.engine.journal import Door, Happening
from domain.engine.notice import Ask, Notice
from domain.engine.subject import Attention, Subject
from domain.engine.value import PersonId, Value
from domain.engine.waiting import Lapse, Waiting, WaitSpec
from domain.incident import IncidentFacts
from domain.people import commander, home_calendar
from domain.policy import LadderStep, Policy
from tests.playing import AMARA, JOANA, POLICY, RUI, Play
from tests.scenes import met
from wording.environment import Reader
from wording.rendering import Part, Wording

# --- the subject: in the product this is the folder domain/runbook/ ----------------------------

PATIENCE = Span.model_validate("5bd")


class Runbook(Value):
    """Whether the runbook was checked after the incident."""

    checked_at: AwareDatetime | None = None
    skipped_at: AwareDatetime | None = None


def runbook(case: Case) -> Runbook:
    """Return what is known of the runbook."""
    return case.state_of("runbook", Runbook)


class RunbookWanted(Notice):
    """Ask the owner to check the runbook."""

    kind: ClassVar[str] = "runbook"

    incident: IncidentFacts


class CheckRunbook(Act[Case]):
    """The owner checked the runbook, and says in how many places it was wrong."""

    name: ClassVar[str] = "check_runbook"

    corrections: Annotated[int, Field(ge=0)] = 0

    @classmethod
    def allowed_for(cls, case: Case) -> frozenset[PersonId]:
        """The owner, and the commander in their place."""
        return frozenset(filter(None, (case.ownership.owner, commander(case))))

    def wrong(self, case: Case, now: datetime) -> str | None:  # noqa: ARG002 - one shape
        """Refuse a runbook that nobody asks for."""
        return None if list(_unchecked(case)) else "Nobody waits for the runbook. Nothing to do."

    def applied(self, case: Case, now: datetime) -> Case:
        """Note when."""
        return case.with_state("runbook", runbook(case).replace(checked_at=now))

    def noted_as(self) -> dict[str, str]:
        """Return how much was wrong."""
        return {"corrections": str(self.corrections)}


class SkipRunbook(Transition[Case]):
    """Nobody checked the runbook: the case goes on without, visibly."""

    name: ClassVar[str] = "skip-runbook"

    key: str = "turn:skip-runbook"

    def applied(self, case: Case, now: datetime) -> Case:
        """Note when."""
        return case.with_state("runbook", runbook(case).replace(skipped_at=now))


def _unchecked(case: Case) -> Iterator[Waiting]:
    held_at, owner, known = case.meeting.held_at, case.ownership.owner, runbook(case)
    if held_at and owner and not (known.checked_at or known.skipped_at):
        yield Waiting("runbook", owner, held_at)


def _skipping(case: Case, waiting: Waiting) -> Iterator[Lapse]:
    skip = SkipRunbook(version=waiting.round)
    yield Lapse((PATIENCE,), home_calendar(case), skip)


def _attention(case: Case) -> Iterator[Attention]:
    if runbook(case).skipped_at is not None:
        yield Attention("runbook-skipped", {})


RUNBOOK = Subject(
    name="runbook",
    state=Runbook,
    waits=(
        WaitSpec(
            name="runbook",
            on=_unchecked,
            asks=lambda case, _: Ask(RunbookWanted(incident=case.facts)),
            answered_by=(CheckRunbook,),
            lapses=_skipping,
        ),
    ),
    acts=(CheckRunbook,),
    notices=(RunbookWanted,),
    attention=_attention,
)

# --- the policy's ladder: in the product a line of policy.toml ---------------------------------

LADDER = (
    LadderStep.model_validate({"after": "1bd", "tell": "waited for"}),
    LadderStep.model_validate({"after": "2bd", "tell": "commander"}),
)


def with_ladder() -> Policy:
    return POLICY.replace(ladders={**POLICY.ladders, "runbook": LADDER})


# --- what it does ------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the product this is the one line in `lifecycle.py`."""
    monkeypatch.setattr(lifecycle, "SUBJECTS", [*lifecycle.SUBJECTS, RUNBOOK])


def after_the_meeting() -> Play:
    return met(policy=with_ladder())


def at(day: int, hour: int) -> datetime:
    return datetime(2027, 1, day, hour, tzinfo=UTC)


def test_everything_of_it_is_found_through_the_list() -> None:
    assert lifecycle.waits()["runbook"].answered_by == (CheckRunbook,)
    assert lifecycle.acts()["check_runbook"] is CheckRunbook
    assert lifecycle.notices()["runbook"] is RunbookWanted


def test_the_owner_is_asked_and_operations_see_whom_the_case_waits_for() -> None:
    play = after_the_meeting()

    assert play.sent("runbook") == [(play.now, AMARA)]
    assert f"runbook:{AMARA}" in play.seen.waiting_on


def test_who_says_nothing_is_reminded_by_the_ladder_of_the_policy() -> None:
    play = after_the_meeting()

    play.wait(days=6)

    chased = [(when, each.to) for when, each in play.notices() if each.chases == "runbook"]
    assert [to for _, to in chased] == [AMARA, JOANA]
    assert chased[0][0] >= at(15, 16)
    assert chased[1][0] >= at(18, 16)


def test_the_act_answers_it_and_leaves_a_line_in_the_journal() -> None:
    play = after_the_meeting()

    play.act(CheckRunbook(by=AMARA, through=Door.PAGE, corrections=2))
    line = play.case.journal[-1]
    play.wait(days=10)

    assert (line.what, line.name, line.by) == (Happening.ACT, "check_runbook", AMARA)
    assert (line.through, line.facts) == (Door.PAGE, {"corrections": "2"})
    assert play.waits("runbook") == []
    assert [each for _, each in play.notices() if each.chases == "runbook"] == []
    assert "runbook-skipped" not in play.stuck


def test_it_is_refused_where_it_makes_no_sense_and_to_everybody_else() -> None:
    play = after_the_meeting()

    assert "not yours" in play.refusal(CheckRunbook(by=RUI))
    play.act(CheckRunbook(by=JOANA))

    assert "Nobody waits" in play.refusal(CheckRunbook(by=AMARA))


def test_when_patience_ends_the_case_goes_on_without_it_visibly() -> None:
    play = after_the_meeting()

    play.until(at(21, 17))

    assert runbook(play.case).skipped_at == at(21, 16)
    assert play.waits("runbook") == []
    assert "runbook-skipped" in play.stuck
    assert "skip-runbook" in [line.name for line in play.case.journal]


def page_block(language: str) -> str:
    """Return the block of code in this language that docs/architecture.md shows last."""
    text = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text(encoding="utf-8")
    return text.rpartition(f"```{language}\n")[2].partition("\n```")[0] + "\n"


def test_the_page_that_explains_it_shows_this_very_code() -> None:
    here = Path(__file__).read_text(encoding="utf-8")

    assert page_block("python") in here


def test_its_words_are_two_new_files_and_say_all_that_is_said_of_it(tmp_path: Path) -> None:
    for name, language in (("notices/runbook.md", "markdown"), ("words/runbook.toml", "toml")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(page_block(language), encoding="utf-8")
    words = Wording(lifecycle.notices().values(), tmp_path)
    play = after_the_meeting()
    play.act(CheckRunbook(by=AMARA, through=Door.PAGE, corrections=2))

    notice = RunbookWanted(incident=play.case.facts)
    mail = words.mail([Part(notice)], Reader(name="Amara"), case=play.case.id)
    line = words.catalogue.line(play.case.journal[-1], lambda _: "Amara Okafor")

    assert mail.subject == "INC-204: is the runbook still right?"
    assert "Zero is an answer" in mail.text
    assert words.catalogue.wait("runbook").asked == "Check the runbook"
    assert line == "Amara Okafor checked the runbook and corrected it in 2 places."
    assert words.catalogue.attention(Attention("runbook-skipped", {})).startswith("Nobody")


def test_what_it_keeps_survives_a_roll_over() -> None:
    play = after_the_meeting()
    play.act(CheckRunbook(by=AMARA))

    carried = Case.model_validate_json(play.case.carried().model_dump_json())

    assert runbook(carried) == runbook(play.case)
    assert runbook(Case()) == Runbook()
