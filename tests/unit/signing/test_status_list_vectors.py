"""The worked example of FORMAT.md's status lists: a change of any byte here is a change of the format."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import signing
from signing import (
    STATUS_PURPOSES,
    CredentialStatement,
    Ed25519Signer,
    PublicKey,
    StatusList,
    TrustedKeys,
    certificate_status,
    did_document,
    sign_document,
    verify_status_list,
)

DID = "did:web:rz.example.cn"


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((Path(__file__).parents[2] / "vectors" / "status_list.json").read_text())
    return loaded


@pytest.fixture(scope="module")
def lists(example: dict[str, Any], status_key: PublicKey) -> dict[str, StatusList]:
    keys = TrustedKeys([status_key])
    texts = {purpose: example[purpose]["statusList"].encode() for purpose in STATUS_PURPOSES}
    return {purpose: verify_status_list(text, keys, DID) for purpose, text in texts.items()}


def test_the_key_of_the_example(example: dict[str, Any], status_key: PublicKey) -> None:
    assert status_key.key_id == example["statusKey"]["keyId"]
    assert status_key.raw.hex() == example["statusKey"]["publicHex"]
    assert did_document(DID, [status_key]).decode() == example["didDocument"]


@pytest.mark.parametrize("purpose", STATUS_PURPOSES)
def test_the_lists_of_the_example_verify_and_say_what_they_are_said_to(
    example: dict[str, Any], lists: dict[str, StatusList], purpose: str
) -> None:
    found, expected = lists[purpose], example[purpose]

    assert (found.purpose, found.number) == (purpose, 0)
    assert found.valid_until - found.valid_from == timedelta(hours=24)
    assert [index for index in range(131_072) if found.is_set(index)] == expected["positions"]
    assert hashlib.sha256(found.bits).hexdigest() == expected["bitsSha256"]


@pytest.mark.parametrize("purpose", STATUS_PURPOSES)
def test_signing_what_they_say_gives_their_bytes_again(
    example: dict[str, Any], status_signer: Ed25519Signer, purpose: str
) -> None:
    """From the packed list on: another build of zlib may pack the same bits into other bytes."""
    expected = example[purpose]
    unsigned = json.loads(expected["statusList"])
    assert unsigned["proof"].pop("proofValue") == expected["proofValue"]
    assert unsigned["credentialSubject"]["encodedList"] == expected["encodedList"]

    assert sign_document(signing.canonicalize(unsigned), status_signer).decode() == expected["statusList"]

    options = unsigned.pop("proof")
    assert hashlib.sha256(signing.canonicalize(options)).hexdigest() == expected["proofOptionsSha256"]
    assert hashlib.sha256(signing.canonicalize(unsigned)).hexdigest() == expected["documentSha256"]
    assert hashlib.sha256(expected["statusList"].encode()).hexdigest() == expected["statusListSha256"]


def test_the_record_of_the_other_example_is_superseded_by_them(
    lists: dict[str, StatusList], statement: CredentialStatement
) -> None:
    def status(index: int) -> str:
        bits = {purpose: found.is_set(index) for purpose, found in lists.items()}
        return certificate_status(revocation=bits["revocation"], refresh=bits["refresh"])

    assert [status(index) for index in (statement.status_index, 0, 131_071, 1)] == [
        "superseded",
        "revoked",
        "revoked",
        "valid",
    ]


def test_the_format_description_shows_these_bytes(example: dict[str, Any]) -> None:
    description = (Path(signing.__file__).parent / "FORMAT.md").read_text()

    for purpose in STATUS_PURPOSES:
        for member in ("encodedList", "proofOptionsSha256", "documentSha256", "proofValue", "statusListSha256"):
            assert example[purpose][member] in description
