"""A failed question ends when it counts no more, though nobody fails again; and not a moment earlier."""

import datetime

import asyncpg
import pytest

from tests.integration.budgets.asking import DAY, MINUTE, outcome
from verify_service.audit.model import Actor
from verify_service.budgets.service import ending
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.database import Connection
from verify_service.lending import Lender
from verify_service.lookups.service import Desk
from verify_service.retention.service.policy import load_policy
from verify_service.retention.service.running import apply_retention, preview_retention
from verify_service.settings import Settings

HELD = "select failed_at from budget order by cardinality(failed_at), failed_at"
OF_A_YEAR = """
select bucket, failed_at, expires_at from budget
 where expires_at - failed_at[cardinality(failed_at)] = interval '365 days' order by bucket
"""


@pytest.fixture
async def now(superuser: Connection) -> datetime.datetime:
    """The database's instant: failures are as old as it says."""
    instant: datetime.datetime = await superuser.fetchval("select now()")
    return instant


def asked(place: int) -> Facts:
    """Return facts that nobody has, and that share no bucket with those of another place."""
    return Facts(name=f"赵{chr(0x4E00 + place)}", phone=f"{13000000000 + 10_000 * place}")


async def fail(lender: Lender, desk: Desk, place: int, *instants: datetime.datetime) -> None:
    for instant in instants:
        assert await outcome(lender, desk, asked(place), instant) == "not_found"


async def test_an_old_failure_ends_beside_a_later_one_and_a_row_with_its_last(
    lender: Lender,
    desk: Desk,
    operator: Connection,
    superuser: Connection,
    actor: Actor,
    settings: Settings,
    now: datetime.datetime,
) -> None:
    year, day, kept = now - 365 * DAY, now - DAY, now - 365 * DAY + MINUTE
    await fail(lender, desk, 0, year)
    await fail(lender, desk, 1, year, kept, day + MINUTE)
    await fail(lender, desk, 2, day)

    report = await apply_retention(operator, actor, load_policy(settings))

    # Each is counted in four buckets: of the pair and the phone for a year, of the prefix and the name for a day.
    held = [row["failed_at"] for row in await superuser.fetch(HELD)]
    assert held == [[day]] * 2 + [[day + MINUTE]] * 2 + [[kept, day + MINUTE]] * 2
    assert (report.failed_questions.due, report.failed_questions.ended) == (6, 6)
    assert (await preview_retention(operator, load_policy(settings))).failed_questions.due == 0


async def test_nobody_is_forgiven_a_moment_early(
    lender: Lender, desk: Desk, operator: Connection, superuser: Connection, now: datetime.datetime
) -> None:
    a_day, a_month = now - DAY + MINUTE, now - 30 * DAY + MINUTE
    a_year = [now - 365 * DAY + MINUTE + 31 * month * DAY for month in range(3)]
    await fail(lender, desk, 0, *[a_day] * 5)
    await fail(lender, desk, 1, *[a_month] * 5, *[a_day] * 5)
    await fail(lender, desk, 2, *[instant + day * DAY for instant in a_year for day in (0, 1) for _ in range(5)])
    before = await superuser.fetch(OF_A_YEAR)

    await ending.end_old(operator)

    assert await superuser.fetch(OF_A_YEAR) == before
    assert [await outcome(lender, desk, asked(place), now) for place in range(3)] == ["spent"] * 3


async def test_more_buckets_than_a_batch_all_end(
    lender: Lender, desk: Desk, operator: Connection, now: datetime.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "BATCH", 3)
    for place in range(4):
        await fail(lender, desk, place, now - 364 * DAY)

    assert await ending.count_old(operator) == 8
    assert await ending.end_old(operator) == 8
    assert await ending.count_old(operator) == 0


async def test_the_public_process_ends_nothing(lender: Lender) -> None:
    async with lender.lend() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("select end_old_failures(1)")
