"""SQL that finds one certificate by the token of its QR code."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.credentials.model import public_reason, status_of
from verify_service.credentials.queries.standing import END_OF_CHAIN, SIGNED_WITH_EVENTS
from verify_service.database import Connection
from verify_service.verification.model import PresentStatus

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

# Without a person's key a certificate is not there any more, whatever is asked.
FIND_STANDING: Final = f"""
select certificate_number, revoked.occurred_at as revoked_at, revoked.reason as revocation_reason,
       superseded.occurred_at as superseded_at,
       case when superseded.successor is not null then ({END_OF_CHAIN}) end as superseded_by
  from credential
  {SIGNED_WITH_EVENTS}
  join subject_key on subject_key.subject_id = credential.subject_id
 where certificate_number = any($1)
"""  # noqa: S608  # constants


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


async def find_standing(connection: Connection, numbers: Sequence[str]) -> Mapping[str, PresentStatus]:
    """Return what became of certificates, by their numbers; unknown ones and those of erased people are left out."""
    return {
        row["certificate_number"]: PresentStatus(
            number=row["certificate_number"],
            status=status_of(row["revoked_at"], row["superseded_at"]),
            status_since=row["revoked_at"] or row["superseded_at"],
            status_reason=public_reason(row["revocation_reason"]),
            superseded_by=row["superseded_by"],
        )
        for row in await connection.fetch(FIND_STANDING, list(numbers))
    }


async def find_badge(connection: Connection, token: bytes) -> BadgeRow | None:
    """Return the Open Badges twin of a token's certificate, or None where there is none or its person was erased."""
    row = await connection.fetchrow(FIND_BADGE, token)
    return None if row is None else BadgeRow(*row)
