"""A recorded result is replaced only on purpose, with a reason, and never under a certificate."""

from uuid import UUID

import asyncpg
import pytest

from tests.factories import HOST, Result, photo_archive, trainee
from tests.office import Office, Ran
from verify_service.cohorts.service import require_cohort
from verify_service.credentials.queries import issuing
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.issuing import issue_cohort
from verify_service.database import Connection
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key

ANN, BOB = trainee(0, also_host=True), trainee(1)
NOTE = "阅卷复核"
SITTINGS = "select sitting.kind, conclusion from sitting order by held_on, sitting.kind"
HEADINGS = "姓名,身份证号,证书类别,考试日期,考次,结论,理论成绩,实操成绩\n"


@pytest.fixture
def office(office: Office) -> Office:
    """An office where Ann, for both kinds, and Bob are enrolled."""
    assert office.import_roster([ANN, BOB], photos=photo_archive([ANN, BOB])).code == 0
    return office


def amended(office: Office, *results: Result) -> Ran:
    return office.import_results(results, "C1", "--amend", "--note", office.private(NOTE))


def result(conclusion: str, held_on: str = "2026-03-14", **others: str) -> Result:
    return Result(ANN, conclusion, held_on=held_on, **others)


def made_up(conclusion: str, held_on: str = "2026-04-11") -> Result:
    return result(conclusion, held_on, sitting="补考")


def scored(office: Office, score: str, *options: str) -> Ran:
    """Import that Ann passed the first sitting with this score."""
    row = f"{ANN.name},{ANN.id_number},全媒体运营师,2026-03-14,首考,合格,{score},80\n"
    file = office.write("results.csv", HEADINGS + row)
    return office.run("results", "import", file, "--cohort", "C1", "--json", *options)


@pytest.mark.parametrize(
    ("standing", "corrected", "changes"),
    [
        ([result("不合格")], result("合格"), ["conclusion"]),
        ([result("合格")], result("作废"), ["conclusion"]),
        ([result("不合格")], result("不合格", "2026-03-15"), ["date"]),
        ([result("不合格"), made_up("不合格")], made_up("合格", "2026-04-12"), ["conclusion", "date"]),
        ([result("不合格"), made_up("合格")], result("缺考"), ["conclusion"]),
    ],
)
async def test_what_stands_is_amended_only_where_asked(
    office: Office, operator: Connection, standing: list[Result], corrected: Result, changes: list[str]
) -> None:
    office.import_results(standing)
    before = await operator.fetch(SITTINGS)

    assert office.import_results([corrected]).codes() == {1: ["ALREADY_DECIDED"]}
    assert await operator.fetch(SITTINGS) == before
    ran = amended(office, corrected)

    assert (ran.code, ran.counts, ran.json["changes"]) == (0, (1, 0), [{"row": 1, "changes": changes}])
    assert office.import_results([corrected]).counts == (0, 1)
    assert await operator.fetchval("select count(*) from sitting") == len(standing)


@pytest.mark.parametrize(
    ("standing", "corrected"),
    [
        ([result("不合格"), made_up("合格")], result("合格")),
        ([result("不合格"), made_up("合格")], result("不合格", "2026-05-01")),
        ([result("缺考"), made_up("不合格")], made_up("不合格", "2026-03-14")),
    ],
)
async def test_the_order_of_sittings_holds_for_what_an_amendment_leaves(
    office: Office, operator: Connection, standing: list[Result], corrected: Result
) -> None:
    office.import_results(standing)
    before = await operator.fetch(SITTINGS)

    ran = amended(office, corrected)

    assert (ran.code, ran.codes()) == (1, {1: ["SITTING_ORDER"]})
    assert await operator.fetch(SITTINGS) == before


async def test_a_make_up_may_follow_a_first_sitting_amended_in_the_same_file(
    office: Office, operator: Connection
) -> None:
    office.import_results([result("合格")])

    ran = amended(office, made_up("合格"), result("不合格"))

    assert ran.json["changes"] == [{"row": 1, "changes": ["sitting"]}, {"row": 2, "changes": ["conclusion"]}]
    assert [tuple(row) for row in await operator.fetch(SITTINGS)] == [("first", "failed"), ("makeUp", "passed")]


def test_scores_alone_are_a_difference_too(office: Office) -> None:
    assert scored(office, "61").code == 0
    assert scored(office, "61.5").codes() == {1: ["ALREADY_DECIDED"]}
    amending = scored(office, "61.5", "--amend", "--note", office.private(NOTE))
    assert amending.json["changes"] == [{"row": 1, "changes": ["scores"]}]
    assert scored(office, "61.5").counts == (0, 1)


@pytest.mark.parametrize("amending", [False, True])
async def test_under_a_certificate_only_revoking_or_correcting_is_left(
    office: Office, operator: Connection, *, amending: bool
) -> None:
    office.import_results([result("合格")])
    office.issue()
    office.run("certificates", "revoke", office.list()[0]["number"], "--reason", "issued_in_error")

    ran = amended(office, result("不合格")) if amending else office.import_results([result("不合格")])

    (error,) = ran.json["rows"][0]["errors"]
    assert (ran.code, error["code"], error["cell"]) == (1, "ALREADY_DECIDED", "C2")
    assert "撤销或更正证书" in error["message"]
    assert await operator.fetchval("select conclusion from sitting") == "passed"


async def test_no_role_changes_a_result_under_a_certificate(
    office: Office, operator: Connection, migration: Connection
) -> None:
    office.import_results([result("合格")])
    office.issue()

    for connection in (operator, migration):
        with pytest.raises(asyncpg.RestrictViolationError, match="a certificate rests on this sitting"):
            await connection.execute("update sitting set conclusion = 'failed'")


async def test_scores_end_under_a_certificate_without_moving_when_they_were_recorded(
    office: Office, operator: Connection
) -> None:
    scored(office, "61")
    office.issue()
    recorded_at = await operator.fetchval("select recorded_at from sitting")

    await operator.execute("update sitting set theory_score_tenths = null, practice_score_tenths = null")

    assert await operator.fetchval("select recorded_at from sitting where theory_score_tenths is null") == recorded_at


async def test_one_approval_for_each_person_keeps_the_note_sealed(
    office: Office, operator: Connection, secrets: Secrets
) -> None:
    standing = [result("不合格"), result("不合格", kind=HOST), Result(BOB, "不合格")]
    office.import_results(standing)

    amended(office, result("合格"), result("合格", kind=HOST), Result(BOB, "缺考"))

    approvals = await operator.fetch(
        """select distinct approval.approval_id, sealed_note, subject_key.subject_id, kek_id, wrapped
             from approval
             join audit_event on detail ->> 'approval' = approval.approval_id::text
             join exam_entry on exam_entry.exam_entry_id::text = audit_event.object_id
             join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
             join subject_key on subject_key.subject_id = enrolment.subject_id
            where approval.action = 'amend_result' and audit_event.action = 'sitting_amended'"""
    )
    assert len(approvals) == 2
    for row in approvals:
        cipher = unwrap_data_key(secrets.field, row["kek_id"], row["wrapped"], row["subject_id"])
        assert cipher.open(row["sealed_note"], "approval:sealed_note", row["approval_id"]).decode() == NOTE


async def test_the_trail_tells_which_conclusion_became_which(office: Office, operator: Connection) -> None:
    office.import_results([result("不合格")])
    recorded_at = await operator.fetchval("select recorded_at from sitting")

    amended(office, result("合格"))

    detail = await operator.fetchval("select detail - 'approval' from audit_event where action = 'sitting_amended'")
    assert detail == '{"to": "passed", "from": "failed", "changes": ["conclusion"], "sitting": "first"}'
    assert await operator.fetchval("select recorded_at from sitting") > recorded_at


async def test_a_result_amended_while_a_class_is_being_issued_earns_no_certificate(
    office: Office, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.import_results([Result(ANN), Result(BOB)])
    list_entries = issuing.list_cohort_entries

    async def list_and_amend(connection: Connection, cohort_id: UUID) -> list[issuing.CohortEntry]:
        entries = await list_entries(connection, cohort_id)
        assert amended(office, result("作废")).code == 0
        return entries

    monkeypatch.setattr(issuing, "list_cohort_entries", list_and_amend)

    assert (await issue_cohort(desk, await require_cohort(desk.connection, "C1"))).issued == 1
    assert [line["name"] for line in office.list()] == [BOB.name]
