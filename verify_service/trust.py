"""Whose signatures count on this site, and the secrets that open and find what is sealed."""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from signing import DocumentCertificates, DocumentKey, KeyId, TrustedKeys
from verify_service.sealing.model import SecretKey


class ReceiptKey(msgspec.Struct, frozen=True):
    """A private key that signs receipts: the only one the web process holds."""

    key_id: KeyId
    private_key: EllipticCurvePrivateKey
    certificates: DocumentCertificates


class Trust(msgspec.Struct, frozen=True):
    """What the web process believes and opens with at one moment: exchanged as a whole, never changed."""

    did: str
    keys: TrustedKeys
    """All public keys of the issuer, retired and compromised ones too."""
    field_secrets: tuple[SecretKey, ...]
    index_secret: SecretKey
    """Under which lookups ask: everything that stands is indexed under it."""
    budget_secret: SecretKey
    """Under which failed questions are counted."""
    compromised: frozenset[KeyId] = frozenset()
    """What these signed counts only where the register has the very bytes."""
    document_keys: tuple[DocumentKey, ...] = ()
    """Sign PDFs; none of the compromised is among them."""
    receipt_keys: tuple[DocumentKey, ...] = ()
    """Sign receipts; compromised ones too."""
    receipt_signing: tuple[ReceiptKey, ...] = ()
    """The one that signs receipts now, then those it took over from; empty where this machine gives none."""
    revision: frozenset[tuple[str, str]] = frozenset()
    """State of every key and secret when this was read, and the secrets that were at hand."""
