"""Proofs of what people decided: the web part signs what it saw, and who sends a text checks it.

Temporal carries decisions and is believed in nothing about customers: who reaches it alone has no
key, and so cannot let a word out.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence

from domain.customer_message.state import MessageText, SignedDecision

APPROVED = "approved"
SEND_AGAIN = "send again"


class Proofs:
    """Makes and checks proofs; the last key signs, every key is believed.

    Raises:
        ValueError: there is no key, or an empty one.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or not all(keys):
            raise ValueError("Proofs need at least one key, and none of them empty.")
        # Made from the keys of the links, yet no link or code ever is a proof, nor the reverse.
        self._keys = [hmac.digest(key.encode(), b"aftermath.proof", "sha256") for key in keys]

    def signed(self, decision: SignedDecision) -> SignedDecision:
        """Return a decision with its proof."""
        return decision.replace(proof=_proof(self._keys[-1], decision))

    def holds(self, decision: SignedDecision) -> bool:
        """Tell whether the web part saw exactly this decision."""
        given = decision.proof.encode()
        matches = [hmac.compare_digest(given, _proof(key, decision).encode()) for key in self._keys]
        return any(matches)

    def let_out(self, decision: SignedDecision, text: MessageText, case: str) -> bool:
        """Tell whether a person approved exactly this text for the customers of this case."""
        meant = (decision.case, decision.digest, decision.decision) == (case, text.digest, APPROVED)
        return meant and self.holds(decision)


def _proof(key: bytes, decision: SignedDecision) -> str:
    # Named one by one: a field that a later release adds must not undo the proofs of open cases.
    said = json.dumps(
        [
            decision.case,
            decision.request,
            decision.digest,
            decision.person,
            decision.decision,
            decision.evidence,
        ]
    )
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
