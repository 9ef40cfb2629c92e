"""Importing rosters: all of one or nothing of it, and again without changing anything."""

import asyncio
from pathlib import Path

import pytest

from tests.factories import HOST, OPERATOR, PARTNER, photo_archive, roster_csv, trainee, trainees
from tests.office import Office
from verify_service.audit.model import Actor
from verify_service.cli.roster_files import read_roster_file
from verify_service.cli.table_files import TableOptions, opened_table
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.redemption_codes.rules.codes import parse_code
from verify_service.rosters.model import ImportOutcome, RosterImport
from verify_service.rosters.service.importing import import_roster
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import blind_index, unwrap_data_key
from verify_service.settings import load_settings

REGISTERED = ("partner", "cohort", "subject", "subject_key", "photo", "enrolment", "redemption_code", "exam_entry")
SELECT_CODES = """
select enrolment.enrolment_id, enrolment.subject_id, code_index, sealed_code, kek_id, wrapped
  from enrolment
  join redemption_code on redemption_code.enrolment_id = enrolment.enrolment_id
  join subject_key on subject_key.subject_id = enrolment.subject_id
"""


async def counts(connection: Connection) -> dict[str, int]:
    return {table: await connection.fetchval(f"select count(*) from {table}") for table in REGISTERED}  # noqa: S608  # constants


async def test_the_sample_rosters_are_imported_with_their_photos(office: Office, operator: Connection) -> None:
    of_operators, _ = office.import_sample("operator")
    of_hosts, _ = office.import_sample("host")

    assert (of_operators.code, of_operators.counts, of_operators.json["photos"]["matched"]) == (0, (56, 0), 56)
    assert (of_hosts.code, of_hosts.counts, of_hosts.json["photos"]["matched"]) == (0, (17, 0), 17)
    assert await counts(operator) == {
        **dict.fromkeys(("subject", "subject_key", "photo", "enrolment", "redemption_code"), 73),
        "partner": 2,
        "cohort": 2,
        "exam_entry": 81,
    }


async def test_importing_a_roster_again_changes_nothing(office: Office, operator: Connection) -> None:
    office.import_sample("operator")
    before, events = await counts(operator), await operator.fetchval("select count(*) from audit_event")

    again, _ = office.import_sample("operator")

    assert (again.code, again.counts) == (0, (0, 56))
    assert await counts(operator) == before
    assert await operator.fetchval("select count(*) from audit_event") == events


async def test_one_row_with_an_error_stops_the_whole_roster(office: Office, operator: Connection) -> None:
    roster = [*trainees(3), trainee(3, phone="12345")]

    ran = office.import_roster(roster)

    assert (ran.code, ran.counts, ran.codes()) == (1, (0, 0), {4: ["LENGTH"]})
    assert set((await counts(operator)).values()) == {0}


async def test_where_asked_the_valid_rows_are_imported_without_the_others(office: Office, operator: Connection) -> None:
    ran = office.import_roster([*trainees(3), trainee(3, phone="12345")], "--accept-valid-rows")

    assert (ran.code, ran.counts) == (1, (3, 0))
    assert (await counts(operator))["enrolment"] == 3


async def test_a_roster_of_refused_rows_alone_opens_no_cohort(office: Office, operator: Connection) -> None:
    ran = office.import_roster([trainee(phone="12345")], "--accept-valid-rows")

    assert (ran.code, ran.counts) == (1, (0, 0))
    assert set((await counts(operator)).values()) == {0}


async def test_an_unknown_partner_is_refused_until_partners_may_be_created(
    office: Office, operator: Connection
) -> None:
    refused = office.import_roster(trainees(2), create_partners=False)
    assert (refused.code, refused.codes()) == (1, {1: ["UNKNOWN_PARTNER"], 2: ["UNKNOWN_PARTNER"]})
    assert set((await counts(operator)).values()) == {0}

    office.import_roster(trainees(2))

    spelt_otherwise = [trainee(2, partner=f" {PARTNER[:2]}　{PARTNER[2:]} ")]
    assert office.import_roster(spelt_otherwise, create_partners=False).counts == (1, 0)
    assert (await counts(operator))["partner"] == 1


def test_a_registered_id_number_under_another_name_is_a_conflict(office: Office) -> None:
    office.import_roster(trainees(2))

    ran = office.import_roster([trainee(0), trainee(1, name="别人")], cohort="C2")

    assert (ran.code, ran.codes()) == (1, {2: ["ID_NAME_CONFLICT"]})
    assert office.run("certificates", "list", "--cohort", "C2").code == 2


def test_another_cohort_is_a_warning_only_where_a_kind_is_sat_for_twice(office: Office) -> None:
    office.import_roster([trainee(0), trainee(1, also_host=True)])

    same_kind = office.import_roster([trainee(0), trainee(2)], cohort="C2")
    other_kind = office.import_roster([trainee(0), trainee(1)], cohort="C3", kind=HOST)

    assert (same_kind.code, same_kind.counts) == (0, (2, 0))
    assert same_kind.codes("warnings") == {1: ["ALREADY_ENROLLED"]}
    assert other_kind.codes("warnings") == {2: ["ALREADY_ENROLLED"]}


def test_the_second_kind_of_a_row_counts_as_enrolled_elsewhere_too(office: Office) -> None:
    office.import_roster([trainee(0)], cohort="C1", kind=HOST)

    ran = office.import_roster([trainee(0, also_host=True)], cohort="C2", kind=OPERATOR)

    assert ran.codes("warnings") == {1: ["ALREADY_ENROLLED"]}


async def test_a_second_kind_asked_for_later_is_added_without_a_second_code(
    office: Office, operator: Connection
) -> None:
    office.import_roster([trainee(0)])

    ran = office.import_roster([trainee(0, also_host=True)])

    assert ran.counts == (1, 0)
    standing = await counts(operator)
    assert (standing["exam_entry"], standing["enrolment"], standing["redemption_code"]) == (2, 1, 1)


@pytest.mark.parametrize(("second", "changed"), [(200, 0), (90, 1)])
async def test_only_another_photo_replaces_the_photo(
    office: Office, operator: Connection, second: int, changed: int
) -> None:
    office.import_roster([trainee(0)], photos=photo_archive([trainee(0)], 200))
    before = await operator.fetchval("select photo_id from enrolment")

    ran = office.import_roster([trainee(0)], photos=photo_archive([trainee(0)], second))

    assert ran.counts == (changed, 1 - changed)
    assert (await operator.fetchval("select photo_id from enrolment") != before) == bool(changed)


async def test_two_imports_of_one_file_at_once_leave_one_set_of_rows(
    database: DatabaseUrls, operator: Connection, secrets: Secrets, actor: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes(roster_csv(trainees(20)))
    with opened_table(str(file), TableOptions()) as table:
        read = read_roster_file(table, None, load_settings({}), for_import=True)
    asked = RosterImport(
        roster=read.roster, report=read.report, photos={}, cohort_code="C1", kind=OPERATOR, create_partners=True
    )

    async def run() -> ImportOutcome:
        async with connected(database.operator, "OPERATOR_DATABASE_URL") as connection:
            return await import_roster(connection, secrets, actor, asked)

    outcomes = await asyncio.gather(*(run() for _ in range(3)))

    assert sorted((outcome.imported, outcome.unchanged) for outcome in outcomes) == [(0, 20), (0, 20), (20, 0)]
    standing = await counts(operator)
    assert (standing["subject"], standing["enrolment"], standing["partner"], standing["cohort"]) == (20, 20, 1, 1)


async def test_a_redemption_code_is_kept_as_its_hmac_and_sealed(
    office: Office, operator: Connection, secrets: Secrets
) -> None:
    office.import_roster(trainees(5))

    codes = set()
    for row in await operator.fetch(SELECT_CODES):
        cipher = unwrap_data_key(secrets.field, row["kek_id"], row["wrapped"], row["subject_id"])
        code = cipher.open(row["sealed_code"], "redemption_code:sealed_code", row["enrolment_id"]).decode()
        assert row["code_index"] == blind_index(secrets.subject[0], "redemption code", code)
        assert parse_code(code) == code
        codes.add(code)
    assert len(codes) == 5
