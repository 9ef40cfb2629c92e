"""Signing deliveries as the Standard Webhooks specification has it (symmetric, version `v1`)."""

import base64
import datetime
import hmac
import secrets
from typing import Final
from uuid import UUID

SECRET_BYTES: Final = 32
"""The specification asks for 24 to 64."""
SECRET_PREFIX: Final = "whsec_"  # noqa: S105  # what every secret begins with


def new_secret() -> bytes:
    """Return a fresh signing secret."""
    return secrets.token_bytes(SECRET_BYTES)


def format_secret(secret: bytes) -> str:
    """Return a secret as its receiver keeps it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def format_message_id(delivery_id: UUID) -> str:
    """Return what a receiver knows a delivery by: the same at every attempt, and rising with time."""
    return f"msg_{delivery_id.hex}"


def signed_headers(secret: bytes, message_id: str, sent_at: datetime.datetime, body: bytes) -> dict[str, str]:
    """Return the three headers: HMAC-SHA-256 over id, whole seconds since 1970 and body, joined by dots.

    The instant is the attempt's own, so that a receiver can refuse what somebody recorded earlier.
    """
    timestamp = str(int(sent_at.timestamp()))
    mac = hmac.digest(secret, f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }
