"""Keys that sign PDFs, those of certificates or of receipts: ECDSA P-256 in X.509 certificates (RFC 5280)."""

import datetime
from typing import Final

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID, ObjectIdentifier

from signing.errors import InvalidKeyError, InvalidSignatureError
from signing.keys import DOCUMENT_PURPOSES, KeyId, KeyPurpose, parse_key_id

DOCUMENT_SIGNING: Final = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""RFC 9336."""
YEARS: Final = 10
"""How long a self-signed certificate counts: a new key comes long before, and what is signed is checked by the
record's signature all the same."""


class DocumentKey(msgspec.Struct, frozen=True):
    """The public half of a key that signs PDFs: of certificates, or of receipts, as its id says.

    Raises:
        InvalidKeyError: an id of another purpose, or no point of P-256.
    """

    key_id: KeyId
    point: bytes
    """65 bytes: 04, then both coordinates (SEC 1, 2.3.3)."""

    def __post_init__(self) -> None:
        if self.purpose not in DOCUMENT_PURPOSES:
            raise InvalidKeyError("the key id does not fit the purpose of the key")
        try:
            key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), self.point)
        except ValueError:
            raise InvalidKeyError("a key that signs PDFs is a point of P-256") from None
        if encode_point(key) != self.point:
            raise InvalidKeyError("a key that signs PDFs is written uncompressed")

    @property
    def purpose(self) -> KeyPurpose:
        """What it signs."""
        return parse_key_id(self.key_id).purpose

    def verify(self, signature: bytes, data: bytes) -> None:
        """Return if `signature`, in DER, is this key's ECDSA signature of `data` with SHA-256.

        Raises:
            InvalidSignatureError: it is not.
        """
        try:
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), self.point).verify(signature, data, ECDSA(SHA256()))
        except InvalidSignature:
            raise InvalidSignatureError("the signature does not fit") from None


class DocumentCertificates(msgspec.Struct, frozen=True):
    """The certificate of a key, and those of the authorities above it."""

    chain: tuple[bytes, ...]
    """DER, the key's own first."""
    public_key: EllipticCurvePublicKey
    not_before: datetime.datetime
    """Aware."""


def generate_document_key() -> EllipticCurvePrivateKey:
    """Return a new P-256 private key from the operating system's randomness."""
    return generate_private_key(SECP256R1())


def encode_point(key: EllipticCurvePublicKey) -> bytes:
    """Return the public key as `DocumentKey.point` has it."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def self_signed_certificate(private_key: EllipticCurvePrivateKey, organisation: str, on: datetime.date) -> bytes:
    """Return the PEM of a certificate by which the key vouches for itself: viewers say "unknown issuer", not "altered".

    It counts from the day before `on`: a certificate that is issued within the hour, anywhere, is not signed too early.
    """
    # RFC 5280, A.1: what either attribute holds, which the library counts in bytes.
    shown = organisation.encode()[:64].decode(errors="ignore")
    name = x509.Name([x509.NameAttribute(kind, shown) for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)])
    public_key = private_key.public_key()
    start = datetime.datetime.combine(on, datetime.time(), datetime.UTC) - datetime.timedelta(days=1)
    usage = {"digital_signature": True, "content_commitment": True}
    without = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage, **without, encipher_only=False, decipher_only=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .sign(private_key, SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)


def parse_certificates(pem: bytes) -> DocumentCertificates:
    """Return the chain of a PEM file, the certificate of the key first.

    Raises:
        InvalidKeyError: no PEM of certificates, or the first one's key is not on P-256.
    """
    try:
        chain = x509.load_pem_x509_certificates(pem)
        key = chain[0].public_key()
    except (ValueError, IndexError):
        raise InvalidKeyError("not the PEM of X.509 certificates") from None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise InvalidKeyError("the first certificate is not of a P-256 key")
    return DocumentCertificates(
        chain=tuple(certificate.public_bytes(Encoding.DER) for certificate in chain),
        public_key=key,
        not_before=chain[0].not_valid_before_utc,
    )
