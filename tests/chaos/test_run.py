"""Chaos itself: the same seed plans the same lives, and the exit code tells what came of them.

A whole run is no test of this suite but a command of its own, which CI calls: `make chaos`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import chaos.__main__
from chaos.actions import next_action
from chaos.checker import Finding, Verdict
from chaos.mailbox import is_notice
from chaos.plan import Plan, plans
from chaos.run import Outcome, Wishes
from chaos.storm import Rhythm
from chaos.wanted import wanted
from domain.decisions.acts import ProposeActionItems
from domain.decisions.state import Verdict as Decided
from tests.playing import Play
from tests.scenes import mailing, owned

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GOOD = Outcome(
    wishes=Wishes(lives=3, seed=5),
    verdict=Verdict(),
    unfinished=[],
    kinds=2,
    spoilt={"google": 4, "jira": 1},
    kills=6,
    questions=1,
    retries=0,
    seconds=83,
)


def bad(verdict: Verdict) -> Verdict:
    verdict.count("postmortem-CHAOS-0001", "ticket", "Add an alert", 0)
    return verdict


def test_the_same_seed_plans_the_same_lives() -> None:
    assert plans(30, 1, NOW) == plans(30, 1, NOW)
    assert plans(30, 1, NOW) != plans(30, 2, NOW)


def test_thirty_lives_have_every_kind_of_turn() -> None:
    lives = plans(30, 1, NOW)
    proposals = [each for life in lives for each in life.proposals]

    assert len({life.case_id for life in lives}) == 30
    verdicts = {Decided.ACCEPTED, Decided.DEFERRED, Decided.DECLINED}
    assert {each.ends_as for each in proposals} == verdicts
    assert any(each.ends_as is not each.verdict for each in proposals)
    for turn in ("mails_customers", "first_declines", "wants_a_change"):
        assert {getattr(life, turn) for life in lives} == {True, False}


def test_people_type_their_proposals_once_somebody_owns_the_case() -> None:
    [life] = plans(1, 1, NOW)
    play = owned()

    action = next_action(play.case, life, play.now, has_arrived=False)

    assert action is not None
    assert isinstance(action.act, ProposeActionItems)
    assert action.act.by == play.case.ownership.owner
    assert [row.text for row in action.act.items] == [each.text for each in life.proposals]


def is_told(plan: Plan, play: Play) -> bool:
    return play.case.message.finished or not plan.mails_customers


def lived(plan: Plan) -> Play:
    """Let the people of a plan bring their case to its report, in the core alone."""
    play = Play(incident=plan.incident, policy=mailing())
    for _ in range(100):
        action = next_action(play.case, plan, play.now, has_arrived=True)
        if action is not None:
            play.act(action.act)
        elif play.case.published_at is not None and is_told(plan, play):
            return play
        else:
            play.wait(hours=12)
    pytest.fail(f"They got no further than {play.waits()}.")


@pytest.mark.parametrize("plan", plans(4, 1, NOW), ids=lambda plan: plan.case_id)
def test_people_do_what_their_plan_says_and_all_that_they_were_told_is_wanted(plan: Plan) -> None:
    play = lived(plan)

    claims = wanted(plan, play.case, "to {}".format)

    said = {item.text: item.decision.verdict for item in play.case.items if item.decision}
    assert said == {each.text: each.ends_as for each in plan.proposals}
    sent = [effect for _, effect in play.notices()]
    assert set(claims.notices) <= {f"{play.case.id}:{e.key}:{e.version}" for e in sent}
    assert {each.key for each in sent} == {key for key in play.case.ledger if is_notice(key)}
    assert claims.told == Counter((e.notice.kind, f"to {e.to}") for e in sent)


def test_a_short_storm_has_every_kind_of_trouble_too() -> None:
    assert Rhythm.of(600) == Rhythm()
    brief = Rhythm.of(12)
    assert max(brief.worker, brief.temporal, brief.cut, brief.web) <= 6


@pytest.fixture
def exit_code(monkeypatch: pytest.MonkeyPatch) -> Callable[[Outcome], int]:
    """Give the exit code of a command whose run came to an outcome."""

    def told(outcome: Outcome) -> int:
        async def run(wishes: Wishes, _: Path) -> Outcome:
            return replace(outcome, wishes=wishes)

        monkeypatch.setattr(chaos.__main__, "run", run)
        monkeypatch.setattr("sys.argv", ["chaos", "--lives", "3", "--seed", "5"])
        return chaos.__main__.main()

    return told


def test_a_run_without_a_finding_exits_with_0_and_says_how_to_repeat_it(
    exit_code: Callable[[Outcome], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(GOOD) == 0

    told = capsys.readouterr().out
    assert (
        "3 lives, 5 faults of 2 kinds, 6 kills: 0 lost, 0 duplicated (seed 5, 1 min 23 s)" in told
    )
    assert "make chaos ARGS='--lives 3 --seed 5'" in told
    assert "answers spoilt: google 4, jira 1" in told


def test_a_folder_with_an_earlier_world_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "simulator.db").touch()
    monkeypatch.setattr("sys.argv", ["chaos", "--keep", str(tmp_path)])

    with pytest.raises(SystemExit) as ended:
        chaos.__main__.main()

    assert ended.value.code == 2
    assert "is not empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    "outcome",
    [
        replace(GOOD, verdict=bad(Verdict())),
        replace(GOOD, verdict=Verdict(findings=[Finding("a case", "ticket", "WAF-1", 2)])),
        replace(GOOD, unfinished=["postmortem-CHAOS-0002: not closed but drafting"]),
    ],
    ids=["lost", "double", "not closed"],
)
def test_whatever_is_wrong_exits_with_1_and_is_named(
    exit_code: Callable[[Outcome], int], capsys: pytest.CaptureFixture[str], outcome: Outcome
) -> None:
    assert exit_code(outcome) == 1

    told = capsys.readouterr().out
    for wrong in (*map(str, outcome.verdict.findings), *outcome.unfinished):
        assert wrong in told
