"""What the register holds of the people and partners of one roster."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from verify_service.database import Connection
from verify_service.enrolments.model import EnrolmentRow
from verify_service.enrolments.queries import count_others, find_certified, find_enrolments
from verify_service.partners.rules import fold_partner_name
from verify_service.partners.service import find_partners
from verify_service.rosters.model import RosterImport, RosterReport, RosterValue
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import subject_index
from verify_service.subjects import service as subjects
from verify_service.subjects.model import Person
from verify_service.subjects.service import OpenedSubject


class Standing(msgspec.Struct, frozen=True):
    """People by the number of their row, for rows without an error so far; what stands of those registered."""

    cohort_id: UUID | None
    people: Mapping[int, Person]
    """As the roster has them."""
    subjects: Mapping[int, OpenedSubject]
    enrolments: Mapping[UUID, Sequence[EnrolmentRow]]
    certified: frozenset[UUID]
    """Who of them has any certificate."""
    partners: Mapping[str, UUID]
    """By folded name, for those known."""
    absent: int

    def enrolled(self, row: int) -> EnrolmentRow | None:
        """Return a row's enrolment in this cohort."""
        return next((one for one in self._enrolments(row) if one.cohort_id == self.cohort_id), None)

    def enrolled_elsewhere(self, row: int) -> Sequence[EnrolmentRow]:
        """Return a row's enrolments in other cohorts."""
        return [one for one in self._enrolments(row) if one.cohort_id != self.cohort_id]

    def partner_of(self, row: RosterValue) -> UUID | None:
        """Return a row's partner, if known."""
        return self.partners.get(fold_partner_name(str(row.partner)))

    def _enrolments(self, row: int) -> Sequence[EnrolmentRow]:
        subject = self.subjects.get(row)
        return () if subject is None else self.enrolments.get(subject.subject_id, ())


async def look_up(connection: Connection, secrets: Secrets, asked: RosterImport, cohort_id: UUID | None) -> Standing:
    """Return what stands now, in a cohort that need not be open yet."""
    people = {row.row: _person(row.value) for row in asked.report.rows if not row.errors}
    found = await subjects.find_by_id_numbers(connection, secrets, people.values())
    by_row = {row: found.get(subjects.index_of(secrets, person)) for row, person in people.items()}
    ids = [subject.subject_id for subject in found.values()]
    names = {row.value.partner for row in asked.report.rows if row.value.partner is not None}
    partners = await find_partners(connection, names)
    absent = 0
    if cohort_id is not None:
        absent = await count_others(
            connection,
            cohort_id=cohort_id,
            partner_ids=list(partners.values()),
            id_number_indexes=_indexes(secrets, asked.report),
        )
    return Standing(
        cohort_id=cohort_id,
        people=people,
        subjects={row: subject for row, subject in by_row.items() if subject is not None},
        enrolments=await find_enrolments(connection, ids),
        certified=await find_certified(connection, ids),
        partners=partners,
        absent=absent,
    )


def _indexes(secrets: Secrets, report: RosterReport) -> list[bytes]:
    """Return the indexes of everybody in the file, a row with an error elsewhere included."""
    return [
        subject_index(secret, row.value.document_type, row.value.id_number)
        for row in report.rows
        if row.value.document_type is not None and row.value.id_number is not None
        for secret in secrets.subject
    ]


def _person(value: RosterValue) -> Person:
    """Return the person of an accepted row, whose every member could be read."""
    return msgspec.convert({name: getattr(value, name) for name in Person.__struct_fields__}, Person, strict=True)
