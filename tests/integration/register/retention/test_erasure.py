"""Erasing one person: counted first, then everything that finds, names or opens is gone, and nobody else's."""

import json

import pytest

from tests.databases import dump
from tests.factories import Result, photo_archive, trainee, trainees
from tests.integration.register.retention.ageing import contents, give_scores
from tests.integration.test_audit_chain import broken_links
from tests.office import Office, Ran
from verify_service.database import Connection
from verify_service.embedded.server import EmbeddedServer

ANN, BOB = trainees(2)
NOTE = "本人来信要求删除"
HELD = {"enrolments": 1, "certificates": 1, "photos": 1, "redemptionCodes": 1, "sittings": 1, "lookupKeys": 3}
IMMUTABLE = ("credential", "credential_signature", "open_badge_proof", "credential_event", "status_list", "exam_entry")
# Everything of a person that names, finds or opens, and that a dump taken before would show.
TRACES = """
select unnest(array[id_number_index, sealed_name, sealed_sex, sealed_id_number, sealed_phone]) as trace
  from subject where subject_id = $1
union all select wrapped from subject_key where subject_id = $1
union all select sealed_jpeg from photo where subject_id = $1
union all select hmac from lookup_key join credential using (credential_id) where subject_id = $1
union all select code_index from redemption_code join enrolment using (enrolment_id) where subject_id = $1
union all select sealed_code from redemption_code join enrolment using (enrolment_id) where subject_id = $1
"""


@pytest.fixture
def office(office: Office) -> Office:
    """An office that issued to Ann and Bob."""
    office.enrol_passed([ANN, BOB])
    assert office.issue().json["issued"] == 2
    return office


def erase(office: Office, *options: str, id_number: str = ANN.id_number) -> Ran:
    arguments = ("--id-number", office.private(id_number), "--note", "-", "--json", *options)
    return office.run("person", "erase", *arguments, stdin=NOTE)


async def subject_of(connection: Connection, office: Office, name: str) -> object:
    number = next(line["number"] for line in office.list() if line["name"] == name)
    return await connection.fetchval("select subject_id from credential where certificate_number = $1", number)


async def test_without_apply_an_erasure_counts_and_changes_nothing(office: Office, superuser: Connection) -> None:
    before = await contents(superuser)

    ran = erase(office)
    text = office.run("person", "erase", "--id-number", office.private(ANN.id_number), "--note", "-", stdin=NOTE)

    assert (ran.code, ran.json) == (0, {"applied": False, "held": HELD, "drafts": 0})
    assert (text.code, "nothing was changed" in text.out) == (0, True)
    assert await contents(superuser) == before


async def test_erased_once_a_person_is_unknown(office: Office, superuser: Connection) -> None:
    assert erase(office, "--apply").json == {"applied": True, "held": HELD, "drafts": 0}
    after = await contents(superuser)

    again = erase(office, "--apply")

    assert (again.code, again.out, "UNKNOWN_PERSON" in again.err) == (1, "", True)
    assert await contents(superuser) == after


async def test_a_dump_taken_afterwards_holds_nothing_that_names_finds_or_opens(
    office: Office, superuser: Connection, server: EmbeddedServer, database_name: str
) -> None:
    subject_id = await subject_of(superuser, office, ANN.name)
    traces = [row["trace"].hex().encode() for row in await superuser.fetch(TRACES, subject_id)]
    assert len(traces) == 12
    before = dump(server, database_name)
    assert all(trace in before for trace in traces)

    erase(office, "--apply")

    after = dump(server, database_name)
    assert not any(trace in after for trace in traces)
    assert NOTE.encode() not in after
    row = await superuser.fetchrow("select * from subject where subject_id = $1", subject_id)
    assert row is not None
    kept = {"subject_id", "id_number_index", "created_at", "changed_at"}
    assert {column for column, value in row.items() if value is not None} == kept


async def test_nobody_else_is_touched_and_certificates_stay_to_the_byte(office: Office, superuser: Connection) -> None:
    before = await contents(superuser)
    bob = await superuser.fetch(TRACES, await subject_of(superuser, office, BOB.name))

    erase(office, "--apply")

    after = await contents(superuser)
    assert {table: after[table] for table in IMMUTABLE} == {table: before[table] for table in IMMUTABLE}
    assert await superuser.fetch(TRACES, await subject_of(superuser, office, BOB.name)) == bob


async def test_the_trail_keeps_counts_and_that_a_note_was_given(office: Office, superuser: Connection) -> None:
    subject_id = await subject_of(superuser, office, ANN.name)

    erase(office, "--apply")

    (approval,) = await superuser.fetch("select * from approval where action = 'erase'")
    (event,) = await superuser.fetch("select * from audit_event where action = 'subject_erased'")
    assert (approval["given_by"], approval["sealed_note"]) == ("operator", None)
    assert (event["object_type"], event["object_id"]) == ("subject", str(subject_id))
    held = {"enrolments": 1, "certificates": 1, "photos": 1, "redemptionCodes": 1, "sittings": 1, "lookupKeys": 3}
    detail = {"approval": str(approval["approval_id"]), "noteGiven": True, "held": held, "drafts": 0}
    assert json.loads(event["detail"]) == detail
    assert await broken_links(superuser) == []


async def test_a_sitting_stays_only_where_a_certificate_rests_on_it_and_without_scores(
    office: Office, superuser: Connection
) -> None:
    both = trainee(2, also_host=True)
    office.import_roster([both], cohort="C2", photos=photo_archive([both]))
    office.import_results([Result(both), Result(both, "不合格", kind="online_host")], "C2")
    office.issue("C2")
    await give_scores(superuser)

    erase(office, "--apply", id_number=both.id_number)

    sittings = """
    select conclusion, theory_score_tenths from sitting join exam_entry using (exam_entry_id)
      join enrolment using (enrolment_id) join cohort using (cohort_id) where code = 'C2'
    """
    assert [tuple(row) for row in await superuser.fetch(sittings)] == [("passed", None)]


async def test_a_person_without_certificate_can_be_erased(office: Office) -> None:
    office.import_roster([trainee(3)], cohort="C2")

    ran = erase(office, "--apply", id_number=trainee(3).id_number)

    assert ran.json["held"] == {**HELD, "certificates": 0, "photos": 0, "sittings": 0, "lookupKeys": 0}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--id-number", ANN.id_number, "--note", "-"), 2),  # a personal datum as an argument
        (("--id-number", "-", "--note", "-"), 2),
        (("--id-number", "-"), 2),
        (("--note", "-"), 2),
        (("--id-number", "@EMPTY", "--note", "-"), 1),
        (("--id-number", "@ANN", "--note", "@EMPTY"), 2),
        (("--id-number", "@ANN", "--note", "-", "--document-type", "library_card"), 2),
        (("--id-number", "@ANN", "--note", "-", "--document-type", "passport_cn"), 1),
        (("--id-number", "@NOBODY", "--note", "-"), 1),
    ],
)
async def test_whoever_is_not_named_properly_is_not_erased(
    office: Office, superuser: Connection, options: tuple[str, ...], code: int
) -> None:
    files = {"@EMPTY": "", "@ANN": ANN.id_number, "@NOBODY": trainee(9).id_number}
    arguments = ["@" + office.write(option[1:], files[option]) if option in files else option for option in options]
    before = await contents(superuser)

    ran = office.run("person", "erase", *arguments, "--apply", stdin=NOTE)

    assert (ran.code, ran.out) == (code, "")
    assert ANN.id_number not in ran.err
    assert await contents(superuser) == before


@pytest.mark.parametrize("document_type", [None, "passport_cn"])
async def test_a_passport_is_found_with_or_without_its_type(
    office: Office, superuser: Connection, document_type: str | None
) -> None:
    heading = "姓名,性别,身份证号,手机号,合作机构名称,加考网络视听主播,证件类型\n"
    roster = office.write("passport.csv", heading + "林护照,女,E12345678,19412345678,测试学院,否,护照\n")
    ran = office.run("roster", "import", roster, "--cohort", "C2", "--kind", "omnimedia_operator")
    assert ran.code == 0, ran.out
    options = () if document_type is None else ("--document-type", document_type)

    assert erase(office, "--apply", *options, id_number="E12345678").json["applied"] is True
