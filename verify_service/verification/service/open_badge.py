"""The Open Badges twin of a certificate, put together from its record and the one signature that is stored of it."""

from signing import MalformedCredentialError, SigningError, badge_from_record, parse_token
from verify_service.database import Connection
from verify_service.errors import UnavailableError
from verify_service.sealing.rules import unwrap_data_key
from verify_service.trust import Trust
from verify_service.verification import queries


async def open_badge(connection: Connection, trust: Trust, token: str) -> bytes | None:
    """Return the twin's bytes; None where a token opens nothing, or a certificate without a twin."""
    try:
        row = await queries.find_badge(connection, parse_token(token))
    except MalformedCredentialError:
        return None
    if row is None:
        return None
    cipher = unwrap_data_key(trust.field_secrets, row.kek_id, row.wrapped, row.subject_id)
    record = cipher.open(row.sealed_record, "credential_signature:sealed_record", row.credential_id)
    signature = cipher.open(row.sealed_signature, "open_badge_proof:sealed_signature", row.credential_id)
    try:
        return badge_from_record(record, signature)
    except SigningError:
        raise UnavailableError("RECORD_BROKEN", "a stored record does not verify") from None
