"""Keys that sign PDFs and their certificates."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signing import (
    DocumentKey,
    InvalidKeyError,
    InvalidSignatureError,
    KeyId,
    encode_point,
    generate_document_key,
    jwks,
    open_document_key,
    parse_certificates,
    parse_document_keys,
    parse_jwks,
    seal_private_key,
    self_signed_certificate,
)
from signing.document_keys import DOCUMENT_SIGNING
from signing.errors import KeyFileError

KEY = generate_document_key()
ON = datetime.date(2026, 11, 24)
KEY_ID = KeyId("2026-p1")


def test_the_certificate_is_for_documents_alone_and_counts_from_the_day_before() -> None:
    certificates = parse_certificates(self_signed_certificate(KEY, "样例培训中心", ON))

    certificate = x509.load_der_x509_certificate(certificates.chain[0])
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert certificates.public_key == KEY.public_key()
    assert certificates.not_before == datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
    assert certificate.subject.rfc4514_string() == "CN=样例培训中心,O=样例培训中心"
    assert list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [DOCUMENT_SIGNING]
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    certificate.verify_directly_issued_by(certificate)


def test_a_long_organisation_fits_its_attributes() -> None:
    pem = self_signed_certificate(KEY, "长" * 100, ON)

    assert "CN=" + "长" * 21 + "," in x509.load_pem_x509_certificate(pem).subject.rfc4514_string()


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"\xff"])
def test_what_is_no_certificate_is_refused(pem: bytes) -> None:
    with pytest.raises(InvalidKeyError):
        parse_certificates(pem)


def test_a_certificate_of_another_kind_of_key_is_refused() -> None:
    with pytest.raises(InvalidKeyError, match="P-256"):
        parse_certificates(self_signed_certificate(generate_private_key(SECP384R1()), "x", ON))


@pytest.mark.parametrize(
    ("key_id", "point"),
    [
        ("2026-c1", encode_point(KEY.public_key())),
        ("2026-p1", KEY.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)),
        ("2026-p1", b"\4" + bytes(64)),
        ("2026-p1", b""),
    ],
    ids=["another purpose", "compressed", "off the curve", "empty"],
)
def test_a_key_of_another_purpose_or_form_is_refused(key_id: str, point: bytes) -> None:
    with pytest.raises(InvalidKeyError):
        DocumentKey(KeyId(key_id), point)


def test_the_key_file_opens_under_its_passphrase_and_no_other() -> None:
    sealed = seal_private_key(KEY, b"passphrase")

    assert open_document_key(sealed, b"passphrase", KEY_ID).private_numbers() == KEY.private_numbers()
    with pytest.raises(KeyFileError):
        open_document_key(sealed, b"another", KEY_ID)


@pytest.mark.parametrize("other", [Ed25519PrivateKey.generate(), generate_private_key(SECP384R1())], ids=["ed", "384"])
def test_the_file_of_another_kind_of_key_is_refused(other: Ed25519PrivateKey) -> None:
    with pytest.raises(KeyFileError, match="P-256"):
        open_document_key(seal_private_key(other, b"passphrase"), b"passphrase", KEY_ID)


def test_a_published_key_is_read_back_and_is_none_of_those_that_sign_records() -> None:
    key = DocumentKey(KEY_ID, encode_point(KEY.public_key()))

    published = jwks([], document_keys=[key])

    assert parse_document_keys(published) == (key,)
    assert parse_jwks(published) == ()
    assert parse_document_keys(jwks([], {"2026-p1"}, [key])) == ()


def test_only_its_own_signatures_fit_a_key() -> None:
    key = DocumentKey(KEY_ID, encode_point(KEY.public_key()))
    key.verify(KEY.sign(b"data", ECDSA(SHA256())), b"data")

    for signature in (b"", bytes(72), generate_private_key(SECP256R1()).sign(b"data", ECDSA(SHA256()))):
        with pytest.raises(InvalidSignatureError):
            key.verify(signature, b"data")
