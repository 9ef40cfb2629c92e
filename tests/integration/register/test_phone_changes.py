"""A roster with another phone: lookups follow the person, certificates stay as they are."""

from tests.desks import ask
from tests.factories import Trainee, trainee
from tests.integration.register.interruption import record_unsigned
from tests.office import Office
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.credentials.service.desk import Desk
from verify_service.database import Connection
from verify_service.sealing.model import Secrets

OLD, NEW = trainee(0), trainee(0, phone="19499999999")


async def found(connection: Connection, secrets: Secrets, facts: Facts) -> int:
    answer = await ask(connection, secrets.index[0], facts)
    return len(answer.certificates)


def pairs(of: Trainee) -> list[Facts]:
    """Return both questions with the phone, and with all three facts."""
    return [
        Facts(name=of.name, phone=of.phone),
        Facts(id_number=of.id_number, phone=of.phone),
        Facts(name=of.name, id_number=of.id_number, phone=of.phone),
    ]


async def test_the_new_phone_finds_the_certificate_and_the_old_one_no_longer(
    office: Office, web: Connection, secrets: Secrets
) -> None:
    office.enrol_passed([OLD])
    office.issue()
    listed = office.list()
    assert [await found(web, secrets, facts) for facts in pairs(OLD)] == [1, 1, 1]

    ran = office.import_roster([NEW])

    assert (ran.code, ran.counts, ran.codes("warnings")) == (0, (1, 0), {1: ["PHONE_CHANGED"]})
    assert [await found(web, secrets, facts) for facts in pairs(OLD)] == [0, 0, 0]
    assert [await found(web, secrets, facts) for facts in pairs(NEW)] == [1, 1, 1]
    assert await found(web, secrets, Facts(name=OLD.name, id_number=OLD.id_number)) == 1
    assert office.list() == listed


async def test_the_same_phone_again_re_keys_nothing(office: Office, operator: Connection) -> None:
    office.enrol_passed([OLD])
    office.issue()
    office.import_roster([NEW])
    keys = await operator.fetch("select * from lookup_key order by hmac")

    assert office.import_roster([NEW]).counts == (0, 1)

    assert await operator.fetch("select * from lookup_key order by hmac") == keys


async def test_a_superseded_certificate_is_found_by_its_old_name_with_the_new_phone(
    office: Office, web: Connection, secrets: Secrets
) -> None:
    office.enrol_passed([OLD])
    office.issue()
    number = office.list()[0]["number"]
    corrected = office.private("林新名")
    office.run("certificates", "correct", number, "--name", corrected, "--note", "-", stdin="改名")

    office.import_roster([trainee(0, name="林新名", phone=NEW.phone)])

    assert await found(web, secrets, Facts(name=OLD.name, phone=NEW.phone)) == 1
    assert await found(web, secrets, Facts(name="林新名", phone=NEW.phone)) == 1
    assert await found(web, secrets, Facts(name=OLD.name, phone=OLD.phone)) == 0


async def test_a_phone_changed_between_recording_and_signing_is_the_one_that_finds(
    office: Office, desk: Desk, web: Connection, secrets: Secrets
) -> None:
    office.enrol_passed([OLD])
    await record_unsigned(desk, "C1")

    office.import_roster([NEW])
    assert office.issue().json["alreadyIssued"] == 1

    assert [await found(web, secrets, facts) for facts in pairs(NEW)] == [1, 1, 1]
    assert [await found(web, secrets, facts) for facts in pairs(OLD)] == [0, 0, 0]
