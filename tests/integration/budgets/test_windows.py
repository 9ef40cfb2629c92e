"""Windows slide, rows end, and whoever serves the pages may spend a budget but never refill one."""

import datetime
from collections.abc import Mapping

import asyncpg
import msgspec
import pytest

from ops.bench.guessing import DAYS, Victim, guess_all, guess_evenly
from tests.desks import BUDGET_SECRET
from tests.integration.budgets.asking import DAY, MINUTE, NOON, outcome
from tests.registers import Certificate
from verify_service.allowances import Allowance, while_guessed_at, with_earned_tries
from verify_service.budgets.rules import debits
from verify_service.budgets.service.settling import settle
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.database import Connection
from verify_service.errors import BudgetSpentError
from verify_service.lending import Lender
from verify_service.lookups.service import Desk

NOBODY = Facts(name="赵无人", phone="19499999999")
SECOND = datetime.timedelta(seconds=1)


async def answered(lender: Lender, desk: Desk, at: datetime.datetime, tries: int = 12) -> int:
    """Return how many of so many failures at one instant are answered."""
    return [await outcome(lender, desk, NOBODY, at) for _ in range(tries)].count("not_found")


async def test_five_a_day_ten_in_thirty_days_thirty_in_a_year(lender: Lender, desk: Desk) -> None:
    by_day = {day: await answered(lender, desk, NOON + day * DAY) for day in (0, 1, 2, 29, 30, 31, 32, 60, 61, 90, 365)}

    assert by_day == {0: 5, 1: 5, 2: 0, 29: 0, 30: 5, 31: 5, 32: 0, 60: 5, 61: 5, 90: 0, 365: 5}


async def test_a_window_slides_and_has_no_midnight(lender: Lender, desk: Desk) -> None:
    for hour in range(5):
        assert await outcome(lender, desk, NOBODY, NOON + hour * 60 * MINUTE) == "not_found"

    assert await outcome(lender, desk, NOBODY, NOON + DAY - SECOND) == "spent"
    assert await outcome(lender, desk, NOBODY, NOON + DAY) == "not_found"
    assert await outcome(lender, desk, NOBODY, NOON + DAY) == "spent"
    assert await outcome(lender, desk, NOBODY, NOON + DAY + 60 * MINUTE) == "not_found"


async def test_a_row_keeps_no_failure_that_is_out_of_every_window(
    lender: Lender, desk: Desk, superuser: Connection
) -> None:
    for day in (0, 200, 366):
        await outcome(lender, desk, NOBODY, NOON + day * DAY)

    kept = {len(row["failed_at"]) for row in await superuser.fetch("select failed_at from budget")}

    assert kept == {1, 2}  # of the prefix and the name alone, which count by the day, and of the pairs


async def test_rows_that_have_expired_go_with_later_failures(lender: Lender, desk: Desk, superuser: Connection) -> None:
    long_ago = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    for place in range(10):
        await outcome(
            lender, desk, Facts(name=f"赵{chr(0x4E00 + place)}", phone=f"{13000000000 + 10_000 * place}"), long_ago
        )
    before = await superuser.fetchval("select count(*) from budget")

    for _ in range(2):
        await outcome(lender, desk, NOBODY)

    left = await superuser.fetchval("select count(*) from budget")
    assert (before, left) == (40, 4)


async def test_a_clock_ahead_of_the_databases_forgets_nobodys_failures(
    lender: Lender, desk: Desk, superuser: Connection
) -> None:
    await answered(lender, desk, datetime.datetime.now(datetime.UTC))

    await outcome(
        lender, desk, Facts(name="钱无人", phone="18800000000"), datetime.datetime.now(datetime.UTC) + 900 * DAY
    )

    assert await superuser.fetchval("select count(*) from budget where cardinality(failed_at) = 5") == 4


async def test_more_tries_are_larger_allowances(lender: Lender, desk: Desk) -> None:
    assert await answered(lender, desk, NOON) == 5

    earned = msgspec.structs.replace(desk.allowances, pair=(Allowance(7, DAY),))

    assert await answered(lender, msgspec.structs.replace(desk, allowances=earned), NOON) == 2
    # A shorter window forgets nothing that a longer one counts.
    assert await answered(lender, desk, NOON + 2 * DAY) == 3


async def test_while_the_breaker_is_open_half_the_tries_are_left(lender: Lender, desk: Desk) -> None:
    guarded = msgspec.structs.replace(desk, allowances=while_guessed_at(desk.allowances))

    assert [await answered(lender, guarded, NOON + day * DAY) for day in range(4)] == [2, 2, 1, 0]


async def test_who_works_for_every_answer_has_eight_a_day_and_no_more_a_month_or_a_year(
    lender: Lender, desk: Desk
) -> None:
    worked = msgspec.structs.replace(desk, allowances=with_earned_tries(desk.allowances))

    by_day = {
        day: await answered(lender, worked, NOON + day * DAY) for day in (0, 1, 2, 29, 30, 31, 60, 61, 90, 364, 365)
    }

    assert by_day == {0: 8, 1: 2, 2: 0, 29: 0, 30: 8, 31: 2, 60: 8, 61: 2, 90: 0, 364: 0, 365: 8}


async def test_attack_enumerate_with_work(lender: Lender, desk: Desk, certificates: Mapping[str, Certificate]) -> None:
    """Whoever solves everything still guesses ten endings of a thousand a month, thirty a year."""
    worked = msgspec.structs.replace(desk, allowances=with_earned_tries(desk.allowances))
    victims = [Victim(person.name, person.id_number) for person in certificates.values()]

    month = await guess_all(lender, worked, victims[:4], seed=7)
    year = await guess_evenly(lender, worked, victims[4], guesses=1_000, days=365)

    assert {attack.answered for attack in month if not attack.is_hit} == {10}
    assert year.answered == 30


async def test_whoever_tests_one_fact_more_settles_it_the_same_way(
    lender: Lender, desk: Desk, superuser: Connection
) -> None:
    asked = debits(BUDGET_SECRET, Facts(id_number="110000199001019704"), desk.allowances)
    async with lender.lend() as connection:
        for _ in range(7):
            await settle(connection, asked, NOON, is_right=True)
        assert await superuser.fetchval("select count(*) from budget") == 0
        for _ in range(5):
            await settle(connection, asked, NOON, is_right=False)
        for is_right in (True, False):
            with pytest.raises(BudgetSpentError):
                await settle(connection, asked, NOON, is_right=is_right)

    assert await superuser.fetchval("select max(cardinality(failed_at)) from budget") == 5


@pytest.mark.parametrize(
    "change",
    [
        "delete from budget",
        "update budget set failed_at = '{}'",
        "insert into budget values (sha256('a'), '{}', now())",
        "truncate budget",
        "delete from canary",
        "table canary",
        "table lookup_alarm",
        "update lookup_breaker set open_until = now()",
        "select look_at_failures(now())",
    ],
)
async def test_the_public_process_refills_nothing_and_reads_no_canary(lender: Lender, change: str) -> None:
    async with lender.lend() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(change)


async def test_the_operator_lifts_and_does_not_count(operator: Connection) -> None:
    for change in (
        "update budget set failed_at = '{}'",
        "insert into lookup_alarm (alarm, about) values ('canary', '')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await operator.execute(change)


async def test_attack_enumerate(lender: Lender, desk: Desk, certificates: Mapping[str, Certificate]) -> None:
    """`make bench` guesses 20,000 times at one person, and every day of a month at a thousand."""
    everybody = [Victim(person.name, person.id_number) for person in certificates.values()]
    first, *others = everybody

    attack = await guess_evenly(lender, desk, first, guesses=600)
    attacks = await guess_all(lender, desk, others[:6], seed=7)

    assert (attack.answered, attack.refused) == (10, 590)
    assert {attack.answered for attack in attacks if not attack.is_hit} == {10}
    assert min(attack.refused for attack in attacks if not attack.is_hit) >= DAYS
