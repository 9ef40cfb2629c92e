"""`cohort plan | list`: what a class is planned for, and how far it has come."""

import datetime
import json
from typing import Any

import pytest

from tests.factories import DATA, HOST, OPERATOR, PARTNER, Result, enrol_passed, photo_archive, trainee, trainees
from tests.office import Office, Ran
from verify_service.database import Connection
from verify_service.sealing.model import Secrets

MEMBERS = [
    *("code", "partner", "people", "entries", "partners", "examOn", "makeUpOn", "heldOn", "photosMissing", "results"),
    *("makeUpOpen", "issued", "toIssue", "dueOn", "late", "problems"),
]
NO_RESULTS = {"passed": 0, "failed": 0, "absent": 0, "void": 0, "missing": 0}
OTHER_PARTNER = "另一学院"
SELECT_EVENTS = """
select action, detail from audit_event where action in ('cohort_opened', 'cohort_planned') order by audit_event_id
"""


def plan(office: Office, code: str, *options: str) -> Ran:
    return office.run("cohort", "plan", code, *options, "--json")


def line(office: Office, code: str) -> dict[str, Any]:
    """Return the line of one class."""
    (listed,) = office.run("cohort", "list", "--cohort", code, "--json").json["cohorts"]
    found: dict[str, Any] = listed
    return found


async def test_a_class_is_planned_before_its_roster_comes(office: Office, operator: Connection) -> None:
    ran = plan(office, "C1", "--exam-on", "2026-03-14", "--make-up-on", "2026-05-09")

    assert (ran.code, ran.json["opened"], ran.json["partner"]) == (0, True, None)
    empty = line(office, "C1")
    assert list(empty) == MEMBERS
    assert (empty["people"], empty["entries"], empty["results"], empty["problems"]) == (0, {}, NO_RESULTS, [])
    assert (empty["examOn"], empty["makeUpOn"], empty["dueOn"]) == ("2026-03-14", "2026-05-09", "2026-04-27")
    events = [(row["action"], json.loads(row["detail"])) for row in await operator.fetch(SELECT_EVENTS)]
    assert events == [
        ("cohort_opened", {"code": "C1"}),
        ("cohort_planned", {"code": "C1", "partner": None, "examOn": "2026-03-14", "makeUpOn": "2026-05-09"}),
    ]


async def test_another_date_is_said_and_recorded_and_the_same_is_neither(office: Office, operator: Connection) -> None:
    plan(office, "C1", "--exam-on", "2026-03-14")

    changed = office.run("cohort", "plan", "C1", "--exam-on", "2026-03-21")
    again = plan(office, "C1", "--exam-on", "2026-03-21")

    assert "examOn: 2026-03-14 -> 2026-03-21" in changed.out
    assert (again.code, again.json["opened"], again.json["changes"]) == (0, False, [])
    assert [row["action"] for row in await operator.fetch(SELECT_EVENTS)].count("cohort_planned") == 2


def test_what_is_not_given_stays_as_it_stands(office: Office) -> None:
    plan(office, "C1", "--exam-on", "2026-03-14")

    ran = plan(office, "C1", "--make-up-on", "2026-05-09")

    assert (ran.json["examOn"], ran.json["makeUpOn"]) == ("2026-03-14", "2026-05-09")
    assert ran.json["changes"] == [{"member": "makeUpOn", "before": None, "after": "2026-05-09"}]


@pytest.mark.parametrize(
    "arguments",
    [
        ("C/1",),
        ("C1", "--exam-on", "14.3.2026"),
        ("C1", "--exam-on", "2026-02-30"),
        ("C1", "--exam-on", "2026-03-14", "--make-up-on", "2026-03-14"),
        ("C1", "--partner", "无此机构"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_opens_nothing(office: Office, arguments: tuple[str, ...]) -> None:
    assert plan(office, *arguments).code == 2
    assert office.run("cohort", "list", "--json").json["cohorts"] == []


def test_a_make_up_is_measured_against_the_exam_that_stands(office: Office) -> None:
    plan(office, "C1", "--exam-on", "2026-03-14")

    refused = office.run("cohort", "plan", "C1", "--make-up-on", "2026-03-01")

    assert refused.code == 2
    assert "[MAKE_UP_ORDER]" in refused.err


def test_a_registered_partner_may_have_a_class_of_its_own_by_any_spelling(office: Office) -> None:
    office.import_roster(trainees(3), cohort="C0")

    ran = plan(office, "C1", "--partner", f" {PARTNER} ")

    assert (ran.code, ran.json["partner"], line(office, "C1")["partner"]) == (0, PARTNER, PARTNER)


def test_a_class_that_others_are_in_cannot_become_a_partners_own(office: Office) -> None:
    office.import_roster([*trainees(3), trainee(3, partner=OTHER_PARTNER)], cohort="C1")
    office.import_roster(trainees(3), cohort="C2")

    assert plan(office, "C1", "--partner", PARTNER).code == 5
    assert plan(office, "C2", "--partner", PARTNER).code == 0
    assert plan(office, "C2", "--partner", OTHER_PARTNER).code == 5


@pytest.mark.parametrize(
    ("of_one", "of_other", "problems"),
    [(2, 0, ["COHORT_TOO_SMALL"]), (3, 49, []), (50, 3, ["COHORT_OWN_CLASS"])],
)
def test_a_class_of_several_says_who_is_too_few_or_too_many_for_it(
    office: Office, of_one: int, of_other: int, problems: list[str]
) -> None:
    plan(office, "C1")
    others = [trainee(serial, partner=OTHER_PARTNER) for serial in range(of_one, of_one + of_other)]
    office.import_roster([*trainees(of_one), *others])

    listed = line(office, "C1")

    assert (listed["people"], listed["partner"], listed["problems"]) == (of_one + of_other, None, problems)
    assert sum(partner["people"] for partner in listed["partners"]) == of_one + of_other


def test_trainees_of_another_partner_in_a_partners_own_class_are_a_problem_said_in_words(office: Office) -> None:
    office.import_roster(trainees(3), cohort="C0")
    plan(office, "C1", "--partner", PARTNER)
    office.import_roster([*trainees(3, 3), trainee(6, partner=OTHER_PARTNER)])

    assert line(office, "C1")["problems"] == ["COHORT_OTHER_PARTNER"]
    said = office.run("cohort", "list").out
    assert "C1: Trainees of another partner" in said
    assert "[COHORT_OTHER_PARTNER]" in said


@pytest.mark.parametrize(
    ("of_one", "of_other", "partner"), [(49, 0, None), (50, 0, PARTNER), (51, 0, PARTNER), (50, 1, None)]
)
def test_a_new_class_of_fifty_of_one_partner_becomes_that_partners_own(
    office: Office, of_one: int, of_other: int, partner: str | None
) -> None:
    others = [trainee(serial, partner=OTHER_PARTNER) for serial in range(of_one, of_one + of_other)]
    office.import_roster([*trainees(of_one), *others])

    assert line(office, "C1")["partner"] == partner


def test_a_line_tells_results_photos_and_certificates_apart(office: Office) -> None:
    people = [trainee(0, also_host=True), *trainees(5, 1)]
    office.import_roster(people, photos=photo_archive(people[:4]))
    first = ["合格", "不合格", "缺考", "作废", "合格"]
    office.import_results([Result(person, conclusion) for person, conclusion in zip(people, first, strict=False)])
    office.import_results([Result(people[1], "合格", "补考", "2026-05-09")])
    assert office.issue().code == 1  # the fifth has no photo

    listed = line(office, "C1")

    assert listed["entries"] == {HOST: 1, OPERATOR: 6}
    assert listed["results"] == {"passed": 3, "failed": 0, "absent": 1, "void": 1, "missing": 2}
    assert (listed["makeUpOpen"], listed["photosMissing"]) == (1, 2)
    assert (listed["issued"], listed["toIssue"]) == (2, 1)
    assert listed["heldOn"] == {"first": ["2026-03-14"], "makeUp": ["2026-05-09"]}
    assert listed["dueOn"] == "2026-04-27"


async def test_passed_people_without_a_certificate_after_the_due_date_are_late(
    office: Office, operator: Connection, secrets: Secrets
) -> None:
    await enrol_passed(operator, secrets, "C1", trainees(3), held_on=datetime.date(2020, 3, 14))
    waiting = line(office, "C1")

    office.issue()

    assert (waiting["late"], waiting["toIssue"], waiting["dueOn"]) == (3, 3, "2020-04-26")  # a Sunday that was worked
    issued = line(office, "C1")
    assert (issued["late"], issued["toIssue"], issued["issued"]) == (0, 0, 3)


async def test_a_photo_that_is_gone_is_missing_and_an_erased_person_is_not_counted(
    office: Office, operator: Connection
) -> None:
    office.import_roster(trainees(3), photos=photo_archive(trainees(3)))
    await operator.execute("delete from photo where photo_id = (select photo_id from photo limit 1)")
    assert line(office, "C1")["photosMissing"] == 1

    await operator.execute("delete from subject_key where subject_id not in (select subject_id from photo)")

    listed = line(office, "C1")
    assert (listed["people"], listed["photosMissing"], listed["entries"]) == (2, 0, {OPERATOR: 2})


async def test_an_exam_beyond_the_calendar_has_a_due_date_once_its_year_is_imported(
    office: Office, operator: Connection, secrets: Secrets
) -> None:
    plan(office, "PLANNED", "--exam-on", "2026-11-20")
    await enrol_passed(operator, secrets, "HELD", trainees(3), held_on=datetime.date(2026, 11, 20))
    for code in ("PLANNED", "HELD"):
        assert (line(office, code)["dueOn"], line(office, code)["problems"]) == (None, ["CALENDAR_MISSING"])

    assert office.run("calendar", "import", str(DATA / "calendar_2027_invented.json")).code == 0

    for code in ("PLANNED", "HELD"):
        assert (line(office, code)["dueOn"], line(office, code)["problems"]) == ("2027-01-04", [])
    assert office.run("cohort", "list", "--json").json["calendar"]["through"] == "2027-12-31"


def test_every_class_is_listed_by_code_and_an_unknown_one_is_refused(office: Office) -> None:
    for code in ("B", "A"):
        plan(office, code)

    assert [listed["code"] for listed in office.run("cohort", "list", "--json").json["cohorts"]] == ["A", "B"]
    refused = office.run("cohort", "list", "--cohort", "C")
    assert (refused.code, refused.out) == (2, "")


def test_a_list_holds_no_personal_datum(sample: Office) -> None:
    ran = sample.run("cohort", "list", "--json")

    assert [listed["people"] for listed in ran.json["cohorts"]] == [17, 56]
    assert not any(certificate["name"] in ran.out for certificate in sample.list())
