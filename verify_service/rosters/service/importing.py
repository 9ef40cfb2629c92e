"""Importing a roster: checked against the register, then all of it or nothing (or its valid rows, where asked)."""

from collections.abc import Sequence
from uuid import UUID

from verify_service.audit.model import Actor
from verify_service.cohorts.rules.classes import own_class_partner
from verify_service.cohorts.service import find_cohort_alone, open_cohort
from verify_service.credentials.service.rekeying import rekey_phone
from verify_service.database import Connection
from verify_service.enrolments.model import Change, Trainee
from verify_service.enrolments.service import Desk, Enrolling, enrol_all
from verify_service.partners.rules import fold_partner_name
from verify_service.partners.service import add_partner
from verify_service.rosters.model import ImportOutcome, RosterImport
from verify_service.rosters.service.comparing import Row, compared, kinds_of, person_to_be
from verify_service.rosters.service.standing import Standing, look_up
from verify_service.sealing.model import Secrets
from verify_service.tables.model import RowChanges


async def import_roster(connection: Connection, secrets: Secrets, actor: Actor, asked: RosterImport) -> ImportOutcome:
    """Enrol every row that has no error; nothing at all if any row has one, unless valid rows are to be accepted.

    Importing a corrected file changes only what changed. Nobody is removed.
    """
    async with connection.transaction():
        # Every other import waits until the transaction ends.
        cohort_id = await find_cohort_alone(connection, asked.cohort_code)
        standing = await look_up(connection, secrets, asked, cohort_id)
        report = compared(asked, standing)
        accepted = [row for row in report.rows if not row.errors]
        if not accepted or (report.summary.rejected and not asked.accept_valid_rows):
            return ImportOutcome(report)
        partner_ids = await _partners_of(connection, actor, accepted, standing)
        cohort_id = await open_cohort(connection, actor, asked.cohort_code, own_class_partner(partner_ids))
        desk = Desk(connection, secrets, actor, cohort_id, asked.amendment or "")
        changes = await _enrol(desk, asked, accepted, partner_ids, standing)
    return ImportOutcome(
        report,
        imported=len(changes),
        unchanged=len(accepted) - len(changes),
        changes=changes,
        absent=standing.absent,
    )


async def _enrol(
    desk: Desk, asked: RosterImport, accepted: Sequence[Row], partner_ids: Sequence[UUID], standing: Standing
) -> tuple[RowChanges, ...]:
    """Enrol the accepted rows and return what changed, of rows that changed something."""
    trainees = [
        Trainee(
            person=person_to_be(asked, standing, row.row),
            partner_id=partner_id,
            kinds=kinds_of(asked, row.value),
            photo_jpeg=asked.photos.get(row.row),
        )
        for row, partner_id in zip(accepted, partner_ids, strict=True)
    ]
    enrolling = [
        Enrolling(trainee, standing.subjects.get(row.row), standing.enrolled(row.row))
        for row, trainee in zip(accepted, trainees, strict=True)
    ]
    changes = await enrol_all(desk, enrolling)
    for one, of_one in zip(enrolling, changes, strict=True):
        if one.subject is not None and Change.PHONE in of_one:
            await rekey_phone(desk.connection, desk.secrets, one.subject, one.trainee.person.phone)
    return tuple(RowChanges(row.row, of_row) for row, of_row in zip(accepted, changes, strict=True) if of_row)


async def _partners_of(connection: Connection, actor: Actor, accepted: Sequence[Row], standing: Standing) -> list[UUID]:
    """Return the partner of each accepted row, registered where it was not."""
    partner_ids = dict(standing.partners)
    for row in accepted:
        name = str(row.value.partner)
        folded = fold_partner_name(name)
        if folded not in partner_ids:
            partner_ids[folded] = await add_partner(connection, actor, name)
    return [partner_ids[fold_partner_name(str(row.value.partner))] for row in accepted]
