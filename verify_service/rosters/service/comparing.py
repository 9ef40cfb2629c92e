"""Where a roster differs from the register: what may change, what needs a reason, what only a correction changes."""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

import msgspec

from verify_service.cohorts.service import find_cohort
from verify_service.database import Connection
from verify_service.exams.model import ONLINE_HOST
from verify_service.partners.queries import find_names
from verify_service.rosters.model import RosterComparison, RosterImport, RosterReport, RosterValue
from verify_service.rosters.service.standing import Standing, look_up
from verify_service.sealing.model import Secrets
from verify_service.subjects.model import Person
from verify_service.subjects.rules.names import match_key
from verify_service.tables.model import Difference, Finding, RowReport
from verify_service.tables.rules.reports import with_findings

Row = RowReport[RosterValue]


async def compare_roster(
    connection: Connection, secrets: Secrets, asked: RosterImport, *, leaving_out: Collection[str] = ()
) -> RosterComparison:
    """Return the report with what the register adds to it now, some codes left out; nothing waits and nothing is held.

    An import asks again: what it finds then counts.
    """
    standing = await look_up(connection, secrets, asked, await find_cohort(connection, asked.cohort_code))
    report = compared(asked, standing, leaving_out=leaving_out)
    if asked.amendment is None:
        return RosterComparison(report)
    enrolled = [standing.enrolled(row.row) for row in report.rows]
    names = await find_names(connection, sorted({one.partner_id for one in enrolled if one is not None}))
    return RosterComparison(report, tuple(differences(asked, standing, report, names)))


def compared(asked: RosterImport, standing: Standing, *, leaving_out: Collection[str] = ()) -> RosterReport:
    """Return the report of a roster with the errors and warnings that the register adds to it."""

    def kept(findings: Iterator[Finding]) -> Iterator[Finding]:
        return (finding for finding in findings if finding.code not in leaving_out)

    return with_findings(
        asked.report,
        asked.roster,
        errors=kept(errors(asked, standing)),
        warnings=kept(warnings(asked, standing)),
        language=asked.language,
    )


def kinds_of(asked: RosterImport, value: RosterValue) -> tuple[str, ...]:
    """Return what a row's person sits for: the roster's kind, and a second one where it asks for it (加考)."""
    return (asked.kind, ONLINE_HOST) if value.also_online_host and asked.kind != ONLINE_HOST else (asked.kind,)


def person_to_be(asked: RosterImport, standing: Standing, row: int) -> Person:
    """Return the person of a row without errors as the register is to hold it: all of it only if it may be amended."""
    registered = standing.subjects.get(row)
    if registered is None or _amendable(asked, standing, row):
        return standing.people[row]
    return msgspec.structs.replace(registered.person, phone=standing.people[row].phone)


def errors(asked: RosterImport, standing: Standing) -> Iterator[Finding]:
    """Yield what keeps rows from being imported.

    UNKNOWN_PARTNER; ID_NAME_CONFLICT, GENDER_MISMATCH and PARTNER_CHANGED unless they may be amended, and beside each
    HAS_CERTIFICATE where they may not because the person has a certificate.
    """
    for row in asked.report.rows:
        if row.row not in standing.people:
            continue
        if standing.partner_of(row.value) is None and not asked.create_partners:
            yield Finding(row.row, "UNKNOWN_PARTNER", "partner")
        if not _amendable(asked, standing, row.row):
            for conflict in (*_conflicts(standing, row.row), *_partner_conflicts(asked, standing, row)):
                yield conflict
                if asked.amendment is not None:
                    yield msgspec.structs.replace(conflict, code="HAS_CERTIFICATE")


def warnings(asked: RosterImport, standing: Standing) -> Iterator[Finding]:
    """Yield what somebody should look at, of rows whose person is registered."""
    for row in asked.report.rows:
        registered, person = standing.subjects.get(row.row), standing.people.get(row.row)
        if registered is None or person is None:
            continue
        if registered.person.phone not in (None, person.phone):
            yield Finding(row.row, "PHONE_CHANGED", "phone")
        if _spelt_otherwise(registered.person, person) and not _amendable(asked, standing, row.row):
            yield Finding(row.row, "NAME_VARIANT", "name")
        kinds = set(kinds_of(asked, row.value))
        if any(kinds.intersection(enrolment.kinds) for enrolment in standing.enrolled_elsewhere(row.row)):
            yield Finding(row.row, "ALREADY_ENROLLED", "idNumber")
        enrolled = standing.enrolled(row.row)
        if enrolled is not None and ONLINE_HOST in set(enrolled.kinds) - kinds:
            yield Finding(row.row, "EXAM_ENTRY_STANDS", "alsoOnlineHost")


def differences(
    asked: RosterImport, standing: Standing, report: RosterReport, partner_names: Mapping[UUID, str]
) -> Iterator[Difference]:
    """Yield what an import of the report's rows without errors puts in the place of what stands: facts and partners.

    What it adds (a person, an exam entry) takes the place of nothing. `partner_names`: of whom people are enrolled by.
    """
    for row in report.rows:
        registered, enrolled = standing.subjects.get(row.row), standing.enrolled(row.row)
        if registered is None or row.errors:
            continue
        old, new = registered.person, person_to_be(asked, standing, row.row)
        for field in ("name", "sex", "phone"):
            if getattr(old, field) != getattr(new, field):
                yield Difference(row.row, field, getattr(old, field) or "", getattr(new, field) or "")
        if enrolled is not None and standing.partner_of(row.value) != enrolled.partner_id:
            yield Difference(row.row, "partner", partner_names[enrolled.partner_id], str(row.value.partner))


def _amendable(asked: RosterImport, standing: Standing, row: int) -> bool:
    subject = standing.subjects.get(row)
    return asked.amendment is not None and subject is not None and subject.subject_id not in standing.certified


def _conflicts(standing: Standing, row: int) -> Iterator[Finding]:
    registered = standing.subjects.get(row)
    if registered is None:
        return
    if match_key(registered.person.name) != match_key(standing.people[row].name):
        yield Finding(row, "ID_NAME_CONFLICT", "idNumber")
    elif registered.person.sex != standing.people[row].sex:
        yield Finding(row, "GENDER_MISMATCH", "sex")


def _partner_conflicts(asked: RosterImport, standing: Standing, row: Row) -> Iterator[Finding]:
    enrolled, partner_id = standing.enrolled(row.row), standing.partner_of(row.value)
    is_known = partner_id is not None or asked.create_partners
    if enrolled is not None and is_known and partner_id != enrolled.partner_id:
        yield Finding(row.row, "PARTNER_CHANGED", "partner")


def _spelt_otherwise(registered: Person, person: Person) -> bool:
    return registered.name != person.name and match_key(registered.name) == match_key(person.name)
