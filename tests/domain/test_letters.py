"""What is written to people: whole sentences, the right button, nothing that is not theirs."""

import pytest

from domain import letters, reminders
from domain.ownership.acts import AcceptOwnership
from domain.acts import CompleteStep
from domain.case import Case
from domain.letters import Letter
from domain.policy import Wait
from domain.engine.waiting import Waiting
from tests.playing import AMARA, INES, Play
from tests.scenes import (
    LEVEL_0,
    TEXT,
    approved,
    asked,
    changes,
    decided,
    followed,
    mailing,
    met,
    owned,
    request,
)


def words(letter: Letter) -> str:
    blocks = (text for block in letter.blocks for text in (block.text, *block.points))
    return " ".join((letter.subject, *blocks))


def every_letter() -> list[Letter]:
    play = followed()
    play.wait(days=40)
    by_hand = Play(connected=LEVEL_0)
    return [effect.letter for p in (play, by_hand) for _, effect in p.notices()]


def test_every_letter_names_the_incident_and_has_a_button() -> None:
    for letter in every_letter():
        assert "INC-204" in letter.subject
        assert letter.button is not None
        assert "None" not in words(letter)
        assert "  " not in words(letter)


def test_every_letter_carries_the_code_only_to_the_liaison() -> None:
    play = approved()

    codes = {
        (effect.notice.kind, effect.to) for _, effect in play.notices() if effect.letter.code_for
    }

    assert codes == {("approval", "beatriz-leal")}


def test_a_nomination_tells_when_the_meeting_is() -> None:
    play = Play()

    text = words(letters.nomination(play.case))

    assert "The meeting is on Thu 14 Jan 2027 15:00 (Europe/Lisbon)." in text


def test_a_nomination_leaves_before_a_time_is_found() -> None:
    play = Play()
    unbooked = play.case.replace(meeting=play.case.meeting.replace(start=None))

    assert "is being looked for" in words(letters.nomination(unbooked))


@pytest.mark.parametrize(
    ("empty", "said"),
    [
        (None, "We could not read the document"),
        ((), "Every section is filled."),
        (("Impact",), "1 section is still empty: Impact"),
        (("Impact", "Timeline"), "2 sections are still empty: Impact Timeline"),
    ],
)
def test_a_pre_read_says_what_is_missing(empty: tuple[str, ...] | None, said: str) -> None:
    play = owned()
    case = play.case.replace(document=play.case.document.replace(empty_sections=empty))

    assert said in words(letters.pre_read(case))


def test_without_a_document_letters_lead_to_the_page() -> None:
    play = Play(connected=LEVEL_0)

    pre_read, published = letters.pre_read(play.case), letters.published(play.case)

    assert pre_read.button is not None
    assert pre_read.button.leads_to == "steps"
    assert published.document_url == ""


def test_a_confirmation_says_how_long_there_is() -> None:
    play = decided()

    text = words(letters.confirmation(play.case, ("AI-3",)))

    assert "answer within 1 business day" in text
    assert "AI-3 Measure rules before they go out" in text


def test_the_approved_text_stands_word_for_word_in_request_and_post() -> None:
    play = approved()

    for letter in (
        letters.approval_request(play.case, request(play.case)),
        letters.paste_ready(play.case),
    ):
        quoted = [block.text for block in letter.blocks if block.quoted]
        assert quoted == [TEXT.subject, TEXT.summary, TEXT.what_happened, TEXT.what_we_do]


def test_an_approval_is_told_with_what_follows_from_it() -> None:
    by_hand, by_mail = approved(), approved(policy=mailing())

    assert "may be posted at Thu 14 Jan 2027 18:10" in words(letters.approved(by_hand.case))
    assert "is sent to the customers' list at" in words(letters.approved(by_mail.case))


def test_a_revision_is_asked_for_with_the_liaisons_words() -> None:
    play = asked()
    play.act(changes(play.case, "Say sorry."))

    letter = letters.draft_wanted(play.case)

    assert letter.subject == "INC-204: the customer message needs a change"
    assert "Say sorry." in words(letter)


def test_the_report_counts_what_was_accepted() -> None:
    play = decided()

    text = words(letters.published(play.case))

    assert "4 of 4 proposals were accepted" in text
    assert "AI-3 Measure rules before they go out (confirming with the team)" in text


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("event", "Please book the meeting"),
        ("document", "Please make the document"),
        ("issue:AI-1", "Refuse rules that backtrack"),
        ("done:AI-1", "should be done"),
        ("issue:AI-9", "Please open a ticket"),
        ("done:AI-9", "should be done"),
    ],
)
def test_a_step_by_hand_says_what_to_do(step: str, said: str) -> None:
    play = decided()

    letter = reminders.human_step(play.case, step)

    assert said in words(letter)
    assert bool(letter.event_file) is (step == "event")


@pytest.mark.parametrize("what", Wait)
def test_a_reminder_says_what_waits_since_when(what: Wait) -> None:
    play = decided()
    waiting = Waiting(what=what, person=INES, since=play.now, about="AI-3")

    to_her, about_her = (
        reminders.reminder(play.case, waiting),
        reminders.escalation(play.case, waiting),
    )

    assert "Since Thu 14 Jan 2027 16:00 (Europe/Lisbon) it waits for you" in words(to_her)
    assert "it waits for Inês Duarte" in words(about_her)
    assert "AI-3 Measure rules before they go out" in words(to_her)


def test_the_weekly_letter_counts_in_words() -> None:
    play = followed()

    one, two = (
        reminders.weekly(play.case, ("AI-1",)),
        reminders.weekly(play.case, ("AI-1", "AI-3")),
    )

    assert one.subject == "INC-204: 1 action item is open"
    assert two.subject == "INC-204: 2 action items are open"
    assert "(WAF-1), due Wed 27 Jan" in words(one)


def test_nobody_is_written_to_before_the_case_is_set_up() -> None:
    with pytest.raises(LookupError):
        letters.nomination(Case())


def test_the_meetings_outcome_is_asked_with_the_open_proposals() -> None:
    play = met()

    text = words(letters.after_meeting(play.case))

    assert "AI-1 Refuse rules that backtrack" in text
    assert "Was it held" in text


def test_a_step_done_by_hand_brings_its_address_into_the_letters() -> None:
    play = Play(connected=LEVEL_0)
    play.act(AcceptOwnership(by=AMARA))
    play.act(CompleteStep(by=AMARA, step="document", reference="https://wiki/1"))

    assert letters.pre_read(play.case).document_url == "https://wiki/1"
