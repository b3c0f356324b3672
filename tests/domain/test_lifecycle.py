"""The life of a postmortem, played against the clock."""

from domain import lifecycle
from domain.action_items.effects import OpenIssue
from domain.case import Phase
from domain.decisions.acts import ConfirmActionItem, ItemAnswer
from domain.engine.journal import Door
from domain.engine.ledger import Status
from domain.incident import Severity
from domain.meeting.effects import PutEvent
from domain.ownership.acts import AcceptOwnership
from domain.phases import phase
from domain.preparation.effects import ReserveFolder
from tests.playing import (
    AMARA,
    INES,
    RUI,
    Play,
    an_incident,
)
from tests.scenes import (
    LEVEL_0,
    ROWS,
    decided,
    followed,
    met,
    owned,
)

# --- the whole of it ------------------------------------------------------------------------


def test_a_postmortem_lives_from_resolved_to_closed() -> None:
    play = Play(rows=ROWS)
    phases = [phase(play.case)]

    play = followed()
    phases += [phase(owned().case), phase(met().case), phase(decided().case), phase(play.case)]
    for key in play.issues:
        play.take(key)
    play.wait(days=40)

    assert phases == ["awaiting-owner", "drafting", "deciding", "cooling-down", "following-through"]
    assert phase(play.case) is Phase.CLOSED
    assert play.case.closed_at is not None
    assert not play.attention


def test_what_happens_once_happens_once() -> None:
    play = followed()

    assert len(play.kinds(ReserveFolder)) == 1
    assert len(play.kinds(OpenIssue)) == 3
    assert len(play.events) == 1
    assert len(play.sent("pre-read")) == len({to for _, to in play.sent("pre-read")})
    assert play.most_rounds < 12


def test_the_phases_before_the_meeting_follow_what_happened() -> None:
    play = Play()
    play.act(AcceptOwnership(by=AMARA))
    drafting = phase(play.case)
    play.until(play.case.meeting.start)

    assert drafting is Phase.DRAFTING
    assert phase(play.case) is Phase.IN_REVIEW


def test_while_the_invitation_cannot_leave_the_case_is_scheduling() -> None:
    away = Play(trouble=lambda e, _: Status.UNAVAILABLE if isinstance(e, PutEvent) else None)

    away.act(AcceptOwnership(by=AMARA))

    assert phase(away.case) is Phase.SCHEDULING


def test_an_incident_that_the_policy_does_not_want_closes_without_a_word() -> None:
    play = Play(incident=an_incident(severity=Severity.SEV4))

    assert phase(play.case) is Phase.NOT_REQUIRED
    assert play.case.closed_at == play.now
    assert not play.mails
    assert {effect.key for _, effect in play.done} == {"rules", "directory"}


def test_the_same_incident_told_again_changes_nothing() -> None:
    play = owned()
    before, done = play.case, len(play.done)

    play.signal("incident_resolved", play.incident.model_dump(mode="json"))

    assert play.case == before
    assert len(play.done) == done


def test_after_the_end_nothing_is_due() -> None:
    play = followed()
    for key in play.issues:
        play.take(key)
    play.wait(days=40)
    closed, done = play.case, len(play.done)

    play.wait(days=400)

    assert play.case == closed
    assert len(play.done) == done


# --- the table of contents ------------------------------------------------------------------


def test_every_part_of_the_life_has_a_name_of_its_own() -> None:
    for names in (
        [subject.name for subject in lifecycle.SUBJECTS],
        [spec.name for subject in lifecycle.SUBJECTS for spec in subject.waits],
        [act.name for subject in lifecycle.SUBJECTS for act in subject.acts],
        [notice.kind for subject in lifecycle.SUBJECTS for notice in subject.notices],
        [signal.name for subject in lifecycle.SUBJECTS for signal in subject.signals],
        [effect.activity for effect in lifecycle.effects()],
    ):
        assert len(names) == len(set(names))


def test_whatever_answers_a_wait_is_an_act_that_somebody_can_do() -> None:
    answering = {act for spec in lifecycle.waits().values() for act in spec.answered_by}

    assert answering <= set(lifecycle.acts().values())


def test_whatever_is_carried_out_says_what_operations_read() -> None:
    assert all(effect.activity and effect.summary for effect in lifecycle.effects())


def test_every_notice_that_leaves_is_listed_and_names_its_incident() -> None:
    late, by_hand = followed(), Play(connected=LEVEL_0)
    late.wait(days=60)
    by_hand.wait(days=60)

    for _, effect in (*late.notices(), *by_hand.notices()):
        assert lifecycle.notices()[effect.notice.kind] is type(effect.notice)
        assert effect.notice.model_dump()["incident"]["key"] == "INC-204"


def test_every_effect_that_is_carried_out_is_listed() -> None:
    carried_out = {type(effect) for _, effect in followed().done}

    listed = lifecycle.effects()
    assert all(issubclass(each, listed) for each in carried_out)


def test_what_no_page_shows_no_page_may_do_though_the_act_allows_it() -> None:
    play = decided()
    yes_ = ConfirmActionItem(by=RUI, answers=(ItemAnswer(item="AI-3", answer="confirm"),))

    by_page = lifecycle.refusal(play.case, yes_.replace(through=Door.PAGE), play.now)

    assert by_page is not None
    assert "Nobody asks this of you" in by_page
    assert lifecycle.refusal(play.case, yes_, play.now) is None
    assert lifecycle.refusal(play.case, yes_.replace(by=INES, through=Door.PAGE), play.now) is None


def test_what_an_act_refuses_is_refused_through_every_door() -> None:
    play = decided()
    nobody = ConfirmActionItem(by="nobody", answers=())

    assert not lifecycle.open_to(play.life, ConfirmActionItem, "nobody")
    assert "Only the team" in (lifecycle.refusal(play.case, nobody, play.now) or "")
