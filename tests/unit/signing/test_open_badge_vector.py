"""The twin of the worked example of FORMAT.md: a change of any byte here is a change of the format."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

import signing
from signing import Ed25519Signer, TrustedKeys, sign_badge, verify_badge, verify_record
from tests.json_ld import n_quads_by_pyld

VECTORS = Path(__file__).parents[2] / "vectors"
DID = "did:web:rz.example.cn"


@pytest.fixture(scope="module")
def twin() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((VECTORS / "open_badge.json").read_text())
    return loaded


def test_the_twin_of_the_example(
    twin: dict[str, Any], badge: bytes, record: bytes, credential_signer: Ed25519Signer
) -> None:
    assert sign_badge(record, credential_signer).hex() == twin["signatureHex"]
    assert badge.decode() == twin["badge"]
    assert hashlib.sha256(badge).hexdigest() == twin["badgeSha256"]


@pytest.mark.parametrize("part", ["options", "document"])
def test_the_quads_that_are_hashed(twin: dict[str, Any], part: str) -> None:
    document = json.loads(twin["badge"])
    options = document.pop("proof")
    del options["proofValue"]
    parts = {"options": {"@context": document["@context"], **options}, "document": document}

    assert n_quads_by_pyld(parts[part]) == twin[f"{part}NQuads"]
    assert hashlib.sha256(twin[f"{part}NQuads"].encode()).hexdigest() == twin[f"{part}Sha256"]


def test_the_published_twin_says_what_the_published_record_says(
    twin: dict[str, Any], vector: dict[str, Any], trusted_keys: TrustedKeys
) -> None:
    said = verify_badge(twin["badge"].encode(), trusted_keys, DID)

    assert said == verify_record(vector["record"].encode(), trusted_keys, DID)


def test_the_format_description_shows_these_bytes(twin: dict[str, Any]) -> None:
    description = (Path(signing.__file__).parent / "FORMAT.md").read_text()

    for member in ("optionsSha256", "documentSha256", "badgeSha256"):
        assert twin[member] in description
    assert json.loads(twin["badge"])["proof"]["proofValue"] in description
