"""`certificates list --json`: exactly the members of the contract, for every state a certificate can be in."""

import datetime
import re
from itertools import pairwise

import pytest

from tests.conftest import PUBLIC_URL
from tests.factories import HOST, OPERATOR, enrol_passed, sample_people, trainee, trainees
from tests.office import Office
from verify_service.clock import today_in_shanghai
from verify_service.database import Connection
from verify_service.sealing.model import Secrets

MEMBERS = {
    "number": str,
    "kind": str,
    "name": str,
    "token": str,
    "qr": str,
    "status": str,
    "statusReason": str | None,
    "issuedOn": str,
    "dueOn": str | None,
    "supersededBy": str | None,
}


def test_every_line_has_exactly_the_members_of_the_contract(sample: Office) -> None:
    for line in sample.list():
        assert list(line) == list(MEMBERS)
        assert all(isinstance(line[name], kind) for name, kind in MEMBERS.items())


def test_a_valid_certificate_says_when_it_was_issued_and_nothing_of_its_end(sample: Office) -> None:
    names = {person.name for people in sample_people().values() for person in people}

    for line in sample.list():
        assert (line["status"], line["statusReason"], line["supersededBy"]) == ("valid", None, None)
        assert line["issuedOn"] == today_in_shanghai().isoformat()
        assert line["kind"] in {OPERATOR, HOST}
        assert line["name"] in names


def test_the_qr_code_leads_to_the_page_of_the_token(sample: Office) -> None:
    for line in sample.list():
        assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{16}", line["token"])
        assert line["qr"].startswith(f"{PUBLIC_URL}/v/{line['token']}#")


def test_a_cohort_is_listed_by_number_and_without_the_other(sample: Office) -> None:
    operator, host = (sample.list("--cohort", cohort) for cohort in ("operator", "host"))

    assert all(one["number"] < other["number"] for one, other in pairwise(operator))
    assert {line["number"] for line in operator}.isdisjoint(line["number"] for line in host)
    assert sorted(line["number"] for line in sample.list()) == sorted(line["number"] for line in operator + host)


@pytest.mark.parametrize(
    ("held_on", "due_on"),
    [(datetime.date(2026, 3, 14), "2026-04-27"), (datetime.date(2026, 12, 5), None)],
)
async def test_the_due_date_runs_from_the_exam_until_the_calendar_ends(
    office: Office, operator: Connection, secrets: Secrets, held_on: datetime.date, due_on: str | None
) -> None:
    await enrol_passed(operator, secrets, "C1", [trainee()], held_on=held_on)
    office.issue()

    assert [line["dueOn"] for line in office.list()] == [due_on]


async def test_the_due_date_of_a_make_up_runs_from_the_make_up(sample: Office) -> None:
    due = {line["dueOn"] for line in sample.list()}

    assert "2026-04-27" in due
    assert len(due) > 1


def test_a_corrected_certificate_is_due_when_the_first_one_was(office: Office) -> None:
    office.enrol_passed(trainees(1))
    office.issue()
    number = office.list()[0]["number"]

    office.run("certificates", "correct", number, "--name", office.private("林新名"), "--note", "-", stdin="x")

    assert [line["dueOn"] for line in office.list()] == ["2026-04-27", "2026-04-27"]


def test_without_json_the_list_is_a_line_each_for_other_programs(sample: Office) -> None:
    lines = sample.run("certificates", "list").out.splitlines()

    assert lines[0].split("\t")[:4] == ["number", "kind", "name", "status"]
    assert len(lines) == 1 + 76
