"""Importing exam results: every row fits the register and the exam rules, or nothing is recorded."""

import pytest

from tests.factories import HOST, Result, trainee, trainees
from tests.office import Office
from verify_service.database import Connection

ANN, BOB = trainee(0), trainee(1)
SITTINGS = "select kind, conclusion from sitting order by held_on, kind"


@pytest.fixture
def office(office: Office) -> Office:
    """An office where Ann and Bob are enrolled."""
    assert office.import_roster([ANN, BOB]).code == 0
    return office


def failed(held_on: str = "2026-03-14") -> Result:
    return Result(ANN, "不合格", held_on=held_on)


def made_up(conclusion: str = "合格", held_on: str = "2026-04-11") -> Result:
    return Result(ANN, conclusion, "补考", held_on)


async def sittings(connection: Connection) -> list[tuple[str, str]]:
    return [(row["kind"], row["conclusion"]) for row in await connection.fetch(SITTINGS)]


async def test_the_sample_results_are_recorded_once(office: Office, operator: Connection) -> None:
    _, of_operators = office.import_sample("operator")
    _, of_hosts = office.import_sample("host")
    assert (of_operators.counts, of_hosts.counts) == ((67, 0), (18, 0))

    _, again = office.import_sample("operator")

    assert (again.code, again.counts) == (0, (0, 67))
    assert await operator.fetchval("select count(*) from sitting") == 67 + 18


async def test_a_make_up_may_stand_before_its_first_sitting_in_the_file(office: Office, operator: Connection) -> None:
    ran = office.import_results([made_up(), failed()])

    assert (ran.code, ran.counts) == (0, (2, 0))
    assert await sittings(operator) == [("first", "failed"), ("makeUp", "passed")]


async def test_a_make_up_may_follow_a_first_sitting_of_an_earlier_file(office: Office, operator: Connection) -> None:
    office.import_results([Result(ANN, "缺考")])

    assert office.import_results([made_up()]).counts == (1, 0)
    assert await sittings(operator) == [("first", "absent"), ("makeUp", "passed")]


@pytest.mark.parametrize(
    ("results", "row", "code"),
    [
        ([Result(trainee(7))], 2, "NOT_ENROLLED"),
        ([Result(ANN, kind=HOST)], 2, "NOT_ENROLLED"),
        ([Result(trainee(0, name="别人"))], 2, "NAME_MISMATCH"),
        ([made_up()], 2, "SITTING_ORDER"),
        ([failed(), made_up(held_on="2026-03-14")], 3, "SITTING_ORDER"),
        ([Result(ANN, "作废"), made_up()], 3, "SITTING_ORDER"),
        ([Result(ANN), made_up()], 3, "ALREADY_DECIDED"),
        ([failed(), failed("2026-03-15")], 3, "DUPLICATE"),
        ([Result(ANN, "通过")], 2, "PATTERN"),
        ([failed("2099-01-01")], 2, "EXAM_FUTURE"),
    ],
)
async def test_one_refused_row_keeps_every_other_from_being_recorded(
    office: Office, operator: Connection, results: list[Result], row: int, code: str
) -> None:
    ran = office.import_results([Result(BOB), *results])

    assert (ran.code, ran.counts, ran.codes()) == (1, (0, 0), {row: [code]})
    assert await sittings(operator) == []


@pytest.mark.parametrize("later", [failed(), Result(ANN, held_on="2026-03-15"), made_up()])
async def test_what_was_decided_is_not_decided_otherwise(office: Office, operator: Connection, later: Result) -> None:
    office.import_results([Result(ANN)])

    ran = office.import_results([later])

    assert (ran.code, ran.codes()) == (1, {1: ["ALREADY_DECIDED"]})
    assert await sittings(operator) == [("first", "passed")]


def test_a_result_belongs_to_the_cohort_it_is_imported_for(office: Office) -> None:
    office.import_roster([trainee(5)], cohort="C2")

    assert office.import_results([Result(ANN)], cohort="C2").codes() == {1: ["NOT_ENROLLED"]}


def test_the_report_has_the_values_of_the_contract(office: Office) -> None:
    ran = office.import_results([failed()])

    assert ran.json["rows"][0] == {
        "row": 1,
        "errors": [],
        "warnings": [],
        "value": {
            "name": ANN.name,
            "idNumber": ANN.id_number,
            "kind": "omnimedia_operator",
            "sitting": "first",
            "examOn": "2026-03-14",
            "conclusion": "failed",
        },
    }
    assert ran.json["summary"] == {"rows": 1, "accepted": 1, "rejected": 0}


async def test_results_of_both_kinds_may_stand_in_one_file(office: Office, operator: Connection) -> None:
    everybody = [trainee(serial, also_host=True) for serial in range(2)]
    office.import_roster(everybody)

    ran = office.import_results(
        [Result(one, kind=kind) for one in trainees(2) for kind in (HOST, "omnimedia_operator")]
    )

    assert (ran.code, ran.counts) == (0, (4, 0))
    assert len(await sittings(operator)) == 4
