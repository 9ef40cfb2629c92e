import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from signing import CredentialStatement, MalformedCredentialError, identity_hash, identity_type_of, photo_value


def test_an_identity_hash_is_sha_256_of_value_and_salt_text() -> None:
    expected = hashlib.sha256(b"11010519491231002X" + b"AAECAwQFBgcICQoLDA0ODw").hexdigest()

    assert identity_hash("11010519491231002X", bytes(range(16))) == f"sha256${expected}"


@pytest.mark.parametrize("length", [0, 8, 15, 17])
def test_a_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(MalformedCredentialError):
        identity_hash("11010519491231002X", bytes(length))


def test_a_photo_stands_in_its_hash_as_the_digest_of_its_bytes() -> None:
    assert photo_value(b"") == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"


@pytest.mark.parametrize(
    ("document_type", "identity_type"),
    [
        ("resident", "nationalIdentityNumber"),
        ("hmt_residence", "nationalIdentityNumber"),
        ("foreign_pr", "nationalIdentityNumber"),
        ("passport", "ext:passport"),
        ("mainland_travel_permit", "ext:mainland_travel_permit"),
    ],
)
def test_documents_with_an_18_digit_number_share_one_identity_type(document_type: str, identity_type: str) -> None:
    assert identity_type_of(document_type) == identity_type


@pytest.mark.parametrize(
    "change",
    [
        {"public_url": "http://rz.example.cn"},
        {"public_url": "https://rz.example.cn/"},
        {"token": "04hmasw9nf6yy000"},
        {"issuer_did": "rz.example.cn"},
        {"issuer_name": ""},
        {"certificate_number": "QMT20260001235"},
        {"kind": "Omnimedia Operator"},
        {"kind": ""},
        {"title": ""},
        {"valid_from": datetime(2026, 11, 23, 2, 0, 0, 5, tzinfo=UTC)},
        {"name": ""},
        {"sex": ""},
        {"identity_type": "passport"},
        {"identity_type": "ext:护照"},
        {"identity_type": "ext:"},
        {"id_number_hash": "11010519491231002X"},
        {"id_number_hash": "sha256$" + "A" * 64},
        {"photo_hash": ""},
        {"template_digest": b""},
        {"status_list": -1},
        {"status_index": -1},
        {"status_index": 131_072},
    ],
)
def test_a_statement_that_could_not_be_read_back_is_refused(
    statement: CredentialStatement, change: dict[str, Any]
) -> None:
    fields = {**msgspec.structs.asdict(statement), **change}

    with pytest.raises(MalformedCredentialError):
        CredentialStatement(**fields)
