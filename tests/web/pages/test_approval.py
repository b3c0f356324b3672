"""The liaison's page: nothing but a person with the mail decides, and the first decision stands."""

import pytest

from domain.customer_message.acts import (
    DecideExternalMessage,
    DraftExternalMessage,
    HandOnReviewNow,
    MarkPosted,
    WithdrawMessage,
)
from domain.customer_message.codes import ReportWrongCode
from domain.engine.journal import Door
from integrations.links import Link, Purpose
from tests.browser import Page
from tests.playing import AMARA, BEATRIZ, JOANA
from tests.scenes import approving
from tests.web_cases import (
    BASE,
    CASE,
    LINKS,
    PROOFS,
    TEXT,
    House,
    approved,
    asked_to_approve,
    house,
)

HEADERS = {"Origin": BASE}


def open_review() -> House:
    return house(asked_to_approve())


def last_part(address: str) -> str:
    return address.rsplit("/", 1)[-1]


async def decide(here: House, **typed: str) -> Page:
    page = await here.browser().open(here.review())
    return await here.browser().send(page, page.form(last_part(here.review())), **typed)


def decisions(here: House) -> list[DecideExternalMessage]:
    return [each for each in here.cases.acts if isinstance(each, DecideExternalMessage)]


def wrong_codes(here: House) -> int:
    return sum(isinstance(each, ReportWrongCode) for each in here.cases.acts)


def wrong_code(here: House) -> str:
    return "111111" if here.code() != "111111" else "222222"


async def test_the_page_shows_the_exact_text_and_what_helps_to_judge_it() -> None:
    here = open_review()

    page = await here.browser().open(here.review())

    asked = here.case.message.approval
    assert asked is not None
    for words in (
        *(" ".join(part.split()) for part in TEXT.model_dump().values()),
        "version 1",
        asked.digest[:10],
        "Roll rules out in stages",
        "You decide as Beatriz Leal , for INC-204",
        "Nobody: you are the only one who is asked.",
    ):
        assert words in page.text
    assert "Tell customers sooner" not in page.text


async def test_neither_decision_nor_code_is_filled_in_beforehand() -> None:
    here = open_review()

    page = await here.browser().open(here.review())

    form = page.form(last_part(here.review()))
    assert "decision" not in form.filled
    assert form.filled["code"] == ""
    assert here.code() not in page.html


async def test_an_approval_with_the_code_is_passed_on_with_the_digest_of_the_text() -> None:
    here = open_review()

    page = await decide(here, decision="approved", code=here.code())

    (asked,) = here.case.message.approvals
    assert here.cases.acts == [
        DecideExternalMessage(
            by=BEATRIZ,
            through=Door.REVIEW_LINK,
            approval_id=asked.id,
            digest=TEXT.digest,
            decision="approved",
            evidence="link and code",
            proof=asked.proof,
        )
    ]
    assert PROOFS.let_out(asked.signed(CASE), TEXT, CASE)
    assert (page.status, page.url) == (200, here.review())
    assert "Thank you: the text was approved" in page.text


async def test_a_code_may_be_typed_with_a_space_as_the_mail_prints_it() -> None:
    here = open_review()

    await decide(here, decision="approved", code=f"{here.code()[:3]} {here.code()[3:]}")

    assert len(decisions(here)) == 1


async def test_a_wish_for_a_change_needs_words() -> None:
    here = open_review()
    page = await decide(here, decision="changes", code=here.code())
    assert (page.status, here.cases.acts) == (422, [])
    assert "#decide_external_message-comment" in page.links

    page = await decide(here, decision="changes", code=here.code(), comment="Name the hour")

    assert decisions(here)[0].comment == "Name the hour"
    assert "a change was asked for" in page.text
    assert TEXT.what_happened.split("\n", maxsplit=1)[0] not in page.text


async def test_a_wrong_code_decides_nothing_and_each_one_counts() -> None:
    here = open_review()

    await decide(here, decision="approved", code=wrong_code(here))
    await decide(here, decision="approved", code=wrong_code(here))
    page = await decide(here, decision="approved", code=wrong_code(here), comment="kept")

    assert (len(decisions(here)), wrong_codes(here)) == (0, 3)
    assert page.status == 422
    assert "This is not the code." in page.text
    assert page.form(last_part(here.review())).filled["comment"] == "kept"


async def test_too_many_wrong_codes_end_the_request_and_the_right_one_comes_too_late() -> None:
    here = open_review()
    review, code, wrong = here.review(), here.code(), wrong_code(here)
    page = await here.browser().open(review)
    assert here.case.rules is not None

    for _ in range(here.case.rules.message.wrong_codes_allowed):
        await here.browser().send(page, page.forms[0], decision="approved", code=wrong)
    page = await here.browser().send(page, page.forms[0], decision="approved", code=code)

    assert decisions(here) == []
    assert "This request was superseded" in page.text


async def test_a_code_alone_is_no_decision_and_a_decision_alone_is_none_either() -> None:
    here = open_review()

    without_decision = await decide(here, code=here.code())
    without_code = await decide(here, decision="approved")

    assert (without_decision.status, without_code.status) == (422, 422)
    assert here.cases.acts == []


async def test_the_same_decision_again_leads_to_the_same_page() -> None:
    here = open_review()
    page = await here.browser().open(here.review())
    typed = {"decision": "approved", "code": here.code()}

    first = await here.browser().send(page, page.forms[0], **typed)
    again = await here.browser().send(page, page.forms[0], **typed)

    assert (again.status, again.text) == (200, first.text)
    assert len(decisions(here)) == 1


async def test_another_decision_later_meets_the_first_one() -> None:
    here = open_review()
    page = await here.browser().open(here.review())
    await here.browser().send(page, page.forms[0], decision="approved", code=here.code())

    later = await here.browser().send(
        page, page.forms[0], decision="changes", code=here.code(), comment="No"
    )

    assert later.status == 409
    assert "This was already decided at " in later.text
    assert len(decisions(here)) == 1


async def test_a_text_that_changed_meanwhile_supersedes_the_page_and_is_not_shown() -> None:
    here = open_review()
    review, code = here.review(), here.code()
    page = await here.browser().open(review)
    here.play.act(DraftExternalMessage(by=AMARA, text=TEXT.replace(summary="Another summary.")))

    sent = await here.browser().send(page, page.forms[0], decision="approved", code=code)
    opened = await here.browser().open(review)

    assert here.cases.acts == []
    assert sent.status == 409
    for shown in (sent, opened):
        assert "superseded" in shown.text
        assert "Another summary." not in shown.text
        assert TEXT.summary not in shown.text


async def test_a_text_that_changes_at_the_very_moment_is_not_approved() -> None:
    here = open_review()
    here.cases.meanwhile = DraftExternalMessage(by=AMARA, text=TEXT.replace(summary="Another."))

    page = await decide(here, decision="approved", code=here.code())

    assert (page.status, here.cases.acts) == (409, [])
    assert "superseded" in page.text
    assert here.case.message.approved_at is None


async def test_who_says_that_it_is_not_theirs_hands_it_to_the_next_one_at_once() -> None:
    here = open_review()
    page = await here.browser().open(here.review())
    form, code = page.form(HandOnReviewNow.name), here.code()

    handed = await here.browser().send(page, form, code=code)
    again = await here.browser().send(page, form, code=code)

    assert [type(each) for each in here.cases.acts] == [HandOnReviewNow]
    assert "superseded" in handed.text
    assert "Marcus Webb is asked now" in handed.text
    assert again.status == 409


async def test_nobody_hands_it_on_without_the_code_from_the_mail() -> None:
    here = open_review()
    page = await here.browser().open(here.review())

    pressed = await here.browser().send(page, page.form(HandOnReviewNow.name))

    assert (pressed.status, here.cases.acts) == (422, [])


async def test_nobody_hands_over_what_was_decided_at_that_very_moment() -> None:
    here = open_review()
    page = await here.browser().open(here.review())
    here.cases.meanwhile = approving(here.case.message.approvals[-1])

    late = await here.browser().send(page, page.form(HandOnReviewNow.name), code=here.code())

    assert late.status == 409
    assert "the text was approved" in late.text


async def test_a_wrong_code_that_comes_too_late_is_counted_and_changes_no_decision() -> None:
    here = open_review()
    here.cases.meanwhile = approving(here.case.message.approvals[-1])

    page = await decide(here, decision="changes", code=wrong_code(here))

    assert (page.status, decisions(here), wrong_codes(here)) == (422, [], 1)
    assert "the text was approved" in page.text
    assert here.case.message.approved_at is not None


async def test_a_wish_for_a_change_has_its_length() -> None:
    here = open_review()

    page = await decide(here, decision="changes", code=here.code(), comment="x" * 2001)

    assert (page.status, here.cases.acts) == (422, [])
    assert "at most 2000 characters" in page.text


async def test_another_digest_than_the_requests_is_refused() -> None:
    here = open_review()

    page = await decide(here, decision="approved", code=here.code(), digest="0" * 64)

    assert (page.status, here.cases.acts) == (409, [])
    assert "The text has changed since you opened the page." in page.text


async def test_a_message_that_is_given_up_closes_the_request() -> None:
    here = open_review()
    here.play.act(WithdrawMessage(by=AMARA, reason="Not needed", for_good=True))

    page = await here.browser().open(here.review())

    assert page.forms == []
    assert "closed" in page.text


async def test_while_temporal_is_away_the_page_says_so_and_when_to_come_back() -> None:
    here = open_review()
    page = await here.browser().open(here.review())
    here.cases.away = True

    opened = await here.browser().ask("GET", here.review())
    sent = await here.browser().send(page, page.forms[0], decision="approved", code=here.code())

    assert (opened.status_code, opened.headers["Retry-After"]) == (503, "60")
    assert sent.status == 503
    assert here.cases.acts == []


async def test_a_link_to_somebody_elses_request_is_not_valid() -> None:
    here = open_review()
    asked = here.case.message.approvals[-1]

    page = await here.browser().open(LINKS.url(Link(Purpose.APPROVAL, CASE, 1, JOANA, asked.id)))

    assert page.status == 404


@pytest.mark.parametrize("purpose", [Purpose.APPROVAL, Purpose.WITHDRAW])
async def test_a_link_into_a_case_that_is_gone_says_so(purpose: Purpose) -> None:
    here = open_review()
    address = LINKS.url(Link(purpose, "postmortem-INC-1", 1, BEATRIZ, "1"))
    headers = {"Origin": BASE}

    opened = await here.browser().ask("GET", address)
    sent = await here.browser().ask("POST", address, headers=headers)

    assert (opened.status_code, sent.status_code) == (404, 404)


async def test_who_was_asked_before_and_what_became_of_it_is_shown() -> None:
    here = open_review()
    await decide(here, decision="changes", code=here.code(), comment="Name the hour")
    here.play.act(DraftExternalMessage(by=AMARA, text=TEXT.replace(summary="From 13:42 to 14:52.")))
    here.play.wait(hours=1)

    page = await here.browser().open(here.review())

    assert "Beatriz Leal, about version 1: asked for a change" in page.text


async def test_an_approved_text_that_is_out_or_given_up_says_so_to_its_liaison() -> None:
    here = house(approved(and_allowed=True))
    waiting = await here.browser().open(here.review())
    here.play.act(MarkPosted(by=BEATRIZ, url="https://status.example.com/1"))
    out = await here.browser().open(here.review())

    assert "It may leave from " in waiting.text
    assert "It is out since " in out.text


def of_revision(number: int) -> House:
    """The liaison is asked about the same text in one postmortem of an incident, or the next."""
    play = asked_to_approve()
    rules = play.case.binding.replace(revision=number)
    message = play.case.message.superseded(play.now)
    play.case = play.case.replace(rules=rules, message=message)
    play.settle()
    return house(play)


async def test_link_and_code_of_an_earlier_postmortem_approve_nothing_of_the_next() -> None:
    first, second = of_revision(1), of_revision(2)
    before, asked = first.case.message.approvals[-1], second.case.message.approvals[-1]
    typed = {"decision": "approved", "digest": asked.digest}

    opened = await second.browser().open(first.review())
    answers = [
        await second.browser().ask("POST", address, data=typed | {"code": code}, headers=HEADERS)
        for address, code in (
            (first.review(), first.code()),
            (first.review(), second.code()),
            (second.review(), first.code()),
        )
    ]

    assert "This link has been replaced" in opened.text
    assert TEXT.summary not in opened.text
    assert [each.status_code for each in answers] == [410, 410, 422]
    assert decisions(second) == []
    assert before.digest == asked.digest
    assert before.id != asked.id


async def test_a_steps_link_of_an_earlier_postmortem_acts_on_nothing_of_the_next() -> None:
    first, second = of_revision(1), of_revision(2)
    address = f"{first.steps(AMARA)}/draft_external_message"

    shown = await second.browser().open(first.steps(AMARA))
    sent = await second.browser().ask(
        "POST", address, data=TEXT.model_dump() | {"subject": "Other"}, headers=HEADERS
    )

    assert (shown.status, sent.status_code) == (410, 410)
    assert second.cases.acts == []
