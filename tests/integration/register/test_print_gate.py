"""The print gate and the ZIP of a class: what passes leaves, what does not is held, a run that was cut off goes on."""

import hashlib
import io
import random
import zipfile
from typing import Any

import openpyxl
import pikepdf
import pytest
from msgspec.structs import replace

from tests.factories import enrol_passed, sample_people, trainees
from tests.fonts import square_font
from tests.integration.register.machine import Machine
from tests.office import Office
from verify_service.database import Connection
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key
from verify_service.subjects.rules.masks import mask_id_number

ID_NUMBERS = {person.id_number for people in sample_people().values() for person in people}
SEALED = """
select credential.credential_id, credential.subject_id, kek_id, wrapped, sealed_qr
  from credential join credential_signature using (credential_id) join subject_key using (subject_id)
 where certificate_number = $1
"""
CHECKED = "select count(*) from print_check where held_for is null"
SEED = 20261124
CLASS = 40


def gate(office: Office, cohort: str, *options: str) -> dict[str, Any]:
    counted: dict[str, Any] = office.run("certificates", "gate", "--cohort", cohort, "--json", *options).json
    return counted


def export(office: Office, cohort: str, *options: str) -> zipfile.ZipFile:
    path = str(office.folder / "class.zip")
    office.run("certificates", "export", "--cohort", cohort, "-o", path, *options)
    return zipfile.ZipFile(path)


def test_a_class_passes_once_for_each_edition(sample: Office) -> None:
    assert gate(sample, "host") == {"passed": 16, "alreadyPassed": 0, "held": []}
    assert gate(sample, "host") == {"passed": 0, "alreadyPassed": 16, "held": []}
    assert gate(sample, "host", "--edition", "masked")["passed"] == 16


async def give_another_qr_code(superuser: Connection, secrets: Secrets, number: str, other: str) -> None:
    """Put the QR code of another certificate in place of one's own, as a fault of the register might."""
    ((mine,), (theirs,)) = [await superuser.fetch(SEALED, one) for one in (number, other)]
    ciphers = [
        unwrap_data_key(secrets.field, row["kek_id"], row["wrapped"], row["subject_id"]) for row in (mine, theirs)
    ]
    place = "credential_signature:sealed_qr"
    qr = ciphers[1].open(theirs["sealed_qr"], place, theirs["credential_id"])
    sealed = ciphers[0].seal(qr, place, mine["credential_id"])
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")  # past the triggers
        statement = "update credential_signature set sealed_qr = $2 where credential_id = $1"
        await superuser.execute(statement, mine["credential_id"], sealed)


async def test_a_certificate_that_contradicts_itself_is_held_and_the_others_leave(
    sample: Office, superuser: Connection, secrets: Secrets
) -> None:
    first, second, *_ = (line["number"] for line in sample.list("--cohort", "host"))
    await give_another_qr_code(superuser, secrets, first, second)

    ran = sample.run("certificates", "gate", "--cohort", "host", "--json")
    alone = sample.run("certificates", "pdf", first, "-o", str(sample.folder / "one.pdf"))

    assert (ran.code, ran.json["passed"]) == (1, 15)
    assert [(one["number"], one["reason"]) for one in ran.json["held"]] == [(first, "PRINT_NOT_DRAWN")]
    assert (alone.code, (sample.folder / "one.pdf").exists()) == (1, False)
    with export(sample, "host") as archive:
        assert not [name for name in archive.namelist() if first in name]
        assert len(archive.namelist()) == 15 + 2
    alarms = await superuser.fetch("select object_id, detail from audit_event where action = 'print_held'")
    assert {alarm["object_id"] for alarm in alarms} == {first}


def test_where_a_font_is_missing_one_person_is_held_with_the_code_point_and_the_others_leave(office: Office) -> None:
    rare, *others = trainees(3)
    fonts = office.folder / "fonts"
    fonts.mkdir()
    (fonts / "rare.ttf").write_bytes(square_font("𪚥"))
    office.environment["VERIFY_SERVICE_FONT_DIR"] = str(fonts)
    office.enrol_passed([replace(rare, name=f"{rare.name[0]}𪚥"), *others])
    office.issue()

    del office.environment["VERIFY_SERVICE_FONT_DIR"]  # as on another machine
    counted = gate(office, "C1")

    (held,) = counted["held"]
    assert (counted["passed"], held["reason"]) == (2, "PRINT_NOT_DRAWN")
    assert "U+2A6A5" in held["detail"]
    assert "𪚥" not in held["detail"]


@pytest.mark.parametrize("kills", [2, pytest.param(30, marks=pytest.mark.slow)])
async def test_a_run_that_is_killed_goes_on(
    office: Office, operator: Connection, superuser: Connection, secrets: Secrets, kills: int
) -> None:
    await enrol_passed(operator, secrets, "C1", trainees(CLASS))
    office.issue()
    machine = Machine(office, superuser, [operator.get_server_pid()])
    chance = random.Random(SEED)  # noqa: S311  # moments, not secrets

    seen = [0]
    for _ in range(kills):
        await machine.kill_after(chance.uniform(0, 6), "certificates", "gate", "--cohort", "C1")
        seen.append(await operator.fetchval(CHECKED))
    counted = gate(office, "C1")

    assert seen == sorted(seen)
    assert counted["alreadyPassed"] == seen[-1]
    assert (counted["passed"], counted["held"]) == (CLASS - seen[-1], [])


def test_the_manifest_names_every_file_and_its_digest(sample: Office) -> None:
    with export(sample, "host") as archive:
        listed = archive.read("SHA256SUMS.txt").decode().splitlines()
        digests = {name: digest for digest, _, name in (line.partition("  ") for line in listed)}

        assert {*digests, "SHA256SUMS.txt"} == set(archive.namelist())
        assert all(hashlib.sha256(archive.read(name)).hexdigest() == digests[name] for name in digests)
        assert all(info.flag_bits & 0x800 for info in archive.infolist() if not info.filename.isascii())  # UTF-8


@pytest.mark.parametrize("edition", ["full", "masked"])
def test_the_summary_is_text_in_every_cell(sample: Office, edition: str) -> None:
    with export(sample, "host", "--edition", edition) as archive:
        sheet = openpyxl.load_workbook(io.BytesIO(archive.read("证书清单.xlsx"))).worksheets[0]
    rows = [[cell for cell in row if cell.value is not None] for row in sheet.iter_rows(min_row=2)]

    shown = {str(row[3].value) for row in rows[1:]}
    numbers = ID_NUMBERS if edition == "full" else {mask_id_number(number) for number in ID_NUMBERS}
    assert len(rows) == 16 + 1
    assert shown <= numbers
    assert all((cell.data_type, cell.number_format) == ("s", "@") for row in rows[1:] for cell in row)


def test_no_byte_of_a_masked_export_tells_an_id_number(sample: Office) -> None:
    told = []
    with export(sample, "host", "--edition", "masked") as archive:
        for name in archive.namelist():
            told.append(archive.read(name))
            if name.endswith(".pdf"):
                with pikepdf.open(io.BytesIO(told[-1])) as document:
                    streams = [part for part in document.objects if isinstance(part, pikepdf.Stream)]
                    told += [part.read_bytes() for part in streams if part.get("/Filter") != "/DCTDecode"]
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(told[-1])) as sheet:
                    told += [sheet.read(part) for part in sheet.namelist()]

    assert not [number for number in ID_NUMBERS if any(number.encode() in part for part in told)]
