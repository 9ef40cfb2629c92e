"""Issuers as they publish themselves."""

import pytest

from signing import InvalidKeyError, KeyPurpose, did_document, jwks
from tests.artefacts import DID, ISSUER, URL
from verify_service.verification.service.issuers import origin_of, read_issuer

KEYS = tuple(ISSUER.keys)
DID_DOCUMENT, JWKS = did_document(DID, KEYS), jwks(KEYS)


def test_an_issuer_is_read_with_all_its_keys() -> None:
    issuer = read_issuer(DID_DOCUMENT, JWKS)

    assert (issuer.did, issuer.origins, set(issuer.keys)) == (DID, (URL,), set(KEYS))


def test_a_key_for_records_is_believed_only_where_the_did_document_authorises_it() -> None:
    without = did_document(DID, [key for key in KEYS if key.purpose is not KeyPurpose.CREDENTIAL])

    purposes = {key.purpose for key in read_issuer(without, JWKS).keys}

    assert purposes == {KeyPurpose.QR, KeyPurpose.STATUS}


def test_a_former_address_may_have_given_the_did() -> None:
    assert read_issuer(DID_DOCUMENT, JWKS, ("https://new.example.cn", URL)).did == DID


@pytest.mark.parametrize(
    ("document", "keys", "origins"),
    [
        (DID_DOCUMENT, JWKS, ("https://example.com",)),
        (b"", JWKS, ()),
        (DID_DOCUMENT, b"", ()),
        (b"{}", JWKS, ()),
        (b"[" * 100_000, JWKS, ()),
        (b'{"id":"did:key:z6Mk"}', JWKS, ()),
        (DID_DOCUMENT.replace(b'"id":"did:web:rz.example.cn"', b'"id":"did:web:cz.example.cn"'), JWKS, ()),
        (JWKS, DID_DOCUMENT, ()),
    ],
)
def test_other_files_are_refused(document: bytes, keys: bytes, origins: tuple[str, ...]) -> None:
    with pytest.raises(InvalidKeyError):
        read_issuer(document, keys, origins)


@pytest.mark.parametrize(
    ("did", "origin"),
    [
        ("did:web:rz.example.cn", "https://rz.example.cn"),
        ("did:web:rz.example.cn%3A8443", "https://rz.example.cn:8443"),
        ("did:web:127.0.0.1%3A8000", "http://127.0.0.1:8000"),
        ("did:web:localhost", "http://localhost"),
    ],
)
def test_a_did_names_the_origin_of_its_site(did: str, origin: str) -> None:
    assert origin_of(did) == origin


@pytest.mark.parametrize(
    "did", ["did:web:", "did:web:a.cn:path", "did:web:a.cn%2Fpath", "did:web:A.cn", "did:web:u%40a.cn", "rz.example.cn"]
)
def test_no_other_did_names_one(did: str) -> None:
    with pytest.raises(InvalidKeyError):
        origin_of(did)
