"""SQL on the certificates of a partner's people."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.credentials.model import Standing
from verify_service.credentials.queries.standing import STANDING_COLUMNS, STANDING_TABLES
from verify_service.database import Connection

OF_PARTNER: Final = """
  join subject_key on subject_key.subject_id = credential.subject_id
  join exam_entry on exam_entry.exam_entry_id = credential.exam_entry_id
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
"""
SELECT_CHAIN: Final = f"""
select {STANDING_COLUMNS}, enrolment.enrolment_id, cohort.code as cohort, template.title,
       sealed_record, subject_key.kek_id, subject_key.wrapped
{STANDING_TABLES} {OF_PARTNER}
  join cohort on cohort.cohort_id = enrolment.cohort_id
  join template on template.template_digest = credential.template_digest
 where enrolment.partner_id = $1
   and credential.exam_entry_id = (select asked.exam_entry_id from credential as asked where certificate_number = $2)
 order by version
"""  # noqa: S608  # constants
VALID: Final = f"""
select {STANDING_COLUMNS}
{STANDING_TABLES} {OF_PARTNER}
 where enrolment.partner_id = $1
   and revoked.occurred_at is null and superseded.occurred_at is null
"""
SELECT_VALID_OF_COHORT: Final = f"{VALID} and enrolment.cohort_id = $2 order by certificate_number"
SELECT_VALID: Final = f"{VALID} and certificate_number = any($2) order by certificate_number"
SELECT_LAST_LOOK: Final = """
select held_for from print_check where credential_id = $1 and edition = 'full' order by print_check_id desc limit 1
"""
CHAIN_COLUMNS: Final = ("enrolment_id", "cohort", "title", "sealed_record", "kek_id", "wrapped")


class ChainRow(msgspec.Struct, frozen=True):
    """One certificate of a chain, with what is needed to say whose it is."""

    standing: Standing
    enrolment_id: UUID
    cohort: str
    title: str
    sealed_record: bytes
    kek_id: str
    wrapped: bytes


async def find_chain(connection: Connection, partner_id: UUID, number: str) -> list[ChainRow]:
    """Return every certificate of this one's chain, the oldest first; none if it is not the partner's."""
    found = []
    for row in await connection.fetch(SELECT_CHAIN, partner_id, number):
        columns = dict(row)
        others = {name: columns.pop(name) for name in CHAIN_COLUMNS}
        found.append(ChainRow(standing=Standing(**columns), **others))
    return found


async def list_valid_of_cohort(connection: Connection, partner_id: UUID, cohort_id: UUID) -> list[Standing]:
    """Return the certificates of the partner's people in a class that stand, by number."""
    return [Standing(**dict(row)) for row in await connection.fetch(SELECT_VALID_OF_COHORT, partner_id, cohort_id)]


async def list_valid(connection: Connection, partner_id: UUID, numbers: Sequence[str]) -> list[Standing]:
    """Return those of these certificates that are the partner's and stand, by number."""
    return [Standing(**dict(row)) for row in await connection.fetch(SELECT_VALID, partner_id, numbers)]


async def find_held_for(connection: Connection, credential_id: UUID) -> str | None:
    """Return why the print gate held the full edition when it last looked, or None."""
    held_for: str | None = await connection.fetchval(SELECT_LAST_LOOK, credential_id)
    return held_for
