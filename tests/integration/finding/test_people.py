"""A person's file: everything that ever happened, who looked at it, and its end."""

from collections.abc import Mapping
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.desks import ask
from tests.registers import Certificate
from verify_service.audit.model import Actor
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.database import Connection
from verify_service.errors import ConflictError, NotFoundError
from verify_service.people.service.erasing import erase_confirmed
from verify_service.people.service.viewing import view_person
from verify_service.sealing.model import Secrets
from verify_service.trail.queries.viewing import list_about

ACTOR = Actor("administrator-1")
ACTIONS = "select action from audit_event where actor = 'administrator-1' order by audit_event_id"
Certificates = Mapping[str, Certificate]


async def holder_of(connection: Connection, certificate: Certificate) -> UUID:
    sql = "select subject_id from credential where certificate_number = $1"
    subject_id: UUID = await connection.fetchval(sql, certificate.number)
    return subject_id


async def test_the_file_holds_every_version_and_masks_the_numbers(
    console_role: Connection, secrets: Secrets, certificates: Certificates
) -> None:
    person = certificates["third"]
    subject_id = await holder_of(console_role, person)

    file = await view_person(console_role, secrets, ACTOR, subject_id)

    assert [(one.number, one.status, one.superseded_by) for one in file.certificates] == [
        (certificates["first"].number, "superseded", certificates["second"].number),
        (certificates["second"].number, "superseded", person.number),
        (person.number, "valid", None),
    ]
    (enrolled,) = file.enrolments
    assert (enrolled.cohort, enrolled.has_photo, len(enrolled.sittings)) == ("host", True, 1)
    assert file.identity is not None
    assert file.identity.name == person.name
    assert {person.id_number, person.phone}.isdisjoint({file.identity.id_number, file.identity.phone})


async def test_whoever_looks_and_whoever_has_the_numbers_shown_stands_in_the_trail(
    console_role: Connection, secrets: Secrets, certificates: Certificates
) -> None:
    subject_id = await holder_of(console_role, certificates["valid"])
    await view_person(console_role, secrets, ACTOR, subject_id)

    shown = await view_person(console_role, secrets, ACTOR, subject_id, show_numbers=True)

    assert shown.identity is not None
    assert (shown.identity.id_number, shown.identity.phone) == (
        certificates["valid"].id_number,
        certificates["valid"].phone,
    )
    assert [row["action"] for row in await console_role.fetch(ACTIONS)] == ["person_viewed", "person_numbers_shown"]
    events = await list_about(console_role, shown.object_ids, 100)
    assert {"enrolled", "credential_recorded", "credential_signed", "person_viewed"} <= {e.action for e in events}


async def test_an_erased_person_is_gone_from_file_lookup_and_search_and_the_trail_says_who_did_it(
    console_role: Connection, web: Connection, secrets: Secrets, certificates: Certificates
) -> None:
    certificate = certificates["valid"]
    subject_id = await holder_of(console_role, certificate)
    facts = Facts(certificate.name, certificate.id_number)
    assert (await ask(web, secrets.index[0], facts)).outcome == "found"

    report = await erase_confirmed(console_role, secrets, ACTOR, subject_id, f" {certificate.name} ")

    assert report.held.certificates == 1
    file = await view_person(console_role, secrets, ACTOR, subject_id)
    assert (file.identity, file.holdings.photos, file.holdings.lookup_keys) == (None, 0, 0)
    assert (await ask(web, secrets.index[0], facts)).outcome == "not_found"
    assert [row["action"] for row in await console_role.fetch(ACTIONS)] == ["subject_erased"]
    with pytest.raises(ConflictError) as refused:
        await erase_confirmed(console_role, secrets, ACTOR, subject_id, certificate.name)
    assert refused.value.code == "ALREADY_ERASED"


async def test_under_another_name_nobody_is_erased(
    console_role: Connection, secrets: Secrets, certificates: Certificates
) -> None:
    subject_id = await holder_of(console_role, certificates["valid"])

    with pytest.raises(ConflictError) as refused:
        await erase_confirmed(console_role, secrets, ACTOR, subject_id, certificates["new"].name)

    assert refused.value.code == "NAME_DIFFERS"
    assert (await view_person(console_role, secrets, ACTOR, subject_id)).identity is not None


async def test_nobodys_id_is_refused(console_role: Connection, secrets: Secrets) -> None:
    with pytest.raises(NotFoundError):
        await view_person(console_role, secrets, ACTOR, uuid4())
    with pytest.raises(NotFoundError):
        await erase_confirmed(console_role, secrets, ACTOR, uuid4(), "林一芳")


@pytest.mark.parametrize(
    "statement",
    [
        "delete from enrolment",
        "delete from exam_entry",
        "delete from subject",
        "delete from credential",
        "delete from audit_event",
        "delete from audit_head",
        "update lookup_day set count = 0",
        "select count_lookups('{found}', '{1}')",
    ],
)
async def test_the_consoles_end_no_more_than_that(console_role: Connection, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await console_role.execute(statement)
