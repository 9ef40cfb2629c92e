"""Redemption codes: redeemed once however many try, replaced where lost, dated by the database."""

import asyncio
import re

import asyncpg
import msgspec
import pytest

from tests.factories import trainee, trainees
from tests.integration.register.code_work import Codes
from tests.office import Office
from verify_service.audit.model import Actor
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.redemption_codes.model import Redemption, RedemptionOutcome
from verify_service.redemption_codes.rules.codes import new_redemption_code, parse_code
from verify_service.redemption_codes.service import redeem
from verify_service.sealing.model import SecretKey, SecretPurpose, Secrets

SELECT_EVENTS = "select action, object_type, detail from audit_event where action like 'redemption_code%' order by 1"


@pytest.fixture
def codes(office: Office) -> Codes:
    return Codes(office)


async def test_a_code_is_redeemed_once(codes: Codes, operator: Connection) -> None:
    codes.office.import_roster(trainees(2))
    (_, _, code), (_, _, other) = codes.listed()

    first = codes.redeem(code.lower().replace("-", " "), "--json")
    again, again_json = codes.redeem(code), codes.redeem(code, "--json")

    instant = first.json["redeemedAt"]
    assert (first.code, first.json) == (0, {"outcome": "redeemed", "cohort": "C1", "redeemedAt": instant})
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", instant)
    assert (again.code, again.err.count("\n"), "CODE_REDEEMED" in again.err, instant in again.err) == (5, 1, True, True)
    assert (again_json.code, again_json.json["outcome"]) == (5, "already_redeemed")
    assert again_json.json["redeemedAt"] == instant
    assert "C1" in codes.redeem(other).out


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7M2K-Q4T9-XWZB-3DHR-3", "CODE_UNKNOWN"),
        ("7M2K-Q4T9-XWZB-3DHR-4", "CODE_CHECK"),
        ("7M2K-Q4T9-XWZB-3DHR", "CODE_LENGTH"),
        ("7M2K-Q4T9-XWZB-3DHR-U", "CODE_CHARSET"),
        ("", "CODE_LENGTH"),
    ],
)
def test_a_code_nobody_has_is_refused(codes: Codes, typed: str, code: str) -> None:
    ran = codes.redeem(typed)

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert f"[{code}]" in ran.err


def test_an_unknown_code_is_an_answer_in_json_too(codes: Codes) -> None:
    ran = codes.redeem(new_redemption_code(), "--json")

    assert (ran.code, ran.json) == (1, {"outcome": "unknown", "cohort": None, "redeemedAt": None})


def test_a_code_on_the_command_line_is_refused_and_not_repeated(codes: Codes) -> None:
    ran = codes.office.run("codes", "redeem", "7M2K-Q4T9-XWZB-3DHR-3")

    assert ran.code == 2
    assert "7M2K" not in ran.out + ran.err


async def test_of_twenty_who_redeem_one_code_at_once_one_does(
    codes: Codes, database: DatabaseUrls, operator: Connection, secrets: Secrets, actor: Actor
) -> None:
    codes.office.import_roster(trainees(1))
    ((_, _, code),) = codes.listed()

    async def attempt() -> Redemption:
        async with connected(database.operator, "OPERATOR_DATABASE_URL") as connection, connection.transaction():
            return await redeem(connection, secrets, actor, parse_code(code))

    answers = await asyncio.gather(*(attempt() for _ in range(20)))

    outcomes = [answer.outcome for answer in answers]
    assert (outcomes.count(RedemptionOutcome.REDEEMED), outcomes.count(RedemptionOutcome.ALREADY_REDEEMED)) == (1, 19)
    assert len({answer.redeemed_at for answer in answers}) == 1


async def test_a_code_is_found_under_an_older_secret(
    codes: Codes, operator: Connection, secrets: Secrets, actor: Actor
) -> None:
    codes.office.import_roster(trainees(1))
    ((_, _, code),) = codes.listed()
    newer = SecretKey(SecretPurpose.SUBJECT, 2, bytes(32))
    rotated = msgspec.structs.replace(secrets, subject=(newer, *secrets.subject))

    assert (await redeem(operator, rotated, actor, parse_code(code))).outcome is RedemptionOutcome.REDEEMED


def test_a_reissued_code_takes_the_place_of_the_old_one(codes: Codes) -> None:
    codes.office.import_roster(trainees(3))
    old = {name: code for name, _, code in codes.listed("first.xlsx")}

    assert codes.reissue(trainee(1)).code == 0

    ((name, _, new),) = codes.listed("second.xlsx")
    assert name == trainee(1).name
    replaced, replaced_json = codes.redeem(old[name]), codes.redeem(old[name], "--json")
    assert (replaced.code, "[CODE_REPLACED]" in replaced.err) == (5, True)
    assert (replaced_json.code, replaced_json.json["outcome"]) == (5, "replaced")
    assert codes.redeem(new).code == 0
    assert codes.redeem(old[trainee(0).name]).code == 0


async def test_a_reissue_is_approved_and_its_note_is_sealed(codes: Codes, operator: Connection) -> None:
    codes.office.import_roster(trainees(1))

    codes.reissue(trainee(0))
    codes.reissue(trainee(0))

    approvals = await operator.fetch("select sealed_note from approval where action = 'reissue_code'")
    assert len(approvals) == await operator.fetchval("select count(*) from replaced_redemption_code") == 2
    assert all("遗失".encode() not in row["sealed_note"] for row in approvals)
    assert [row["action"] for row in await operator.fetch(SELECT_EVENTS)] == ["redemption_code_replaced"] * 2


async def test_a_redeemed_code_is_not_reissued(codes: Codes, operator: Connection) -> None:
    codes.office.import_roster(trainees(1))
    ((_, _, code),) = codes.listed()
    codes.redeem(code)

    ran = codes.reissue(trainee(0))

    assert (ran.code, "[CODE_REDEEMED]" in ran.err) == (5, True)
    assert await operator.fetchval("select count(*) from approval where action = 'reissue_code'") == 0


@pytest.mark.parametrize(("person", "cohort", "code"), [(1, "C1", 2), (0, "C2", 2), (0, "NOBODY", 2)])
def test_who_is_not_enrolled_in_the_class_gets_no_code(codes: Codes, person: int, cohort: str, code: int) -> None:
    codes.office.import_roster([trainee(0)])
    codes.office.import_roster([trainee(1)], cohort="C2")

    ran = codes.reissue(trainee(person), cohort)

    assert (ran.code, ran.err.count("\n")) == (code, 1)
    assert trainee(person).id_number not in ran.err


@pytest.mark.parametrize(
    "change",
    [
        "redeemed_at = null",
        "redeemed_at = now()",
        "redeemed_at = redeemed_at - interval '1 day'",
        "code_index = 'another'",
    ],
)
async def test_what_was_redeemed_cannot_be_changed(codes: Codes, operator: Connection, change: str) -> None:
    codes.office.import_roster(trainees(1))
    ((_, _, code),) = codes.listed()
    codes.redeem(code)

    with pytest.raises(asyncpg.RestrictViolationError, match="a redeemed code stands"):
        await operator.execute(f"update redemption_code set {change}")  # noqa: S608  # the above


async def test_redemption_is_dated_by_the_database(codes: Codes, operator: Connection) -> None:
    codes.office.import_roster(trainees(1))

    await operator.execute("update redemption_code set redeemed_at = now() - interval '1 year'")

    assert await operator.fetchval("select redeemed_at > now() - interval '1 minute' from redemption_code")
