"""Importing a roster: checked against the register, then all of it or nothing (or its valid rows, where asked)."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import msgspec

from verify_service.audit.model import Actor
from verify_service.credentials.service.rekeying import rekey_phone
from verify_service.database import Connection
from verify_service.enrolments import service as enrolments
from verify_service.enrolments.model import EnrolmentRow, Trainee
from verify_service.enrolments.service import Desk
from verify_service.exams.model import ONLINE_HOST
from verify_service.partners import service as partners
from verify_service.partners.rules import fold_partner_name
from verify_service.rosters.model import RosterReport, RosterValue
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.model import Person
from verify_service.subjects.rules.names import match_key
from verify_service.subjects.service import OpenedSubject
from verify_service.tables.model import Finding, RowReport, Table
from verify_service.tables.rules.reports import with_findings

Row = RowReport[RosterValue]


class RosterImport(msgspec.Struct, frozen=True, kw_only=True):
    """What is imported, where to, and how far a refused row stops the rest."""

    roster: Table
    report: RosterReport
    photos: Mapping[int, bytes]
    """Ready JPEGs by row number."""
    cohort_code: str
    kind: str
    create_partners: bool = False
    accept_valid_rows: bool = False


class ImportOutcome(msgspec.Struct, frozen=True):
    """The report with what the register adds to it, and how many rows changed something or stood already."""

    report: RosterReport
    imported: int
    unchanged: int


class _Standing(msgspec.Struct, frozen=True):
    """What the register holds of the people and partners of one roster."""

    cohort_id: UUID | None
    people: Mapping[int, Person]
    """By row number, as the roster has them."""
    subjects: Mapping[int, OpenedSubject]
    """By row number, for those registered."""
    enrolments: Mapping[UUID, list[EnrolmentRow]]
    partners: Mapping[str, UUID]


async def import_roster(connection: Connection, secrets: Secrets, actor: Actor, asked: RosterImport) -> ImportOutcome:
    """Enrol every row that has no error; nothing at all if any row has one, unless valid rows are to be accepted."""
    async with connection.transaction():
        standing = await _look_up(connection, secrets, asked)
        report = with_findings(
            asked.report,
            asked.roster,
            errors=_errors(asked, standing),
            warnings=_warnings(asked, standing),
        )
        accepted = [row for row in report.rows if not row.errors]
        if not accepted or (report.summary.rejected and not asked.accept_valid_rows):
            return ImportOutcome(report, 0, 0)
        cohort_id = await enrolments.open_cohort(connection, actor, asked.cohort_code)
        changed = await _enrol_all(Desk(connection, secrets, actor, cohort_id), asked, accepted, standing)
    return ImportOutcome(report, changed, len(accepted) - changed)


async def _look_up(connection: Connection, secrets: Secrets, asked: RosterImport) -> _Standing:
    cohort_id = await enrolments.find_cohort_alone(connection, asked.cohort_code)
    rows = [row for row in asked.report.rows if not row.errors]
    people = {row.row: _person(row.value) for row in rows}
    found = await subjects.find_by_id_numbers(connection, secrets, people.values())
    by_row = {row: found.get(subjects.index_of(secrets, person)) for row, person in people.items()}
    return _Standing(
        cohort_id=cohort_id,
        people=people,
        subjects={row: subject for row, subject in by_row.items() if subject is not None},
        enrolments=await enrolments.enrolments_of(connection, list(found.values())),
        partners=await partners.find_partners(connection, {str(row.value.partner) for row in rows}),
    )


def _errors(asked: RosterImport, standing: _Standing) -> Iterator[Finding]:
    for row in asked.report.rows:
        if row.row not in standing.people:
            continue
        if not asked.create_partners and fold_partner_name(str(row.value.partner)) not in standing.partners:
            yield Finding(row.row, "UNKNOWN_PARTNER", "partner")
        registered = standing.subjects.get(row.row)
        if registered is None:
            continue
        if match_key(registered.person.name) != match_key(standing.people[row.row].name):
            yield Finding(row.row, "ID_NAME_CONFLICT", "idNumber")
        elif registered.person.sex != standing.people[row.row].sex:
            yield Finding(row.row, "GENDER_MISMATCH", "sex")


def _warnings(asked: RosterImport, standing: _Standing) -> Iterator[Finding]:
    asked_kinds = {row.row: frozenset(_kinds(asked.kind, row.value)) for row in asked.report.rows}
    for row, subject in standing.subjects.items():
        if subject.person.phone != standing.people[row].phone:
            yield Finding(row, "PHONE_CHANGED", "phone")
        elsewhere = [e for e in standing.enrolments.get(subject.subject_id, ()) if e.cohort_id != standing.cohort_id]
        if any(not asked_kinds[row].isdisjoint(enrolment.kinds) for enrolment in elsewhere):
            yield Finding(row, "ALREADY_ENROLLED", "idNumber")


async def _enrol_all(desk: Desk, asked: RosterImport, accepted: Sequence[Row], standing: _Standing) -> int:
    partner_ids = dict(standing.partners)
    changed = 0
    for row in accepted:
        name = str(row.value.partner)
        folded = fold_partner_name(name)
        if folded not in partner_ids:
            partner_ids[folded] = await partners.add_partner(desk.connection, desk.actor, name)
        trainee = Trainee(
            person=standing.people[row.row],
            partner_id=partner_ids[folded],
            kinds=_kinds(asked.kind, row.value),
            photo_jpeg=asked.photos.get(row.row),
        )
        changed += await _enrol(desk, trainee, standing, standing.subjects.get(row.row))
    return changed


async def _enrol(desk: Desk, trainee: Trainee, standing: _Standing, registered: OpenedSubject | None) -> bool:
    enrolled = None
    if registered is not None:
        in_any_cohort = standing.enrolments.get(registered.subject_id, ())
        enrolled = next((row for row in in_any_cohort if row.cohort_id == desk.cohort_id), None)
    changes = await enrolments.enrol(desk, trainee, registered, enrolled)
    if "phone_changed" in changes and registered is not None:
        await rekey_phone(desk.connection, desk.secrets, registered, trainee.person.phone)
    return bool(changes)


def _kinds(kind: str, value: RosterValue) -> tuple[str, ...]:
    return (kind, ONLINE_HOST) if value.also_online_host and kind != ONLINE_HOST else (kind,)


def _person(value: RosterValue) -> Person:
    """Return the person of an accepted row, whose every member could be read."""
    return msgspec.convert({name: getattr(value, name) for name in Person.__struct_fields__}, Person, strict=True)
