"""SQL that turns recorded credentials into signed ones."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from verify_service.credentials.model import Unsigned
from verify_service.database import Connection

SELECT_UNSIGNED: Final = """
select credential.credential_id, credential.subject_id, supersedes, approval_id, certificate_number, credential_key_id,
       qr_key_id, sealed_document, sealed_qr_structure, kek_id, wrapped
  from credential
  join subject_key on subject_key.subject_id = credential.subject_id
  left join credential_signature on credential_signature.credential_id = credential.credential_id
 where credential_signature.credential_id is null
 order by credential.credential_id
 limit $1
"""
LOCK_SIGNING: Final = "select pg_advisory_xact_lock(hashtextextended('credential_signature', 0))"
SIGNATURE_COLUMNS: Final = ("credential_id", "sealed_record", "sealed_qr")
INSERT_SUPERSEDED: Final = """
insert into credential_event (credential_id, event, reason, successor, approval_id)
values ($1, 'superseded', 'corrected', $2, $3)
"""


async def lock_signing(connection: Connection) -> None:
    """Be the only one signing until the transaction ends: each credential is signed once."""
    await connection.execute(LOCK_SIGNING)


async def find_unsigned(connection: Connection, limit: int) -> list[Unsigned]:
    """Return recorded credentials without a signature, oldest first."""
    return [Unsigned(**dict(row)) for row in await connection.fetch(SELECT_UNSIGNED, limit)]


async def add_signatures(connection: Connection, signatures: Sequence[tuple[UUID, bytes, bytes]]) -> None:
    """Add final bytes: credential, sealed record, sealed QR text."""
    await connection.copy_records_to_table("credential_signature", records=signatures, columns=SIGNATURE_COLUMNS)


async def add_superseded(connection: Connection, *, credential_id: UUID, successor: UUID, approval_id: UUID) -> None:
    """Mark a credential as replaced by another."""
    await connection.execute(INSERT_SUPERSEDED, credential_id, successor, approval_id)
