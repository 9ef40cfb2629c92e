"""SQL that turns recorded credentials into signed ones, under the signer's role."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.database import Connection
from verify_service.signer.model import Consent, Intent, Signed, WithoutBadge

CHANNEL: Final = "verify_service_signer"
"""Where the database says that something was recorded, revoked or superseded."""

SELECT_INTENTS: Final = """
select credential.credential_id, credential.subject_id, enrolment.cohort_id, credential.supersedes,
       superseded.certificate_number as superseded_number, credential.approval_id, credential.certificate_number,
       credential.token, credential.kind, certificate_kind.qr_code as kind_code, credential.status_list,
       credential.status_index, credential.template_digest, credential.issued_at, credential.credential_key_id,
       credential.qr_key_id, credential.sealed_document, credential.sealed_qr_structure, subject_key.kek_id,
       subject_key.wrapped, approval.action, approval.given_by, approval.actor, approval.second_actor,
       approval.object_type, approval.object_id, approval.recorded_by,
       exists (
           select
             from proposal
             join proposal_item on proposal_item.proposal_id = proposal.proposal_id
            where proposal.proposal_id = approval.proposal_id and proposal.state = 'approved'
              and proposal.action = approval.action and proposal.decided_by <> proposal.proposed_by
              and proposal_item.object_id = coalesce(credential.supersedes, credential.exam_entry_id)
       ) as proposed
  from credential
  join subject_key on subject_key.subject_id = credential.subject_id -- an erased person's is never signed
  join exam_entry on exam_entry.exam_entry_id = credential.exam_entry_id
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
  join certificate_kind on certificate_kind.kind = credential.kind
  join approval on approval.approval_id = credential.approval_id
  left join credential as superseded on superseded.credential_id = credential.supersedes
 where credential.credential_id > $1
   and not exists (
           select from credential_signature where credential_signature.credential_id = credential.credential_id
       )
 order by credential.credential_id
 limit $2
"""
LOCK_SIGNING: Final = "select pg_advisory_xact_lock(hashtextextended('credential_signature', 0))"
SELECT_KEYS_IN_USE: Final = "select key_id from signing_key where state not in ('retired', 'compromised')"
SELECT_REFUSED: Final = """
select object_id from audit_event where action = 'signing_refused' and object_id = any($1::text[])
"""
SELECT_WITHOUT_BADGE: Final = """
select credential.credential_id, credential.subject_id, credential.certificate_number, credential.credential_key_id,
       credential_signature.sealed_record, subject_key.kek_id, subject_key.wrapped
  from credential
  join credential_signature on credential_signature.credential_id = credential.credential_id
  join subject_key on subject_key.subject_id = credential.subject_id -- an erased person gets none
  join signing_key on signing_key.key_id = credential.credential_key_id
 where credential.credential_id > $1
   and signing_key.state not in ('retired', 'compromised')
   and not exists (
           select from open_badge_proof where open_badge_proof.credential_id = credential.credential_id
       )
 order by credential.credential_id
 limit $2
"""
SIGNATURE_COLUMNS: Final = ("credential_id", "sealed_record", "sealed_qr")
BADGE_COLUMNS: Final = ("credential_id", "sealed_signature")
INSERT_SUPERSEDED: Final = """
insert into credential_event (credential_id, event, reason, successor, approval_id)
values ($1, 'superseded', 'corrected', $2, $3)
"""


async def lock_signing(connection: Connection) -> None:
    """Be the only one signing until the transaction ends: each credential is signed once."""
    await connection.execute(LOCK_SIGNING)


async def find_intents(connection: Connection, after: UUID, limit: int) -> list[tuple[Intent, Consent]]:
    """Return recorded credentials without a signature whose id follows `after`, oldest first, with their approvals."""
    rows = [dict(row) for row in await connection.fetch(SELECT_INTENTS, after, limit)]
    return [(msgspec.convert(row, Intent), msgspec.convert(row, Consent)) for row in rows]


async def find_keys_in_use(connection: Connection) -> frozenset[str]:
    """Return the ids of the keys that may still sign."""
    return frozenset(row["key_id"] for row in await connection.fetch(SELECT_KEYS_IN_USE))


async def find_refused(connection: Connection, credential_ids: Sequence[UUID]) -> set[str]:
    """Return which of these credentials the trail says were refused, by id as text."""
    rows = await connection.fetch(SELECT_REFUSED, [str(credential_id) for credential_id in credential_ids])
    return {row["object_id"] for row in rows}


async def add_signatures(connection: Connection, signatures: Sequence[Signed]) -> None:
    """Add final bytes."""
    records = [(signed.credential_id, signed.sealed_record, signed.sealed_qr) for signed in signatures]
    await connection.copy_records_to_table("credential_signature", records=records, columns=SIGNATURE_COLUMNS)
    await add_badges(connection, [(signed.credential_id, signed.sealed_badge_signature) for signed in signatures])


async def find_without_badge(connection: Connection, after: UUID, limit: int) -> list[WithoutBadge]:
    """Return certificates that have no Open Badges twin and whose id follows `after`, in the order of their ids."""
    rows = await connection.fetch(SELECT_WITHOUT_BADGE, after, limit)
    return [WithoutBadge(**dict(row)) for row in rows]


async def add_badges(connection: Connection, badges: Sequence[tuple[UUID, bytes]]) -> None:
    """Add Open Badges twins: credential and sealed signature."""
    await connection.copy_records_to_table("open_badge_proof", records=badges, columns=BADGE_COLUMNS)


async def add_superseded(connection: Connection, *, credential_id: UUID, successor: UUID, approval_id: UUID) -> None:
    """Mark a credential as replaced by another."""
    await connection.execute(INSERT_SUPERSEDED, credential_id, successor, approval_id)
