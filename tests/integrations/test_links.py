"""Links and codes: who can make them, and what each is good for."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from integrations.links import Link, Links, Purpose

BASE = "https://aftermath.example.com"
CASE = "postmortem-INC-204"
STEPS = Link(Purpose.STEPS, CASE, 1, "ines-duarte")
APPROVAL = Link(Purpose.APPROVAL, CASE, 1, "beatriz-leal", "ap-7")


def links(*keys: str, codes: tuple[str, ...] = ("the key of their codes",)) -> Links:
    return Links(list(keys or ("the key of these tests",)), codes, BASE)


def token(url: str) -> str:
    return url.rsplit("/", 1)[1]


@pytest.mark.parametrize(("link", "place"), [(STEPS, "s"), (APPROVAL, "a")])
def test_a_link_says_what_it_was_made_for(link: Link, place: str) -> None:
    url = links().url(link)

    assert url.startswith(f"{BASE}/{place}/")
    assert links().read(link.purpose, token(url)) == link


def test_the_same_ids_give_the_same_link_so_that_a_repeated_mail_is_the_same_mail() -> None:
    again = [links().url(APPROVAL) for _ in range(2)]

    assert again[0] == again[1]


def test_a_link_is_good_for_its_own_purpose_only() -> None:
    approval = token(links().url(APPROVAL))

    assert links().read(Purpose.WITHDRAW, approval) is None
    assert links().read(Purpose.STEPS, approval) is None


def test_a_link_survives_the_change_of_keys_until_its_key_is_dropped() -> None:
    old = token(links("old").url(STEPS))

    assert links("old", "new").read(Purpose.STEPS, old) is not None
    assert links("new").read(Purpose.STEPS, old) is None


def test_the_newest_key_signs() -> None:
    new = token(links("old", "new").url(STEPS))

    assert links("new").read(Purpose.STEPS, new) is not None


def test_a_token_made_with_the_key_but_another_scheme_is_refused() -> None:
    ids = [CASE, 1, "x"]
    forged = URLSafeSerializer("the key of these tests", salt="aftermath.link.s").dumps(ids)

    assert links().read(Purpose.STEPS, str(forged)) is None


@given(st.text())
def test_no_other_text_is_a_link(text: str) -> None:
    assert links().read(Purpose.STEPS, text) is None


def test_a_link_with_any_character_changed_is_refused() -> None:
    genuine = token(links().url(STEPS))
    for place, character in enumerate(genuine):
        changed = genuine[:place] + ("A" if character != "A" else "B") + genuine[place + 1 :]
        read = links().read(Purpose.STEPS, changed)
        # The last character of base64 has bits that nobody reads; the ids stay the same.
        assert read is None or (place == len(genuine) - 1 and read == STEPS)


@pytest.mark.parametrize("ids", [[CASE, 1], [CASE, "1", "ines-duarte"], [CASE, 1, "x", ""], {}])
@pytest.mark.parametrize("purpose", Purpose)
def test_what_we_signed_but_never_make_is_no_link(purpose: Purpose, ids: object) -> None:
    made = URLSafeSerializer(
        "the key of these tests",
        salt=f"aftermath.link.{purpose}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )

    assert links().read(purpose, str(made.dumps(ids))) is None


def test_an_approval_without_a_request_and_steps_with_one_are_programming_errors() -> None:
    with pytest.raises(ValueError, match="APPROVAL"):
        Link(Purpose.APPROVAL, CASE, 1, "beatriz-leal")
    with pytest.raises(ValueError, match="STEPS"):
        Link(Purpose.STEPS, CASE, 1, "beatriz-leal", "ap-7")


@pytest.mark.parametrize(
    ("keys", "codes"), [([], ["c"]), (["", "k"], ["c"]), (["k"], []), (["k"], [""])]
)
def test_links_and_codes_without_a_key_are_refused(keys: list[str], codes: list[str]) -> None:
    with pytest.raises(ValueError, match="key"):
        Links(keys, codes, BASE)


def test_a_code_has_six_digits_and_is_the_same_each_time() -> None:
    code = links().code(APPROVAL)

    assert len(code) == 6
    assert code.isdigit()
    assert code == links().code(APPROVAL)


@pytest.mark.parametrize(
    "other",
    [
        replace(APPROVAL, purpose=Purpose.WITHDRAW),
        replace(APPROVAL, case="postmortem-INC-205"),
        replace(APPROVAL, revision=2),
        replace(APPROVAL, person="marcus-webb"),
        replace(APPROVAL, request="ap-8"),
    ],
    ids=["purpose", "case", "revision", "person", "request"],
)
def test_neither_link_nor_code_is_good_for_anything_but_what_it_names(other: Link) -> None:
    made = links()

    assert made.code_matches(APPROVAL, f" {made.code(APPROVAL)[:3]} {made.code(APPROVAL)[3:]} ")
    assert not made.code_matches(other, made.code(APPROVAL))
    assert token(made.url(other)) != token(made.url(APPROVAL))


@pytest.mark.parametrize("typed", ["", "१२३४५६", "12345", "not digits"])
def test_nothing_else_is_a_code(typed: str) -> None:
    assert not links().code_matches(APPROVAL, typed)


def test_who_has_the_key_of_the_links_can_still_make_no_code() -> None:
    genuine = links("leaked", codes=("kept",)).code(APPROVAL)

    assert not links("leaked", codes=("leaked",)).code_matches(APPROVAL, genuine)


def test_a_code_survives_the_change_of_keys() -> None:
    code = links(codes=("old",)).code(APPROVAL)

    assert links(codes=("old", "new")).code_matches(APPROVAL, code)
    assert not links(codes=("new",)).code_matches(APPROVAL, code)
