"""QR texts: a URL that any phone opens, whose fragment proves the certificate without a network.

`PUBLIC_URL/v/<token>#<base64url COSE_Sign1>`: the path leads to the online answer; the fragment never reaches a
server and carries a CWT (RFC 8392) of five short claims. Like a record, it is signed in two steps: the bytes of
`qr_structure` are stored before `sign_qr` makes the signature.
"""

import re
from typing import Final

import msgspec

from signing.base64url import decode_base64url, encode_base64url
from signing.certificate_number import parse_certificate_number
from signing.cose import decode_cbor, decode_sign1, encode_cbor, encode_sign1, parse_sig_structure, sig_structure
from signing.errors import MalformedCredentialError, UnknownKeyError
from signing.keys import KeyPurpose, TrustedKeys
from signing.public_url import ORIGIN_PATTERN, require_public_url
from signing.signer import Signer, require_purpose
from signing.token import TOKEN_BYTES, format_token, parse_token

MAX_QR_TEXT_CHARACTERS: Final = 1_024
"""Ours have about 220; more is refused before it is parsed."""

_ISSUED_AT: Final = 6
_TOKEN: Final = 7
_CERTIFICATE: Final = -65537
"""CWT claims iat and cti (RFC 8392 §3.1.6, §3.1.7), and one from the range for private use (§9.1.1)."""

_MAX_INTEGER: Final = 2**53 - 1
_QR_TEXT: Final = re.compile(rf"({ORIGIN_PATTERN})/v/([0-9A-Z]{{16}})#([A-Za-z0-9_-]+)")


class QrClaims(msgspec.Struct, frozen=True, kw_only=True):
    """What a QR code says. Constructing it refuses what `verify_qr` could not read back.

    Raises:
        MalformedCredentialError: a field outside its form; the message names the field, never its value.
    """

    issued_at: int
    """Seconds since 1970, the record's `validFrom`."""
    token: bytes
    """10 bytes: the path of the URL they stand in."""
    kind_code: int
    """The certificate kind's small integer, from 1."""
    name: str
    certificate_number: str
    status_index: int
    """Status list x 131,072 + position."""

    def __post_init__(self) -> None:
        for field, least in (("issued_at", 0), ("kind_code", 1), ("status_index", 0)):
            if not least <= getattr(self, field) <= _MAX_INTEGER:
                raise MalformedCredentialError(f"malformed {field}")
        if len(self.token) != TOKEN_BYTES or not self.name:
            raise MalformedCredentialError("malformed token or name")
        parse_certificate_number(self.certificate_number)


def qr_structure(claims: QrClaims, cose_kid: int) -> bytes:
    """Return the bytes to store before signing: the COSE Sig_structure of the claims under this key's kid.

    Raises:
        MalformedCredentialError: the name has a lone surrogate, or the kid does not fit two bytes.
    """
    try:
        return sig_structure(cose_kid, _encode_claims(claims))
    except (UnicodeEncodeError, OverflowError):
        # Without the cause: a UnicodeEncodeError prints the name it failed on.
        raise MalformedCredentialError("the claims cannot be encoded") from None


def parse_qr_structure(structure: bytes) -> tuple[int, QrClaims]:
    """Return the COSE kid and the claims of bytes that `qr_structure` returned.

    Raises:
        MalformedCredentialError: any other bytes.
    """
    cose_kid, payload = parse_sig_structure(structure)
    return cose_kid, _decode_claims(payload)


def sign_qr(structure: bytes, signer: Signer) -> bytes:
    """Return the COSE_Sign1 of bytes that `qr_structure` returned; repeated, it returns the same bytes.

    The caller picks the signer by the kid in `structure`: a signer knows its key id only.

    Raises:
        MalformedCredentialError: `structure` is anything else.
        InvalidKeyError: the signer's key is not a QR key.
    """
    require_purpose(signer, KeyPurpose.QR)
    cose_kid, payload = parse_sig_structure(structure)
    return encode_sign1(cose_kid, payload, signer.sign(structure))


def format_qr_text(public_url: str, cose: bytes) -> str:
    """Return the text of a QR code; the token in its path is the one the claims carry.

    Raises:
        MalformedCredentialError: `cose` is not what `sign_qr` returns, or the URL is no origin.
    """
    _, payload, _ = decode_sign1(cose)
    token = format_token(_decode_claims(payload).token)
    return f"{require_public_url(public_url)}/v/{token}#{encode_base64url(cose)}"


def parse_qr_text(text: str) -> tuple[str, str, bytes]:
    """Return public URL, token (16 characters) and COSE bytes of a QR text; nothing is verified.

    Raises:
        MalformedCredentialError: any other text.
    """
    match = _QR_TEXT.fullmatch(text) if len(text) <= MAX_QR_TEXT_CHARACTERS else None
    if match is None:
        raise MalformedCredentialError("not the text of a certificate's QR code")
    parse_token(match[2])
    return match[1], match[2], decode_base64url(match[3])


def verify_qr(text: str, keys: TrustedKeys, public_url: str) -> QrClaims:
    """Return what a QR code says, if it leads to `public_url` and a trusted QR key signed it.

    Revocation is another question: the register and the status lists answer it.

    Raises:
        MalformedCredentialError: no QR text of this format, or a signature moved under another token.
        UnknownKeyError: another origin, or a key that is not trusted.
        InvalidSignatureError: the claims were changed after they were signed.
    """
    # (1) One spelling of origin, token and COSE.
    origin, token, cose = parse_qr_text(text)
    # (2) Our own origin: a genuine signature behind a look-alike address would lend it credit.
    if origin != public_url:
        raise UnknownKeyError("the QR code leads to another origin")
    # (3) One signature of the one algorithm, in the one encoding.
    cose_kid, payload, signature = decode_sign1(cose)
    # (4) A trusted QR key's signature of header and payload.
    keys.get_by_cose_kid(cose_kid).verify(signature, sig_structure(cose_kid, payload))
    # (5) Five claims and nothing else.
    claims = _decode_claims(payload)
    # (6) The page it opens is the page of the certificate it proves.
    if format_token(claims.token) != token:
        raise MalformedCredentialError("the signature belongs to another certificate's address")
    return claims


def _encode_claims(claims: QrClaims) -> bytes:
    certificate = [claims.kind_code, claims.name, claims.certificate_number, claims.status_index]
    return encode_cbor({_ISSUED_AT: claims.issued_at, _TOKEN: claims.token, _CERTIFICATE: certificate})


def _decode_claims(payload: bytes) -> QrClaims:
    match decode_cbor(payload):
        case {6: int(issued_at), 7: bytes(token), -65537: [int(kind), str(name), str(number), int(status_index)]}:
            claims = QrClaims(
                issued_at=int(issued_at),  # True is an int to Python; as 1 it encodes differently below
                token=token,
                kind_code=int(kind),
                name=name,
                certificate_number=number,
                status_index=int(status_index),
            )
            # Further claims, `true` for 1, longer spellings and trailing bytes all come out different.
            if _encode_claims(claims) == payload:
                return claims
    raise MalformedCredentialError("malformed claims in the QR code")
