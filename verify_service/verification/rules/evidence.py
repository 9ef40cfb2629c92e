"""What an artefact proves by itself: whose signature it bears, and whether its parts belong together."""

import re
from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from signing import (
    STATUS_LIST_ENTRIES,
    CredentialStatement,
    InvalidSignatureError,
    QrClaims,
    SigningError,
    TrustedKeys,
    UnknownKeyError,
    format_token,
    verify_qr,
    verify_record,
)
from verify_service.verification.model import Artefact, Check, Issuer

Proven = TypeVar("Proven")

SITE: Final = re.compile(r"(https?://[^/?#\s]{1,255})(?:[/?#]|$)", re.IGNORECASE)
LAST_INSTANT: Final = 253_402_214_400
"""The last day of 9999, where calendars of this language end; whoever holds a stolen key may sign any number."""
CERTIFICATE_ADDRESS: Final = re.compile(r"https?://[^/?#\s]{1,255}/v/([^/?#\s]{1,64})(?:[/?#]|$)", re.IGNORECASE)
"""The address of a certificate on any host; what follows `#` is its signed part."""


class RefutedError(Exception):
    """The artefact is not what it seems to be; `check` says why."""

    def __init__(self, check: Check) -> None:
        super().__init__(check.detail)
        self.check = check


class Evidence(msgspec.Struct, frozen=True):
    """What genuine signatures of an artefact say, and which certificate it leads to."""

    token: str
    statement: CredentialStatement | None
    """Of its record."""
    claims: QrClaims | None
    """Of its QR code."""
    is_compromised: bool
    """One of the signatures was made with a key that somebody else may hold."""

    @property
    def is_signed(self) -> bool:
        """Whether there was anything to verify: an address alone proves nothing."""
        return self.statement is not None or self.claims is not None


def examine(artefact: Artefact, issuer: Issuer) -> Evidence:
    """Return what an artefact proves by itself.

    Raises:
        RefutedError: nothing of this issuer in it; several certificates; a signature that is not the issuer's or does
            not fit; a QR code that belongs to another record.

    """
    address = _certificate_address(artefact, issuer)
    statement, of_record = _examine_record(artefact.record, issuer)
    claims, of_qr = _examine_qr(address, issuer)
    token = statement.token if statement is not None else _token(address)
    if statement is not None and address is not None and not _belong_together(statement, claims, _token(address)):
        raise RefutedError(Check("record", "fail", "QR_DIFFERS"))
    return Evidence(token, statement, claims, of_record or of_qr)


def _examine_record(record: bytes | None, issuer: Issuer) -> tuple[CredentialStatement | None, bool]:
    """Return what a record says, and whether a compromised key signed it."""
    if record is None:
        return None, False
    return _verified(lambda keys: verify_record(record, keys, issuer.did), issuer, "RECORD_MALFORMED")


def _examine_qr(address: str | None, issuer: Issuer) -> tuple[QrClaims | None, bool]:
    """Return what a QR code says, and whether a compromised key signed it; an address alone says nothing."""
    if address is None or "#" not in address:
        return None, False
    claims, is_compromised = _verified(lambda keys: verify_qr(address, keys, _origin(address)), issuer, "QR_MALFORMED")
    if claims.issued_at > LAST_INSTANT:
        raise RefutedError(Check("record", "fail", "QR_MALFORMED"))
    return claims, is_compromised


def agree(claims: QrClaims, statement: CredentialStatement) -> bool:
    """Return whether a QR code says what a record says; the kind stands in them in two codes."""
    return (
        format_token(claims.token) == statement.token
        and claims.certificate_number == statement.certificate_number
        and claims.name == statement.name
        and claims.issued_at == int(statement.valid_from.timestamp())
        and claims.status_index == statement.status_list * STATUS_LIST_ENTRIES + statement.status_index
    )


def _belong_together(statement: CredentialStatement, claims: QrClaims | None, token: str) -> bool:
    return statement.token == token if claims is None else agree(claims, statement)


def _certificate_address(artefact: Artefact, issuer: Issuer) -> str | None:
    """Return the one certificate's address among the QR texts; None where a record has to do without."""
    addresses = [text for text in artefact.qr_texts if CERTIFICATE_ADDRESS.match(text)]
    if len(addresses) > 1:
        # Which of them a telephone opens is a matter of luck; and one may be pasted beside another.
        raise RefutedError(Check("record", "fail", "SEVERAL_CERTIFICATES"))
    sites = addresses or [text for text in artefact.qr_texts if SITE.match(text)]
    if any(_origin(text) not in issuer.origins for text in sites):
        raise RefutedError(Check("record", "fail", "OTHER_SITE"))
    if not addresses and artefact.record is None:
        raise RefutedError(Check("record", "fail", "NO_CERTIFICATE"))
    return addresses[0] if addresses else None


def _origin(address: str) -> str:
    found = SITE.match(address)
    return "" if found is None else found[1]


def _token(address: str | None) -> str:
    found = None if address is None else CERTIFICATE_ADDRESS.match(address)
    return "" if found is None else found[1]


def _verified(verify: Callable[[TrustedKeys], Proven], issuer: Issuer, malformed: str) -> tuple[Proven, bool]:
    """Return what was signed, and whether a compromised key signed it."""
    try:
        proven = verify(issuer.keys)
    except UnknownKeyError:
        raise RefutedError(Check("signature", "fail", "NOT_OUR_SIGNATURE")) from None
    except InvalidSignatureError:
        raise RefutedError(Check("signature", "fail", "SIGNATURE_BROKEN")) from None
    except SigningError:
        raise RefutedError(Check("record", "fail", malformed)) from None
    return proven, bool(issuer.compromised) and not _is_sound(verify, issuer)


def _is_sound(verify: Callable[[TrustedKeys], object], issuer: Issuer) -> bool:
    try:
        verify(issuer.sound_keys)
    except UnknownKeyError:
        return False
    return True
