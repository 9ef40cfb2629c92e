"""Secrets of authenticator apps before anybody has confirmed one: kept by nobody but the page that shows it.

Each opening of an invitation's page makes a secret of its own, which comes back with that page's form: whoever opened
the link earlier, a mail gateway or a preview in a chat, has seen another one than is stored in the end.

    base64url(what `SubjectCipher` seals of "<expiry, Unix seconds> <secret, Base32>" under the field secret, for the
    invitation)
"""

import datetime
from typing import Final

from signing import MalformedCredentialError, decode_base64url, encode_base64url
from verify_service.accounts.model import OpenInvitation, TotpOffer
from verify_service.accounts.rules.one_time_codes import new_totp_secret
from verify_service.errors import UnavailableError
from verify_service.sealing.model import SecretKey, Secrets
from verify_service.sealing.rules import SubjectCipher

PLACE: Final = "account_invitation:offered_totp"
"""Where no column is: what is sealed in a column opens nowhere else, and this opens in none."""
LASTS: Final = datetime.timedelta(hours=1)
"""Long enough to install an app first."""
MAX_CHARACTERS: Final = 256


def offer_secret(secrets: Secrets, invitation: OpenInvitation) -> TotpOffer:
    """Return a new secret for the page of an invitation."""
    totp_secret = new_totp_secret()
    ends = int((invitation.instant + LASTS).timestamp())
    sealed = SubjectCipher(secrets.field[0].key).seal(f"{ends} {totp_secret}".encode(), PLACE, invitation.invitation_id)
    return TotpOffer(totp_secret, encode_base64url(sealed))


def find_offer(secrets: Secrets, invitation: OpenInvitation, sealed: str) -> TotpOffer | None:
    """Return what the page of this invitation offered; None for what is altered, of another one, or too old."""
    try:
        data = decode_base64url(sealed) if len(sealed) <= MAX_CHARACTERS else b""
    except MalformedCredentialError:
        return None
    opened = next((text for key in secrets.field if (text := _opened(key, invitation, data)) is not None), None)
    if opened is None:
        return None
    ends, _, totp_secret = opened.partition(" ")
    return TotpOffer(totp_secret, sealed) if invitation.instant.timestamp() < int(ends) else None


def _opened(key: SecretKey, invitation: OpenInvitation, data: bytes) -> str | None:
    try:
        return SubjectCipher(key.key).open(data, PLACE, invitation.invitation_id).decode()
    except UnavailableError:  # of a visitor's bytes this says nothing about our keys
        return None
