"""Proofs: of one exact decision each, made by who holds a key, believed while the key is kept."""

import pytest

from domain.customer_message.state import SignedDecision
from integrations.links import Links
from integrations.proofs import Proofs

OLD, NEW = "an old key of the deployment, long", "a new key of the deployment, longer"
SAID = SignedDecision(
    case="postmortem-INC-204",
    request="3f1c9a7be2-1",
    digest="3f1c9a7be2",
    person="beatriz-leal",
    decision="approved",
    evidence="link and code",
)


def test_a_proof_is_believed_as_long_as_its_key_is_kept() -> None:
    old = Proofs([OLD]).signed(SAID)

    assert Proofs([OLD, NEW]).holds(old)
    assert not Proofs([NEW]).holds(old)
    assert Proofs([OLD, NEW]).signed(SAID) == Proofs([NEW]).signed(SAID)


@pytest.mark.parametrize("field", sorted(SignedDecision.model_fields))
def test_a_proof_is_of_one_exact_decision(field: str) -> None:
    signed = Proofs([NEW]).signed(SAID)

    assert Proofs([NEW]).holds(signed)
    assert not Proofs([NEW]).holds(signed.replace(**{field: getattr(signed, field) + "x"}))


def test_what_stands_in_a_mail_is_no_proof() -> None:
    links = Links([NEW], "https://pm.example.com")
    code = links.code(SAID.request, SAID.person)

    assert not Proofs([NEW]).holds(SAID.replace(proof=code))
    assert not Proofs([NEW]).holds(SAID)


def test_an_empty_key_is_refused() -> None:
    for keys in ([], [""], ["", NEW]):
        with pytest.raises(ValueError, match="need at least one key"):
            Proofs(keys)
