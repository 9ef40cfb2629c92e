"""What a roster says otherwise than the register is an error, until an operator amends it and says why."""

import pytest

from tests.factories import OPERATOR, Trainee, photo_archive, trainee, trainees
from tests.office import Office
from verify_service.database import Connection
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key
from verify_service.subjects.service import find_by_ids

ANN, BOB = trainees(2)
RENAMED = trainee(0, name="林新名")
MOVED = trainee(0, partner="另一家")
NOTE = "合作机构来函更正"
HEADINGS = "姓名,性别,身份证号,手机号,合作机构名称,证件类型\n"
SELECT_NOTES = """
select approval.approval_id, sealed_note, subject_key.subject_id, kek_id, wrapped
  from approval
  join audit_event on audit_event.detail ->> 'approval' = approval.approval_id::text
  join subject_key on subject_key.subject_id::text = audit_event.object_id
 where approval.action = 'amend_person'
"""


@pytest.fixture
def office(office: Office) -> Office:
    """An office where Ann and Bob are enrolled."""
    assert office.import_roster([ANN, BOB]).code == 0
    return office


@pytest.fixture
def amend(office: Office) -> tuple[str, ...]:
    """The options of an amendment."""
    return ("--amend", "--note", office.private(NOTE))


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [(RENAMED, "ID_NAME_CONFLICT", "name"), (MOVED, "PARTNER_CHANGED", "partner")],
)
async def test_another_name_or_partner_is_refused_until_it_is_amended(
    office: Office, operator: Connection, amend: tuple[str, ...], row: Trainee, code: str, field: str
) -> None:
    refused = office.import_roster([row, BOB])
    amended = office.import_roster([row, BOB], *amend)

    assert (refused.code, refused.codes()) == (1, {1: [code]})
    assert (amended.code, amended.counts) == (0, (1, 1))
    assert amended.json["changes"] == [{"row": 1, "changes": [field]}]
    assert office.import_roster([row, BOB]).counts == (0, 2)
    assert await operator.fetchval("select count(*) from subject") == 2
    assert await operator.fetchval("select count(*) from redemption_code") == 2


async def test_another_sex_is_amended_where_the_number_does_not_tell_it(office: Office, amend: tuple[str, ...]) -> None:
    def imported(sex: str, *options: str) -> tuple[int, dict[int, list[str]]]:
        row = f"林一芳,{sex},E12345678,19411111111,测试学院,护照\n"
        file = office.write("roster.csv", HEADINGS + row)
        ran = office.run("roster", "import", file, "--cohort", "C2", "--kind", OPERATOR, "--json", *options)
        return ran.code, ran.codes()

    assert imported("女") == (0, {})
    assert imported("男") == (1, {1: ["GENDER_MISMATCH"]})
    assert imported("男", *amend) == (0, {})
    assert imported("男") == (0, {})


async def test_each_person_is_amended_on_an_approval_whose_note_only_that_persons_key_opens(
    office: Office, operator: Connection, secrets: Secrets, amend: tuple[str, ...]
) -> None:
    office.import_roster([RENAMED, trainee(1, name="林别名", partner="另一家")], *amend)

    rows = await operator.fetch(SELECT_NOTES)

    assert len(rows) == 2
    for row in rows:
        cipher = unwrap_data_key(secrets.field, row["kek_id"], row["wrapped"], row["subject_id"])
        assert cipher.open(row["sealed_note"], "approval:sealed_note", row["approval_id"]).decode() == NOTE


async def test_the_trail_of_an_amendment_lists_the_fields_and_no_value(
    office: Office, operator: Connection, amend: tuple[str, ...]
) -> None:
    office.import_roster([trainee(0, name="林新名", partner="另一家", phone="19499999999")], *amend)

    events = await operator.fetch(
        """select action, detail - 'approval' as detail, detail ? 'approval' as approved
             from audit_event order by audit_event_id desc limit 2"""
    )

    assert [tuple(event) for event in reversed(events)] == [
        ("person_amended", '{"fields": ["name", "partner"]}', True),
        ("enrolment_changed", '{"changes": ["phone"]}', False),
    ]


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (RENAMED, ["ID_NAME_CONFLICT", "HAS_CERTIFICATE"]),
        (MOVED, ["PARTNER_CHANGED", "HAS_CERTIFICATE"]),
    ],
)
@pytest.mark.parametrize("reason", [None, "issued_in_error"])
async def test_nothing_of_a_person_with_a_certificate_is_amended(
    office: Office, amend: tuple[str, ...], row: Trainee, codes: list[str], reason: str | None
) -> None:
    office.enrol_passed([ANN])
    office.issue()
    if reason is not None:
        office.run("certificates", "revoke", office.list()[0]["number"], "--reason", reason)

    ran = office.import_roster([row, BOB], *amend)

    assert (ran.code, ran.counts, ran.codes()) == (1, (0, 0), {1: codes})
    assert office.import_roster([row]).codes() == {1: codes[:1]}


def test_the_way_for_a_person_with_a_certificate_is_named(office: Office, amend: tuple[str, ...]) -> None:
    office.enrol_passed([ANN])
    office.issue()

    of_name, of_partner = (
        office.import_roster([row], *amend).json["rows"][0]["errors"][-1]["message"] for row in (RENAMED, MOVED)
    )

    assert "certificates correct" in of_name
    assert "合作机构" in of_partner
    assert "测试学院" not in of_partner


def test_a_roster_with_the_name_of_before_a_correction_stays_refused(office: Office, amend: tuple[str, ...]) -> None:
    office.enrol_passed([ANN])
    office.issue()
    options = ("--name", office.private("林新名"), "--note", "-")
    assert office.run("certificates", "correct", office.list()[0]["number"], *options, stdin="登记有误").code == 0

    office.private(NOTE)  # where `amend` points
    assert office.import_roster([ANN]).codes() == {1: ["ID_NAME_CONFLICT"]}
    assert office.import_roster([ANN], *amend).codes() == {1: ["ID_NAME_CONFLICT", "HAS_CERTIFICATE"]}


def test_an_amended_name_is_the_one_the_certificate_bears(office: Office, amend: tuple[str, ...]) -> None:
    assert office.import_roster([RENAMED, BOB], *amend, photos=photo_archive([RENAMED, BOB])).code == 0
    office.enrol_passed([RENAMED])

    assert office.issue().json["issued"] == 1
    assert [line["name"] for line in office.list()] == ["林新名"]


async def test_another_spelling_of_the_name_is_amended_too(
    office: Office, operator: Connection, secrets: Secrets, amend: tuple[str, ...]
) -> None:
    office.import_roster([trainee(5, name="阿里木买买提")], cohort="C2")

    ran = office.import_roster([trainee(5, name="阿里木·买买提")], *amend, cohort="C2")

    assert (ran.codes("warnings"), ran.json["changes"]) == ({}, [{"row": 1, "changes": ["name"]}])
    ids = [row["subject_id"] for row in await operator.fetch("select subject_id from subject")]
    people = await find_by_ids(operator, secrets, ids)
    assert "阿里木·买买提" in {subject.person.name for subject in people.values()}


@pytest.mark.parametrize("cohort", ["C1", "C2"])
def test_only_within_a_cohort_is_another_partner_a_conflict(office: Office, cohort: str) -> None:
    ran = office.import_roster([MOVED], cohort=cohort)

    assert ran.codes() == ({1: ["PARTNER_CHANGED"]} if cohort == "C1" else {})


def test_an_unknown_partner_is_not_called_a_changed_one(office: Office) -> None:
    assert office.import_roster([MOVED], create_partners=False).codes() == {1: ["UNKNOWN_PARTNER"]}


@pytest.mark.parametrize("options", [("--amend",), ("--note", "-"), ("--amend", "--note", "-")])
def test_an_amendment_without_a_reason_is_wrong_usage(office: Office, options: tuple[str, ...]) -> None:
    assert office.import_roster([RENAMED], *options).code == 2
    assert office.import_results([], "C1", *options).code == 2
