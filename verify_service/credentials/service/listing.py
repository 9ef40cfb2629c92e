"""The list of certificates for the operator: every fact of each, opened."""

import datetime
from collections.abc import AsyncIterator

from signing import format_token
from verify_service.clock import date_in_shanghai
from verify_service.credentials.model import ListedCertificate
from verify_service.credentials.queries import standing as queries
from verify_service.credentials.queries.standing import ListedRow
from verify_service.credentials.rules.documents import shown_facts
from verify_service.database import Connection
from verify_service.errors import UnavailableError
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key
from verify_service.working_days.model import Calendar
from verify_service.working_days.queries import load_calendar
from verify_service.working_days.rules.counting import CalendarMissingError, due_on


async def list_certificates(
    connection: Connection, secrets: Secrets, cohort_code: str | None
) -> AsyncIterator[ListedCertificate]:
    """Yield the certificates of a cohort, or all, by number."""
    calendar = await load_calendar(connection)
    async with connection.transaction():
        async for row in queries.list_all(connection, cohort_code):
            try:
                yield _listed(row, secrets, calendar)
            except UnavailableError as error:
                raise UnavailableError(error.code, f"{row.standing.certificate_number}: {error.message}") from None


def _listed(row: ListedRow, secrets: Secrets, calendar: Calendar) -> ListedCertificate:
    standing = row.standing
    cipher = unwrap_data_key(secrets.field, row.kek_id, row.wrapped, standing.subject_id)
    record = cipher.open(row.sealed_record, "credential_signature:sealed_record", standing.credential_id)
    qr = cipher.open(row.sealed_qr, "credential_signature:sealed_qr", standing.credential_id)
    return ListedCertificate(
        number=standing.certificate_number,
        kind=standing.kind,
        name=shown_facts(record).name,
        token=format_token(standing.token),
        qr=qr.decode(),
        status=standing.status,
        status_reason=standing.revocation_reason or ("corrected" if standing.status == "superseded" else None),
        issued_on=date_in_shanghai(standing.issued_at),
        due_on=_due_on(row.held_on, calendar),
        superseded_by=row.superseded_by,
    )


def _due_on(held_on: datetime.date | None, calendar: Calendar) -> datetime.date | None:
    try:
        return None if held_on is None else due_on(held_on, calendar)
    except CalendarMissingError:
        return None
