"""What could never be mended afterwards is refused before it is done."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from signing import generate_private_key, seal_private_key
from tests.factories import trainee
from tests.integration.register.interruption import correct_unsigned
from tests.office import Office
from verify_service.credentials.service.correcting import Correction
from verify_service.credentials.service.desk import Desk
from verify_service.database import Connection

ANN = trainee(0)


def number_of(office: Office) -> str:
    """Issue Ann's certificate and return its number."""
    office.enrol_passed([ANN])
    assert office.issue().json["issued"] == 1
    return str(office.list()[0]["number"])


@pytest.fixture
def another_key(key_dir: Path) -> Iterator[str]:
    """The id of the credential key, under which another key lies in KEY_DIR."""
    (genuine,) = key_dir.glob("*-c1.pem")
    kept, passphrase = genuine.read_bytes(), (key_dir / "passphrase").read_bytes().strip()
    genuine.write_bytes(seal_private_key(generate_private_key(), passphrase))
    yield genuine.stem
    genuine.write_bytes(kept)


async def test_another_key_under_a_registered_id_signs_nothing_and_takes_no_number(
    office: Office, another_key: str, operator: Connection
) -> None:
    office.enrol_passed([ANN])

    refused = office.issue()

    assert (refused.code, another_key in refused.err, "KEY_WRONG" in refused.err) == (2, True, True)
    assert await operator.fetchval("select count(*) from credential") == 0


async def test_a_passphrase_that_opens_nothing_takes_no_number(office: Office, operator: Connection) -> None:
    office.enrol_passed([ANN])
    office.environment |= {"VERIFY_SERVICE_KEY_PASSPHRASE": "wrong"}

    refused = office.issue()

    assert (refused.code, "KEY_LOCKED" in refused.err) == (2, True)
    assert await operator.fetchval("select count(*) from credential") == 0


async def test_a_revocation_waits_for_an_unfinished_correction(office: Office, desk: Desk) -> None:
    number = number_of(office)
    await correct_unsigned(desk, number, Correction(name="林新名", note="登记有误"))

    refused = office.run("certificates", "revoke", number, "--reason", "exam_misconduct")
    office.issue()
    both = office.list()

    assert (refused.code, "CORRECTION_UNFINISHED" in refused.err) == (5, True)
    assert [line["status"] for line in both] == ["superseded", "valid"]


async def test_an_id_number_corrected_to_one_of_another_kind_changes_the_document_type(
    office: Office, operator: Connection
) -> None:
    number = number_of(office)

    options = ("--id-number", office.private("810000199003079810"), "--sex", "男", "--note", "-")
    corrected = office.run("certificates", "correct", number, *options, stdin="改领居住证")

    assert corrected.code == 0, corrected.err
    assert await operator.fetchval("select document_type from subject") == "hmt_residence"


async def test_an_erased_person_holds_up_nobody_else(office: Office, superuser: Connection) -> None:
    office.enrol_passed([ANN, trainee(1)])
    await superuser.execute(
        "delete from subject_key where subject_id = (select min(subject_id::text)::uuid from subject)"
    )

    issued = office.issue()

    assert (issued.code, issued.json["issued"]) == (0, 1)
