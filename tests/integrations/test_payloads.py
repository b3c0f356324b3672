"""Payloads under a ring of keys: unreadable, unchangeable, readable while their key stays."""

import pytest
from pydantic import SecretStr
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from integrations.payloads import Encryption, Keyless, UnknownKey, encryption
from workflows.client import DETAILS_BYTES, SUMMARY_BYTES
from workflows.connection import data_converter

OLD = "Xe5Tn-0RcGq8WvLb3HsY_j7ZpKd2UfMa9Io4NwCx6BtQhVy1"
NEW = "c9Fw2_LmRz7KpYb1TqXs-8HdVn5EgJ0Ua3WtMi6OxQkBv4Py"
CANARY = b"Amara Okafor"
CLEAR = Payload(metadata={"encoding": b"json/plain", "about": CANARY}, data=CANARY * 9)


async def test_a_payload_is_one_ciphertext_metadata_and_all() -> None:
    first, again = await Encryption([OLD]).encode([CLEAR, CLEAR])

    assert CANARY not in first.SerializeToString()
    assert set(first.metadata) == {"encoding", "key"}
    assert first.data != again.data
    assert await Encryption([OLD]).decode([first, again]) == [CLEAR, CLEAR]


async def test_the_newest_key_encrypts_and_every_key_decrypts() -> None:
    (before,) = await Encryption([OLD]).encode([CLEAR])
    both = Encryption([OLD, NEW])

    (after,) = await both.encode([CLEAR])

    assert await both.decode([before, after]) == [CLEAR, CLEAR]
    assert await Encryption([NEW]).decode([after]) == [CLEAR]
    with pytest.raises(UnknownKey, match="put it back into the key list"):
        await Encryption([NEW]).decode([before])


async def test_what_was_changed_on_the_way_is_not_believed() -> None:
    (sealed,) = await Encryption([OLD]).encode([CLEAR])
    last = bytes([sealed.data[-1] ^ 1])
    forged = Payload(metadata=sealed.metadata, data=sealed.data[:-1] + last)

    for wrong in (forged, Payload(metadata=sealed.metadata, data=b"short")):
        with pytest.raises(UnknownKey, match="changed"):
            await Encryption([OLD]).decode([wrong])


async def test_a_key_cannot_be_mistaken_for_another() -> None:
    ring = Encryption([OLD, NEW])
    (one,), (other,) = await Encryption([OLD]).encode([CLEAR]), await ring.encode([CLEAR])

    with pytest.raises(UnknownKey):
        await ring.decode([Payload(metadata=other.metadata, data=one.data)])


async def test_what_tools_tell_in_clear_is_heard() -> None:
    assert await Encryption([OLD]).decode([CLEAR]) == [CLEAR]
    assert await Keyless().decode(await Keyless().encode([CLEAR])) == [CLEAR]


async def test_who_has_no_key_is_told_which_setting_has_it() -> None:
    sealed = await Encryption([OLD]).encode([CLEAR])

    with pytest.raises(UnknownKey, match="PM_PAYLOAD_KEYS"):
        await Keyless().decode(sealed)


def test_without_keys_there_is_no_encryption_and_an_empty_key_is_none() -> None:
    assert encryption(()) is None
    assert encryption((SecretStr(OLD),)) is not None
    for keys in ([], [OLD, ""]):
        with pytest.raises(ValueError, match="at least one key"):
            Encryption(keys)


async def test_no_text_and_no_trace_of_a_failure_is_in_clear() -> None:
    converter = data_converter(Encryption([OLD]))
    failure = Failure()
    said = ApplicationError(CANARY.decode(), CANARY.decode(), type="Refused")

    await converter.encode_failure(said, failure)

    assert CANARY not in failure.SerializeToString()
    read = await converter.decode_failure(failure)
    assert isinstance(read, ApplicationError)
    assert (read.message, read.details) == (CANARY.decode(), (CANARY.decode(),))


@pytest.mark.parametrize(("letters", "most"), [(SUMMARY_BYTES, 400), (DETAILS_BYTES, 20_000)])
async def test_what_is_shown_of_a_start_fits_into_temporals_limits(letters: int, most: int) -> None:
    (sealed,) = await data_converter(Encryption([OLD])).encode(["x" * (letters - len('""'))])

    assert sealed.ByteSize() <= most
