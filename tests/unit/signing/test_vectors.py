"""The worked example of FORMAT.md: a change of any byte here is a change of the format."""

import hashlib
import json
from pathlib import Path
from typing import Any

import signing
from signing import (
    CredentialStatement,
    PublicKey,
    QrClaims,
    TrustedKeys,
    did_document,
    jwks,
    parse_qr_text,
    qr_structure,
    verify_qr,
    verify_record,
)

DID = "did:web:rz.example.cn"


def test_the_record_of_the_example(vector: dict[str, Any], unsigned: bytes, record: bytes) -> None:
    assert unsigned.decode() == vector["unsignedRecord"]
    assert record.decode() == vector["record"]
    assert hashlib.sha256(record).hexdigest() == vector["recordSha256"]


def test_the_two_hashes_that_are_signed(vector: dict[str, Any], record: bytes) -> None:
    document = json.loads(record)
    options = document.pop("proof")
    del options["proofValue"]

    assert hashlib.sha256(signing.canonicalize(options)).hexdigest() == vector["proofOptionsSha256"]
    assert hashlib.sha256(signing.canonicalize(document)).hexdigest() == vector["documentSha256"]


def test_the_qr_code_of_the_example(vector: dict[str, Any], claims: QrClaims, qr_text: str) -> None:
    assert qr_structure(claims, vector["qrKey"]["coseKid"]).hex() == vector["qrStructureHex"]
    assert parse_qr_text(qr_text)[2].hex() == vector["qrCoseHex"]
    assert qr_text == vector["qrText"]


def test_the_keys_of_the_example(vector: dict[str, Any], credential_key: PublicKey, qr_key: PublicKey) -> None:
    assert credential_key.raw.hex() == vector["credentialKey"]["publicHex"]
    assert qr_key.raw.hex() == vector["qrKey"]["publicHex"]
    assert did_document(DID, [credential_key, qr_key]).decode() == vector["didDocument"]
    assert jwks([credential_key, qr_key]).decode() == vector["jwks"]


def test_the_published_example_verifies(
    vector: dict[str, Any], trusted_keys: TrustedKeys, statement: CredentialStatement, claims: QrClaims
) -> None:
    assert verify_record(vector["record"].encode(), trusted_keys, DID) == statement
    assert verify_qr(vector["qrText"], trusted_keys, "https://rz.example.cn") == claims


def test_the_format_description_shows_these_bytes(vector: dict[str, Any]) -> None:
    description = (Path(signing.__file__).parent / "FORMAT.md").read_text()

    for member in ("qrText", "qrStructureHex", "proofOptionsSha256", "documentSha256", "recordSha256"):
        assert vector[member] in description
    assert json.loads(vector["record"])["proof"]["proofValue"] in description
