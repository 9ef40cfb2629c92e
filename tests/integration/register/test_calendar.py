"""`calendar import | list`: a year opens due dates, and a known one changes only on purpose."""

import json
from typing import Any

import pytest

from tests.factories import DATA
from tests.office import Office
from verify_service.database import Connection
from verify_service.working_days.rules.files import MAX_CALENDAR_BYTES

EXAMPLE = DATA.parents[1] / "ops" / "calendar.example.json"
INVENTED = DATA / "calendar_2027_invented.json"
SELECT_EVENTS = """
select action, actor, object_id, detail from audit_event where object_type = 'working_day_year' order by audit_event_id
"""


def shifted(year: dict[str, Any]) -> str:
    """Return the invented year with one day off less and another more, as a file."""
    days = [day for day in year["off_weekdays"] if day != "2027-01-01"] + ["2027-01-04"]
    return json.dumps({"2027": {**year, "source": "更正通知", "off_weekdays": days}})


@pytest.fixture
def known(office: Office) -> dict[str, Any]:
    """The invented year, entered."""
    assert office.run("calendar", "import", str(INVENTED)).code == 0
    year: dict[str, Any] = json.loads(INVENTED.read_bytes())["2027"]
    return year


async def events(operator: Connection) -> list[tuple[str, str, dict[str, Any]]]:
    rows = await operator.fetch(SELECT_EVENTS)
    return [(row["action"], row["object_id"], json.loads(row["detail"])) for row in rows]


def test_the_years_that_come_with_the_service_are_listed(office: Office) -> None:
    listed = office.run("calendar", "list", "--json").json

    assert [year["year"] for year in listed["years"]] == list(range(2020, 2027))
    assert [year["workingDays"] for year in listed["years"]] == [249, 250, 249, 249, 251, 248, 248]
    assert listed["years"][-1]["offWeekdays"][:3] == ["2026-01-01", "2026-01-02", "2026-02-16"]
    assert all(year["amendedBecause"] is None for year in listed["years"])
    assert (listed["calendar"]["through"], listed["calendar"]["lastExamOn"]) == ("2026-12-31", "2026-11-19")


def test_a_new_year_is_entered_and_listed(office: Office) -> None:
    ran = office.run("calendar", "import", str(INVENTED), "--json")

    assert (ran.code, ran.json["years"]) == (0, {"2027": "imported"})
    assert (ran.json["calendar"]["through"], ran.json["calendar"]["missingYear"]) == ("2027-12-31", None)
    newest = office.run("calendar", "list", "--json").json["years"][-1]
    year = json.loads(INVENTED.read_bytes())["2027"]
    assert (newest["year"], newest["source"], newest["workingDays"]) == (2027, year["source"], 249)
    assert newest["offWeekdays"] == year["off_weekdays"]
    assert newest["workingWeekendDays"] == year["working_weekend_days"]


async def test_a_new_year_is_recorded_with_its_source_and_its_counts(
    office: Office, operator: Connection, known: dict[str, Any]
) -> None:
    counts = {"workingDays": 249, "offWeekdays": 14, "workingWeekendDays": 2}

    assert await events(operator) == [
        ("calendar_year_imported", "2027", {"year": 2027, "source": known["source"], **counts})
    ]


async def test_the_same_days_again_change_nothing(office: Office, operator: Connection) -> None:
    ran = office.run("calendar", "import", str(EXAMPLE), "--json")

    assert (ran.code, ran.json["years"]) == (0, {"2026": "unchanged"})
    assert await events(operator) == []


def test_a_known_year_with_other_days_is_a_conflict_and_nothing_of_the_file_is_entered(
    office: Office, known: dict[str, Any]
) -> None:
    later = json.loads(INVENTED.read_text("utf-8").replace("2027-", "2028-"))["2027"]
    # The days of the week have moved on.
    later |= {"off_weekdays": [f"2028-10-{day:02}" for day in range(2, 7)] + ["2028-05-01"], "working_weekend_days": []}
    file = office.write("years.json", json.dumps(json.loads(shifted(known)) | {"2028": later}))

    ran = office.run("calendar", "import", file)

    assert ran.code == 5
    assert "CALENDAR_KNOWN" in ran.err
    assert "2027" in ran.err
    assert "past ones included" in ran.err
    listed = office.run("calendar", "list", "--json").json["years"]
    assert [year["year"] for year in listed][-2:] == [2026, 2027]
    assert listed[-1]["offWeekdays"] == known["off_weekdays"]


async def test_a_known_year_is_amended_with_a_reason_and_the_changed_days_are_recorded(
    office: Office, operator: Connection, known: dict[str, Any]
) -> None:
    file, note = office.write("shifted.json", shifted(known)), office.private("国务院办公厅更正")

    ran = office.run("calendar", "import", file, "--amend", "--note", note)

    assert ran.code == 0
    assert "2027 amended: 249 working days" in ran.out
    assert "due dates" in ran.out
    amended = office.run("calendar", "list", "--json").json["years"][-1]
    assert (amended["source"], amended["amendedBecause"]) == ("更正通知", "国务院办公厅更正")
    assert amended["offWeekdays"][0] == "2027-01-04"
    action, year, detail = (await events(operator))[-1]
    assert (action, year, detail["changedDays"]) == ("calendar_year_amended", "2027", ["2027-01-01", "2027-01-04"])
    assert (detail["formerSource"], detail["source"]) == (known["source"], "更正通知")


def test_amending_with_what_stands_changes_nothing(office: Office, known: dict[str, Any]) -> None:
    ran = office.run("calendar", "import", str(INVENTED), "--amend", "--note", office.private("x"), "--json")

    assert ran.json["years"] == {"2027": "unchanged"}
    assert office.run("calendar", "list", "--json").json["years"][-1]["amendedBecause"] is None


@pytest.mark.parametrize(
    "options",
    [("--amend",), ("--note", "-"), ("--amend", "--note", "typed"), ("--amend", "--note", "-")],
)
def test_amending_without_a_reason_from_a_file_is_wrong_usage(office: Office, options: tuple[str, ...]) -> None:
    assert office.run("calendar", "import", str(INVENTED), *options).code == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("{", "CALENDAR_FILE"),
        (" " * (MAX_CALENDAR_BYTES + 1), "CALENDAR_FILE"),
        ('{"2027": {"source": "x", "off_weekdays": ["2027-01-02"], "working_weekend_days": []}}', "CALENDAR_DAY"),
    ],
)
def test_a_wrong_file_exits_2_with_its_code(office: Office, data: str, code: str) -> None:
    ran = office.run("calendar", "import", office.write("calendar.json", data))

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert f"[{code}]" in ran.err


def test_the_source_may_be_given_beside_the_file(office: Office) -> None:
    year = json.loads(INVENTED.read_bytes())["2027"]
    file = office.write("bare.json", json.dumps({"2027": {name: year[name] for name in year if name != "source"}}))

    assert office.run("calendar", "import", file).code == 2
    assert office.run("calendar", "import", file, "--source", "通知").code == 0
    assert office.run("calendar", "list", "--json").json["years"][-1]["source"] == "通知"
