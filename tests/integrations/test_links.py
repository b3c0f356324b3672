"""Links and codes: who can make them, and what each is good for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from integrations.links import Link, Links, Purpose

BASE = "https://aftermath.example.com"
CASE = "postmortem-INC-204"


def links(*keys: str) -> Links:
    return Links(list(keys or ("the key of these tests",)), BASE)


def token(url: str) -> str:
    return url.rsplit("/", 1)[1]


def test_a_link_says_what_it_was_made_for() -> None:
    steps = links().url(Purpose.STEPS, CASE, "ines-duarte")
    approval = links().url(Purpose.APPROVAL, CASE, "beatriz-leal", "ap-7")

    assert steps.startswith(f"{BASE}/s/")
    assert approval.startswith(f"{BASE}/a/")
    assert links().read(Purpose.STEPS, token(steps)) == Link(Purpose.STEPS, CASE, "ines-duarte")
    assert links().read(Purpose.APPROVAL, token(approval)) == Link(
        Purpose.APPROVAL, CASE, "beatriz-leal", "ap-7"
    )


def test_the_same_ids_give_the_same_link_so_that_a_repeated_mail_is_the_same_mail() -> None:
    again = [links().url(Purpose.WITHDRAW, CASE, "beatriz-leal", "ap-7") for _ in range(2)]

    assert again[0] == again[1]


def test_a_link_is_good_for_its_own_purpose_only() -> None:
    approval = token(links().url(Purpose.APPROVAL, CASE, "beatriz-leal", "ap-7"))

    assert links().read(Purpose.WITHDRAW, approval) is None
    assert links().read(Purpose.STEPS, approval) is None


def test_a_link_survives_the_change_of_keys_until_its_key_is_dropped() -> None:
    old = token(links("old").url(Purpose.STEPS, CASE, "ines-duarte"))

    assert links("old", "new").read(Purpose.STEPS, old) is not None
    assert links("new").read(Purpose.STEPS, old) is None


def test_the_newest_key_signs() -> None:
    new = token(links("old", "new").url(Purpose.STEPS, CASE, "ines-duarte"))

    assert links("new").read(Purpose.STEPS, new) is not None


def test_a_token_made_with_the_key_but_another_scheme_is_refused() -> None:
    forged = URLSafeSerializer("the key of these tests", salt="aftermath.link.s").dumps([CASE, "x"])

    assert links().read(Purpose.STEPS, str(forged)) is None


@given(st.text())
def test_no_other_text_is_a_link(text: str) -> None:
    assert links().read(Purpose.STEPS, text) is None


def test_a_link_with_any_character_changed_is_refused() -> None:
    genuine = token(links().url(Purpose.STEPS, CASE, "ines-duarte"))
    for place, character in enumerate(genuine):
        changed = genuine[:place] + ("A" if character != "A" else "B") + genuine[place + 1 :]
        read = links().read(Purpose.STEPS, changed)
        # The last character of base64 has bits that nobody reads; the ids stay the same.
        assert read is None or (place == len(genuine) - 1 and read.person == "ines-duarte")


def test_an_approval_without_an_id_and_steps_with_one_are_programming_errors() -> None:
    with pytest.raises(ValueError, match="APPROVAL"):
        links().url(Purpose.APPROVAL, CASE, "beatriz-leal")
    with pytest.raises(ValueError, match="STEPS"):
        links().url(Purpose.STEPS, CASE, "beatriz-leal", "ap-7")


def test_links_without_a_key_are_refused() -> None:
    with pytest.raises(ValueError, match="key"):
        Links([], BASE)
    with pytest.raises(ValueError, match="key"):
        Links(["", "good"], BASE)


def test_a_code_has_six_digits_and_is_the_same_each_time() -> None:
    code = links().code("ap-7", "beatriz-leal")

    assert len(code) == 6
    assert code.isdigit()
    assert code == links().code("ap-7", "beatriz-leal")


def test_a_code_belongs_to_one_approval_and_one_person() -> None:
    code = links().code("ap-7", "beatriz-leal")

    assert links().code_matches("ap-7", "beatriz-leal", f" {code[:3]} {code[3:]} ")
    assert not links().code_matches("ap-8", "beatriz-leal", code)
    assert not links().code_matches("ap-7", "marcus-webb", code)
    assert not links().code_matches("ap-7", "beatriz-leal", "")
    assert not links().code_matches("ap-7", "beatriz-leal", "१२३४५६")


def test_a_code_survives_the_change_of_keys() -> None:
    code = links("old").code("ap-7", "beatriz-leal")

    assert links("old", "new").code_matches("ap-7", "beatriz-leal", code)
    assert not links("new").code_matches("ap-7", "beatriz-leal", code)
