"""A partner's certificates: what each says, what became of it, and its file."""

from uuid import UUID

from verify_service.clock import date_in_shanghai
from verify_service.credentials.model import Standing, public_reason
from verify_service.credentials.rules.documents import shown_facts
from verify_service.database import Connection
from verify_service.errors import NotFoundError
from verify_service.portal.model import Chain, Version
from verify_service.portal.queries import certificates as queries
from verify_service.portal.queries.certificates import ChainRow
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key


async def get_chain(connection: Connection, secrets: Secrets, partner_id: UUID, number: str) -> Chain:
    """Return a certificate and its corrections; refuse one that is not there, erased or another partner's."""
    rows, asked = await _require_chain(connection, partner_id, number)
    standing = asked.standing
    cipher = unwrap_data_key(secrets.field, asked.kek_id, asked.wrapped, standing.subject_id)
    record = cipher.open(asked.sealed_record, "credential_signature:sealed_record", standing.credential_id)
    return Chain(
        shown=_version(standing),
        name=shown_facts(record).name,
        title=asked.title,
        cohort=asked.cohort,
        enrolment_id=asked.enrolment_id,
        versions=tuple(_version(row.standing) for row in rows),
        held_for=await queries.find_held_for(connection, standing.credential_id),
    )


async def require_own_standing(connection: Connection, partner_id: UUID, number: str) -> Standing:
    """Return what stands of a certificate; refuse one that is not there, erased or another partner's."""
    _, asked = await _require_chain(connection, partner_id, number)
    return asked.standing


async def _require_chain(connection: Connection, partner_id: UUID, number: str) -> tuple[list[ChainRow], ChainRow]:
    rows = await queries.find_chain(connection, partner_id, number)
    for row in rows:
        if row.standing.certificate_number == number:
            return rows, row
    raise NotFoundError("UNKNOWN_NUMBER", "there is no such certificate of the partner")


def _version(standing: Standing) -> Version:
    ended_at = standing.revoked_at or standing.superseded_at
    return Version(
        number=standing.certificate_number,
        issued_on=date_in_shanghai(standing.issued_at),
        status=standing.status,
        since=None if ended_at is None else date_in_shanghai(ended_at),
        reason=public_reason(standing.revocation_reason),
    )
