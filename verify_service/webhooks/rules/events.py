"""The body of a delivery: facts that the public page behind the QR code shows anyway, none of them personal."""

import msgspec

from signing import format_token
from verify_service.credentials.model import public_reason
from verify_service.webhooks.model import CertificateChange, Due, Event, EventType


def encode_event(due: Due, public_url: str) -> bytes:
    """Return the JSON body of a delivery, the same bytes at every attempt."""
    revoked = due.event == "revoked"
    kind: EventType = "certificate.revoked" if revoked else "certificate.superseded"
    token = format_token(due.token)
    change = CertificateChange(
        token=token,
        number=due.certificate_number,
        reason=public_reason(due.reason) if revoked else None,
        since=due.occurred_at,
        url=f"{public_url}/v/{token}",
        superseded_by=due.successor_number,
    )
    return msgspec.json.encode(Event(kind, due.occurred_at, change))
