"""What a partner sees of its classes, people and certificates, and what of the other's: nothing, under any address."""

import datetime
from uuid import UUID, uuid4

import pytest

from tests.factories import EXAM_ON, trainee
from tests.office import Office
from tests.registers import PARTNERS, SHARED, trainees_of
from verify_service.clock import today_in_shanghai
from verify_service.database import Connection
from verify_service.errors import NotFoundError
from verify_service.portal.model import Lack, OwnEntry, Stage
from verify_service.portal.service.certificates import get_chain, require_own_standing
from verify_service.portal.service.cohorts import get_own_cohort, list_own_cohorts
from verify_service.portal.service.trainees import get_trainee, list_entries
from verify_service.sealing.model import Secrets
from verify_service.subjects.rules.masks import mask_id_number

UNPRINTABLE = "\U000323ae"  # the last of extension H


def missing(name: str) -> tuple[str, ...]:
    return tuple(character for character in name if character == UNPRINTABLE)


async def entries_of(bound: Connection, secrets: Secrets, partner: UUID, cohort: str = SHARED) -> list[OwnEntry]:
    return await list_entries(bound, secrets, missing, partner, cohort)


async def test_classes_are_counted_among_the_partners_own_people(
    bound: Connection, secrets: Secrets, partner: UUID
) -> None:
    cohorts = await list_own_cohorts(bound, secrets, missing, partner, today=today_in_shanghai())

    counted = {one.listed.code: (one.listed.people, one.listed.issued, one.listed.results.passed) for one in cohorts}
    assert counted == {SHARED: (3, 3, 3), "own-0": (2, 2, 2)}  # the fourth of SHARED was erased


async def test_people_are_shown_with_how_far_each_has_come(bound: Connection, secrets: Secrets, partner: UUID) -> None:
    valid, corrected, revoked, _ = trainees_of(PARTNERS[0])[:4]
    entries = await entries_of(bound, secrets, partner)

    assert [(one.name, one.stage) for one in entries] == [
        (valid.name, Stage.ISSUED),
        (corrected.name[0] + "更正", Stage.ISSUED),
        (revoked.name, Stage.REVOKED),
    ]
    assert entries[0].id_number == mask_id_number(valid.id_number)
    assert entries[0].first is not None
    assert entries[0].first.held_on == EXAM_ON
    (one,) = await get_trainee(bound, secrets, missing, partner, entries[0].enrolment_id)
    assert one == entries[0]


async def test_what_is_missing_is_named_until_the_certificate_is_there(
    office: Office, bound: Connection, secrets: Secrets, partner: UUID
) -> None:
    lacking = trainee(50, partner=PARTNERS[0])
    assert office.import_roster([lacking], cohort="later").code == 0
    office.run("cohort", "plan", "later", "--exam-on", "2026-12-05")

    (entry,) = await list_entries(bound, secrets, lambda _: (UNPRINTABLE,), partner, "later")
    cohort = await get_own_cohort(
        bound, secrets, lambda _: (UNPRINTABLE,), partner, "later", today=datetime.date(2026, 11, 28)
    )

    assert (entry.stage, entry.lacks) == (Stage.ENROLLED, (Lack.PHOTO, Lack.CHARACTER))
    assert (cohort.listed.photos_missing, cohort.unprintable, cohort.listed.results.missing) == (1, 1, 1)
    assert cohort.listed.due_on is None or cohort.listed.due_on > datetime.date(2026, 12, 5)


async def test_a_corrected_certificate_leads_along_its_chain(
    bound: Connection, secrets: Secrets, partner: UUID
) -> None:
    entries = await entries_of(bound, secrets, partner)
    assert entries[1].certificate is not None
    new = await get_chain(bound, secrets, partner, entries[1].certificate.number)
    old = await get_chain(bound, secrets, partner, new.versions[0].number)

    assert [version.status for version in new.versions] == ["superseded", "valid"]
    assert (new.shown, old.shown) == (new.versions[1], new.versions[0])
    assert old.name == trainees_of(PARTNERS[0])[1].name
    assert new.name.endswith("更正")


async def test_why_it_was_revoked_is_told_as_to_the_public(bound: Connection, secrets: Secrets, partner: UUID) -> None:
    entries = await entries_of(bound, secrets, partner)
    assert entries[2].certificate is not None
    chain = await get_chain(bound, secrets, partner, entries[2].certificate.number)

    assert (chain.shown.status, chain.shown.reason) == ("revoked", "withdrawn")  # and not exam_misconduct


async def test_of_another_partner_there_is_nothing_under_any_address(
    bound: Connection, migration: Connection, secrets: Secrets, partner: UUID, other: UUID
) -> None:
    """First the wall of the statements: asked for their own partner, and once without, by row-level security alone."""
    theirs = await migration.fetchrow(
        "select certificate_number, enrolment_id from credential join exam_entry using (exam_entry_id)"
        " join enrolment using (enrolment_id) where partner_id = $1 limit 1",
        other,
    )
    assert theirs is not None
    for asking in (partner, other):
        with pytest.raises(NotFoundError):
            await get_own_cohort(bound, secrets, missing, asking, "own-1", today=EXAM_ON)
        with pytest.raises(NotFoundError):
            await get_trainee(bound, secrets, missing, asking, theirs["enrolment_id"])
        with pytest.raises(NotFoundError):
            await require_own_standing(bound, asking, theirs["certificate_number"])
    with pytest.raises(NotFoundError):
        await get_trainee(bound, secrets, missing, partner, uuid4())


async def test_the_statements_hold_without_row_level_security_too(
    migration: Connection, secrets: Secrets, partner: UUID, other: UUID
) -> None:
    """Under the owner, whom no policy binds: the first wall stands by itself."""
    mine = await entries_of(migration, secrets, partner)
    theirs = await entries_of(migration, secrets, other)

    assert len(mine) == len(theirs) == 3
    assert {one.enrolment_id for one in mine}.isdisjoint(one.enrolment_id for one in theirs)
    for entry in theirs:
        with pytest.raises(NotFoundError):
            await get_trainee(migration, secrets, missing, partner, entry.enrolment_id)
        assert entry.certificate is not None
        with pytest.raises(NotFoundError):
            await get_chain(migration, secrets, partner, entry.certificate.number)


async def test_of_an_erased_person_nothing_is_left(
    bound: Connection, migration: Connection, secrets: Secrets, partner: UUID
) -> None:
    erased = await migration.fetchrow(
        "select certificate_number, enrolment_id from credential join exam_entry using (exam_entry_id)"
        " join enrolment using (enrolment_id) left join subject_key on subject_key.subject_id = credential.subject_id"
        " where partner_id = $1 and subject_key.subject_id is null",
        partner,
    )
    assert erased is not None
    with pytest.raises(NotFoundError):
        await require_own_standing(bound, partner, erased["certificate_number"])
    with pytest.raises(NotFoundError):
        await get_trainee(bound, secrets, missing, partner, erased["enrolment_id"])
