"""A run by default only counts; one that applies may be cut off anywhere and repeated, and leaves a trail of counts."""

import json
import re
from unittest.mock import patch

import asyncpg
import pytest

from tests.factories import Result, photo_archive, trainees
from tests.integration.register.retention.ageing import KEPT, contents, date_back, give_scores, keep, retain
from tests.integration.test_audit_chain import broken_links
from tests.office import Office
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.retention.model import DataClass
from verify_service.retention.service import running

PASSED, FAILED = trainees(5), trainees(5, first=5)
DUE = {"rosters": 5, "photos": 10, "phones": 5, "results": 10, "redemption_codes": 10, "drafts": 0}
ENDED = {"rosters": 5, "photos": 5, "phones": 5, "results": 5, "redemption_codes": 5, "drafts": 0}
"""Who is erased first has no photo, score or code left."""
TRAIL = "select action, object_id, detail from audit_event where action in ('retention_ended', 'subject_erased')"
UNTOUCHED = (
    *("credential", "credential_signature", "open_badge_proof", "credential_event", "status_list"),
    *("exam_entry", "cohort", "partner"),
)
# What retention was granted, and nothing that would touch what is insert-only.
RIGHTS = {
    ("sitting", "DELETE"): True,
    ("redemption_code", "DELETE"): True,
    ("photo", "DELETE"): True,
    ("subject_key", "DELETE"): True,
    ("lookup_key", "DELETE"): True,
    ("subject", "DELETE"): False,
    ("enrolment", "DELETE"): False,
    ("exam_entry", "DELETE"): False,
    ("credential", "DELETE"): False,
    ("credential", "UPDATE"): False,
    ("audit_event", "DELETE"): False,
    ("approval", "DELETE"): False,
}


class _ProcessDiedError(Exception):
    """Stands for the process dying."""


@pytest.fixture
async def office(office: Office, superuser: Connection) -> Office:
    """An office with five certificates and five people who failed, all longer ago than anything is kept."""
    people = PASSED + FAILED
    office.import_roster(people, photos=photo_archive(people))
    office.import_results([*(Result(one) for one in PASSED), *(Result(one, "不合格") for one in FAILED)])
    assert office.issue().json["issued"] == 5
    await give_scores(superuser)
    await date_back(superuser, KEPT + 1)
    keep(office, *DataClass)
    return office


def members(lines: dict[str, dict[str, int]], member: str) -> dict[str, int]:
    return {data_class: line[member] for data_class, line in lines.items()}


async def test_without_apply_a_run_counts_and_changes_nothing(office: Office, superuser: Connection) -> None:
    before = await contents(superuser)

    lines = retain(office)
    text = office.run("retention", "run")

    assert (members(lines, "due"), set(members(lines, "ended").values())) == (DUE, {0})
    assert {line["keepDays"] for line in lines.values()} == {KEPT}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", line["cutOffOn"]) and line["rule"] for line in lines.values())
    assert (text.code, "nothing was changed" in text.out) == (0, True)
    assert "failed questions\tits windows\t\t0\t0\t" in text.out
    assert await contents(superuser) == before


async def test_applied_twice_the_second_run_does_nothing(office: Office, superuser: Connection) -> None:
    lines = retain(office, "--apply")
    once = await contents(superuser)

    again = retain(office, "--apply")

    assert members(lines, "ended") == ENDED
    assert set(members(again, "due").values()) | set(members(again, "ended").values()) == {0}
    assert await contents(superuser) == once


async def test_certificates_stay_to_the_byte(office: Office, superuser: Connection) -> None:
    before, listed = await contents(superuser), office.list()

    retain(office, "--apply")

    after = await contents(superuser)
    assert {table: after[table] for table in UNTOUCHED} == {table: before[table] for table in UNTOUCHED}
    assert office.list() == listed


async def test_a_class_kept_for_ever_is_never_due(office: Office) -> None:
    keep(office, DataClass.PHONES)

    lines = retain(office, "--apply")

    assert members(lines, "ended") == {**dict.fromkeys(ENDED, 0), "phones": 5}
    assert (lines["photos"]["keepDays"], lines["photos"]["cutOffOn"]) == (None, None)


@pytest.mark.parametrize("survived", [0, 1, 4, 9])
async def test_a_run_that_is_killed_is_finished_by_the_next(
    office: Office, superuser: Connection, monkeypatch: pytest.MonkeyPatch, survived: int
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    batches = 0

    async def die_after(*arguments: object) -> None:
        nonlocal batches
        if batches == survived:
            raise _ProcessDiedError
        batches += 1
        await record(*arguments)  # type: ignore[arg-type]  # passed on as they came

    with patch.object(running, "record", die_after), pytest.raises(_ProcessDiedError):
        office.run("retention", "run", "--apply")
    half = retain(office)

    assert sum(members(half, "due").values()) > 0
    assert members(retain(office, "--apply"), "ended") == members(half, "due") | {
        "photos": half["photos"]["due"] - half["rosters"]["due"],
        "results": half["results"]["due"] - half["rosters"]["due"],
        "redemption_codes": half["redemption_codes"]["due"] - half["rosters"]["due"],
    }
    assert set(members(retain(office), "due").values()) == {0}
    assert await recorded_counts(superuser) == ENDED


async def recorded_counts(superuser: Connection) -> dict[str, int]:
    """Return what the trail says was ended, by class."""
    counts = dict.fromkeys(ENDED, 0)
    for row in await superuser.fetch(TRAIL):
        detail = json.loads(row["detail"])
        if row["action"] == "retention_ended":
            counts[detail["class"]] += detail["count"]
    return counts


async def test_one_approval_and_counts_are_recorded_and_nothing_personal(office: Office, superuser: Connection) -> None:
    retain(office, "--apply")

    (approval,) = await superuser.fetch("select * from approval where action = 'retention'")
    events = await superuser.fetch(TRAIL)
    assert (approval["given_by"], approval["sealed_note"]) == ("operator", None)
    assert {json.loads(event["detail"])["approval"] for event in events} == {str(approval["approval_id"])}
    assert await recorded_counts(superuser) == ENDED
    assert sum(event["action"] == "subject_erased" for event in events) == 5
    text = "".join(event["detail"] for event in events)
    assert not any(datum in text for one in PASSED + FAILED for datum in (one.name, one.id_number, one.phone))
    assert await broken_links(superuser) == []


async def test_nothing_due_records_nothing(office: Office, superuser: Connection) -> None:
    await date_back(superuser, 0)

    retain(office, "--apply")

    assert await superuser.fetchval("select count(*) from approval where action = 'retention'") == 0


def test_a_policy_that_cannot_be_read_ends_nothing(office: Office) -> None:
    office.environment |= {"VERIFY_SERVICE_RETENTION_FILE": office.write("bad.toml", "[photos]\nkeep_days = 0")}

    ran = office.run("retention", "run", "--apply")

    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "VERIFY_SERVICE_RETENTION_FILE" in ran.err


async def test_the_operator_may_end_what_is_personal_and_nothing_else(superuser: Connection) -> None:
    allowed = "select has_table_privilege('verify_service_operator', $1, $2)"

    assert {right: await superuser.fetchval(allowed, *right) for right in RIGHTS} == RIGHTS


async def test_the_web_process_may_end_nothing(office: Office, web: Connection) -> None:
    await web.execute("set default_transaction_read_only = off")

    for statement in (
        *(f"delete from {table}" for table, what in RIGHTS if what == "DELETE"),  # noqa: S608  # the names above
        "update subject set sealed_phone = null",
        "update sitting set theory_score_tenths = null",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute(statement)
