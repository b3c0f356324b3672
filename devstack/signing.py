"""Decisions about the customer message as the web part signs them, for who acts without it."""

from domain.case import Case
from domain.customer_message.acts import DecideExternalMessage, SettleDelivery, resending
from domain.customer_message.state import SignedDecision
from domain.engine.act import Act
from integrations.proofs import Proofs

EVIDENCE = "link and code"


def signed(proofs: Proofs, case: Case, act: Act[Case]) -> Act[Case]:
    """Return an act with the proof that it needs; one that needs none as it is."""
    match act:
        case DecideExternalMessage():
            said = SignedDecision(
                case=case.id,
                request=act.approval_id,
                digest=act.digest,
                person=act.by,
                decision=act.decision,
                evidence=act.evidence,
            )
        case SettleDelivery() if case.message.approval is not None:
            said = resending(case, act.by, act.evidence)
        case _:
            return act
    return act.replace(proof=proofs.signed(said).proof)
