"""What names a certificate to be watched: something that only whoever saw the certificate has."""

from collections.abc import Collection

from signing import MalformedCredentialError, parse_certificate_number, parse_token
from verify_service.errors import FieldError


def parse_watched(text: str, origins: Collection[str]) -> bytes:
    """Return the token in a token, the text or address of a QR code, or the id of a record of ours.

    Raises:
        FieldError: WATCH_BY_NUMBER (numbers can be guessed, so they open nothing), WATCH_OTHER_SITE, WATCH_TOKEN.

    """
    text = text.strip()
    if "://" in text:
        text = _token_in(text, origins)
    try:
        return parse_token(text)
    except MalformedCredentialError:
        raise FieldError("WATCH_BY_NUMBER" if _is_number(text) else "WATCH_TOKEN") from None


def _token_in(address: str, origins: Collection[str]) -> str:
    page = address.partition("#")[0].removesuffix("/record.json")
    origin, slash, token = page.rpartition("/v/")
    if not slash:
        raise FieldError("WATCH_TOKEN")
    if origin.lower() not in origins:
        raise FieldError("WATCH_OTHER_SITE")
    return token


def _is_number(text: str) -> bool:
    try:
        parse_certificate_number(text.upper())
    except MalformedCredentialError:
        return False
    return True
