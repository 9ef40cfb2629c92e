"""Signatures inside PDFs: CMS (RFC 5652) as PAdES baseline B asks for it (ETSI EN 319 142-1), by ECDSA P-256.

Not Ed25519: common viewers call such a signature corrupt. Not among the names of the package, because pyHanko, which
puts the structure together, takes a second to load.
"""

from typing import Final

from asn1crypto import algos, x509  # type: ignore[import-untyped]  # asn1crypto ships no types
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.document_keys import DocumentCertificates
from signing.errors import InvalidKeyError, TimeStampError

_DIGEST: Final = "sha256"
_MECHANISM: Final = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
_ECDSA: Final = ECDSA(SHA256(), deterministic_signing=True)
"""RFC 6979: the same file from the same key, and no signature that tells the key where randomness fails."""
_BESIDES_CERTIFICATES: Final = 1_024
MAX_TIME_STAMP_BYTES: Final = 8_192
_MAX_ECDSA_BYTES: Final = 72


class PadesSigner(Signer):
    """Signs digests of PDFs with one key, naming its certificate and enclosing its chain."""

    def __init__(
        self,
        private_key: EllipticCurvePrivateKey,
        certificates: DocumentCertificates,
        time_stamper: TimeStamper | None = None,
    ) -> None:
        """Refuse, by `InvalidKeyError`, a chain whose first certificate is another key's."""
        if private_key.public_key() != certificates.public_key:
            raise InvalidKeyError("the certificate belongs to another key")
        chain = [x509.Certificate.load(der) for der in certificates.chain]
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko leaves it unannotated
        registry.register_multiple(chain)
        super().__init__(signing_cert=chain[0], cert_registry=registry, signature_mechanism=_MECHANISM)
        self._private_key = private_key
        self._time_stamper = time_stamper
        self.not_before = certificates.not_before
        self.max_bytes = sum(map(len, certificates.chain)) + _BESIDES_CERTIFICATES
        """What room a signature needs at most."""
        if time_stamper is not None:
            self.max_bytes += MAX_TIME_STAMP_BYTES

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002  # pyHanko's protocol
        """Return the bare signature, in DER."""
        return bytes(_MAX_ECDSA_BYTES) if dry_run else self._private_key.sign(data, _ECDSA)

    async def sign_digest(self, digest: bytes) -> bytes:
        """Return the CMS signature, in DER, of content whose SHA-256 digest this is.

        Raises:
            TimeStampError: there is to be a time stamp, and none came.
        """
        try:
            signed = await self.async_sign(digest, _DIGEST, use_pades=True, timestamper=self._time_stamper)
        except (PyHankoSigningError, OSError, ValueError) as error:
            raise TimeStampError("the time stamp authority gives no time stamp") from error
        return bytes(signed.dump())
