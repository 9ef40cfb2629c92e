"""Open Badges twins: signed with every certificate, and made up for those that were signed before there were any."""

import asyncpg
import pytest

from signing import badge_from_record, verify_badge
from tests.factories import trainees
from tests.office import Office
from verify_service.database import Connection, connected
from verify_service.key_directory import KeyDirectory
from verify_service.keys import queries as key_queries
from verify_service.keys import service as keys
from verify_service.private_keys import PrivateKeys
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key
from verify_service.settings import Settings
from verify_service.signer.model import SignPending
from verify_service.signer.service import badges
from verify_service.signer.service.answering import Bench, answer

ANN, BOB, CAROL = trainees(3)
SELECT_TWINS = """
select credential_id, subject_id, certificate_number, sealed_record, sealed_signature, kek_id, wrapped
  from credential join credential_signature using (credential_id) join open_badge_proof using (credential_id)
  join subject_key using (subject_id)
 order by credential_id
"""
COUNT_MADE_UP = "select count(*) from audit_event where action = 'badge_signed'"
BREAK_ONE = """
update credential_signature set sealed_record = set_byte(sealed_record, 40, get_byte(sealed_record, 40) # 1)
 where credential_id = (select min(credential_id::text)::uuid from credential)
"""


async def twins(connection: Connection, secrets: Secrets) -> list[str]:
    """Return the numbers of the certificates with a twin, each twin verified."""
    issuer = await key_queries.find_issuer(connection)
    assert issuer is not None
    trusted = await keys.trusted_keys(connection)
    numbers = []
    for row in await connection.fetch(SELECT_TWINS):
        cipher = unwrap_data_key(secrets.field, row["kek_id"], row["wrapped"], row["subject_id"])
        record = cipher.open(row["sealed_record"], "credential_signature:sealed_record", row["credential_id"])
        signature = cipher.open(row["sealed_signature"], "open_badge_proof:sealed_signature", row["credential_id"])
        said = verify_badge(badge_from_record(record, signature), trusted, issuer.did)
        assert said.certificate_number == row["certificate_number"]
        numbers.append(said.certificate_number)
    return numbers


async def forget_twins(superuser: Connection, *then: str) -> None:
    """Put the register back to where twins were not known."""
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")  # past the triggers
        await superuser.execute("delete from open_badge_proof")
        for statement in then:
            await superuser.execute(statement)


@pytest.fixture
def office(office: Office) -> Office:
    """An office that issued to Ann, Bob and Carol."""
    office.enrol_passed([ANN, BOB, CAROL])
    assert office.issue().json["issued"] == 3
    return office


async def test_every_certificate_is_signed_with_its_twin(
    office: Office, operator: Connection, secrets: Secrets
) -> None:
    assert await twins(operator, secrets) == sorted(line["number"] for line in office.list())
    assert await operator.fetchval(COUNT_MADE_UP) == 0


async def test_certificates_from_before_get_theirs_by_the_next_pass_page_by_page(
    office: Office, operator: Connection, superuser: Connection, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(badges, "PAGE", 2)
    await forget_twins(superuser)

    found = []
    for _ in range(3):
        assert office.issue().json["issued"] == 0
        found.append(len(await twins(operator, secrets)))

    assert found == [2, 3, 3]
    assert await operator.fetchval(COUNT_MADE_UP) == 3


async def test_a_record_that_does_not_open_gets_no_twin_and_holds_up_no_other(
    office: Office, operator: Connection, superuser: Connection, secrets: Secrets
) -> None:
    await forget_twins(superuser, BREAK_ONE)

    assert office.issue().code == 0

    assert len(await twins(operator, secrets)) == 2


async def test_under_a_key_that_may_no_longer_sign_nothing_is_made_up(
    office: Office, settings: Settings, operator: Connection, superuser: Connection, secrets: Secrets
) -> None:
    await forget_twins(superuser, "update signing_key set state = 'retired' where purpose = 'credential'")
    directory = KeyDirectory(settings)
    bench = Bench(settings, directory, PrivateKeys(directory))
    assert settings.signer_database_url is not None

    async with connected(settings.signer_database_url, "SIGNER_DATABASE_URL") as signer:
        await answer(signer, bench, SignPending())
        assert await twins(operator, secrets) == []

        await forget_twins(superuser, "update signing_key set state = 'active' where purpose = 'credential'")
        await answer(signer, Bench(settings, directory, PrivateKeys(directory)), SignPending())
        assert len(await twins(operator, secrets)) == 3


async def test_an_erased_person_has_no_twin(
    office: Office, operator: Connection, superuser: Connection, secrets: Secrets
) -> None:
    await forget_twins(superuser)
    erased = ("--id-number", office.private(ANN.id_number), "--note", "-", "--apply")

    assert office.run("person", "erase", *erased, stdin="本人来信要求删除").code == 0
    assert office.issue().code == 0

    assert len(await twins(operator, secrets)) == 2
    assert await operator.fetchval("select count(*) from open_badge_proof") == 2


async def test_only_the_signer_adds_twins(office: Office, operator: Connection) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await operator.execute("insert into open_badge_proof select credential_id, '' from credential")
