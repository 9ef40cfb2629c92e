"""SQL that finds one certificate by the token of its QR code."""

import datetime
from typing import Final
from uuid import UUID

import msgspec

from verify_service.credentials.queries.standing import END_OF_CHAIN, SIGNED_WITH_EVENTS
from verify_service.database import Connection

FIND_BY_TOKEN: Final = f"""
select credential.credential_id, credential.subject_id, credential.kind, qr_code, certificate_number, sealed_record,
       sealed_id_number, subject_key.kek_id, subject_key.wrapped, revoked.occurred_at as revoked_at,
       revoked.reason as revocation_reason, superseded.occurred_at as superseded_at,
       case when superseded.successor is not null then ({END_OF_CHAIN}) end as superseded_by
  from credential
  {SIGNED_WITH_EVENTS}
  join certificate_kind on certificate_kind.kind = credential.kind
  join subject_key on subject_key.subject_id = credential.subject_id
 where credential.token = $1
"""  # noqa: S608  # constants

FIND_BADGE: Final = """
select credential.credential_id, credential.subject_id, sealed_record, sealed_signature, kek_id, wrapped
  from credential
  join credential_signature on credential_signature.credential_id = credential.credential_id
  join open_badge_proof on open_badge_proof.credential_id = credential.credential_id
  join subject_key on subject_key.subject_id = credential.subject_id
 where credential.token = $1
"""


class TokenRow(msgspec.Struct, frozen=True):
    """One signed certificate, sealed, with what became of it."""

    credential_id: UUID
    subject_id: UUID
    kind: str
    kind_code: int
    certificate_number: str
    sealed_record: bytes
    sealed_id_number: bytes
    kek_id: str
    wrapped: bytes
    revoked_at: datetime.datetime | None
    revocation_reason: str | None
    superseded_at: datetime.datetime | None
    superseded_by: str | None


class BadgeRow(msgspec.Struct, frozen=True):
    """One signed certificate and the signature of its Open Badges twin, both sealed."""

    credential_id: UUID
    subject_id: UUID
    sealed_record: bytes
    sealed_signature: bytes
    kek_id: str
    wrapped: bytes


async def find_by_token(connection: Connection, token: bytes) -> TokenRow | None:
    """Return the certificate of a token, or None; an erased person's is not found."""
    row = await connection.fetchrow(FIND_BY_TOKEN, token)
    return None if row is None else TokenRow(*row)


async def find_badge(connection: Connection, token: bytes) -> BadgeRow | None:
    """Return the Open Badges twin of a token's certificate, or None where there is none or its person was erased."""
    row = await connection.fetchrow(FIND_BADGE, token)
    return None if row is None else BadgeRow(*row)
