"""Our own signed webhook."""

import hashlib
import hmac
import json

import pytest

from integrations.inbound import Malformed
from integrations.incident_tools.standard import Standard

TOLD = {
    "key": "INC-204",
    "title": "Rule update blocked logins",
    "severity": "sev1",
    "services": ["edge-firewall"],
    "resolved_at": "2026-03-02T04:40:00Z",
}


def test_the_body_is_the_incident_itself() -> None:
    incident = Standard().read(json.dumps(TOLD).encode())

    assert incident.key == "INC-204"


def test_every_wrong_field_is_named_and_no_value_repeated() -> None:
    wrong = TOLD | {"severity": "catastrophic", "services": [], "colour": "red"}

    with pytest.raises(Malformed) as refusal:
        Standard().read(json.dumps(wrong).encode())

    for field in ("severity", "services", "colour"):
        assert field in str(refusal.value)
    assert "catastrophic" not in str(refusal.value)


@pytest.mark.parametrize("raw", [b"", b"[]", b"\x00", b'"text"'])
def test_a_body_that_is_no_incident_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        Standard().read(raw)


def test_a_signature_holds_for_its_body_and_secret_alone() -> None:
    raw = json.dumps(TOLD).encode()
    digest = hmac.new(b"secret", b"1767225600." + raw, hashlib.sha256).hexdigest()
    header = f"t=1767225600,v1={digest}"

    assert Standard().verify(["old", "secret"], raw, header)
    assert not Standard().verify(["other"], raw, header)
    assert not Standard().verify(["secret"], raw + b" ", header)
    assert not Standard().verify(["secret"], raw, header.removeprefix("t=1767225600,"))
