"""A partner's people, from handing in to certificate."""

import datetime
from collections.abc import Sequence
from uuid import UUID

from verify_service.clock import date_in_shanghai
from verify_service.credentials.model import status_of
from verify_service.database import Connection
from verify_service.errors import NotFoundError
from verify_service.exams.model import Conclusion
from verify_service.portal.model import OwnCertificate, OwnEntry, SatOn
from verify_service.portal.queries import people as queries
from verify_service.portal.queries.people import EntryRow
from verify_service.portal.service.cohorts import Missing
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.model import Person
from verify_service.subjects.rules.masks import mask_id_number
from verify_service.working_days.model import Calendar
from verify_service.working_days.queries import load_calendar
from verify_service.working_days.rules.counting import CalendarMissingError, due_on


async def list_entries(
    connection: Connection, secrets: Secrets, missing: Missing, partner_id: UUID, cohort: str
) -> list[OwnEntry]:
    """Return everybody of the partner in a class, once for each kind of certificate, in the order of the roster."""
    rows = await queries.list_entries_of_cohort(connection, partner_id, cohort)
    return await _opened(connection, secrets, missing, rows)


async def get_trainee(
    connection: Connection, secrets: Secrets, missing: Missing, partner_id: UUID, enrolment_id: UUID
) -> list[OwnEntry]:
    """Return one person of the partner, once for each kind; refuse one that is not there, erased or another's."""
    rows = await queries.list_entries_of_enrolment(connection, partner_id, enrolment_id)
    entries = await _opened(connection, secrets, missing, rows)
    if not entries:
        raise NotFoundError("UNKNOWN_TRAINEE", "there is no such enrolment of the partner")
    return entries


async def _opened(
    connection: Connection, secrets: Secrets, missing: Missing, rows: Sequence[EntryRow]
) -> list[OwnEntry]:
    ids = list({row.subject_id for row in rows})
    people = {id_: one.person for id_, one in (await subjects.find_by_ids(connection, secrets, ids)).items()}
    calendar = await load_calendar(connection)
    # Whoever is erased between the two statements is gone from both pages.
    return [_entry(row, people[row.subject_id], missing, calendar) for row in rows if row.subject_id in people]


def _entry(row: EntryRow, person: Person, missing: Missing, calendar: Calendar) -> OwnEntry:
    first, make_up = _sat(row.first_on, row.first), _sat(row.make_up_on, row.make_up)
    certificate = None
    if row.certificate_number is not None and row.issued_at is not None:
        status = status_of(row.revoked_at, row.superseded_at)
        certificate = OwnCertificate(row.certificate_number, date_in_shanghai(row.issued_at), status)
    return OwnEntry(
        enrolment_id=row.enrolment_id,
        cohort=row.cohort,
        kind=row.kind,
        name=person.name,
        id_number=mask_id_number(person.id_number),
        enrolled_on=date_in_shanghai(row.enrolled_at),
        has_photo=row.has_photo,
        missing_characters=missing(person.name),
        first=first,
        make_up=make_up,
        due_on=None if certificate is not None else _due_on(first, make_up, calendar),
        certificate=certificate,
        code_listed=row.code_listed,
        code_redeemed_on=None if row.code_redeemed_at is None else date_in_shanghai(row.code_redeemed_at),
    )


def _sat(held_on: datetime.date | None, conclusion: str | None) -> SatOn | None:
    return None if held_on is None or conclusion is None else SatOn(held_on, Conclusion(conclusion))


def _due_on(first: SatOn | None, make_up: SatOn | None, calendar: Calendar) -> datetime.date | None:
    passed = next((one for one in (make_up, first) if one and one.conclusion is Conclusion.PASSED), None)
    try:
        return None if passed is None else due_on(passed.held_on, calendar)
    except CalendarMissingError:
        return None
