"""Instants as they stand in signed documents: RFC 3339, UTC, whole seconds, `2026-11-23T02:00:00Z`."""

from datetime import datetime, timedelta

from signing.errors import MalformedCredentialError


def format_timestamp(instant: datetime) -> str:
    """Return the text of an aware UTC instant; a naive, zoned or fractional one is refused, never rounded."""
    if instant.utcoffset() != timedelta(0) or instant.microsecond:
        raise MalformedCredentialError("an instant must be aware, in UTC and in whole seconds")
    return instant.replace(tzinfo=None).isoformat() + "Z"


def parse_timestamp(text: str) -> datetime:
    """Return the instant of a text in exactly the form `format_timestamp` gives."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise MalformedCredentialError("malformed timestamp") from None
    if format_timestamp(instant) != text:
        raise MalformedCredentialError("timestamp in another than its one spelling")
    return instant
