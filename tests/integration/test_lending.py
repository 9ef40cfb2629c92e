"""Who is lent which connection, and which ones are never lent again."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from verify_service import lending
from verify_service.database import Connection
from verify_service.embedded.server import DatabaseUrls
from verify_service.errors import DatabaseUnavailableError
from verify_service.lending import Lender
from verify_service.problems import INTERNAL_ERROR, problem_of

PROCESS = "select pg_backend_pid()"


@pytest.fixture
async def lender(database: DatabaseUrls) -> AsyncIterator[Lender]:
    lender = Lender(database.web, most=2)
    await lender.open()
    yield lender
    await lender.close()


async def process_of(lender: Lender) -> int:
    async with lender.lend() as connection:
        return int(await connection.fetchval(PROCESS))


async def raise_in(lender: Lender, state: str) -> None:
    """Let the server itself raise an error of this SQLSTATE while a connection is lent."""
    async with lender.lend() as connection, connection.transaction():
        await connection.execute(f"do $$ begin raise exception using errcode = '{state}'; end $$")


async def test_the_next_request_gets_the_connection_of_the_last(lender: Lender) -> None:
    assert len({await process_of(lender) for _ in range(5)}) == 1


async def test_no_more_are_opened_than_may_be_and_everybody_who_waits_is_served(lender: Lender) -> None:
    lent: list[int] = []

    async def ask() -> None:
        async with lender.lend() as connection:
            lent.append(await connection.fetchval(PROCESS))

    async with lender.lend(), lender.lend():
        waiting = [asyncio.create_task(ask()) for _ in range(9)]
        await asyncio.sleep(0)
        assert not lent
    await asyncio.gather(*waiting)

    assert len(lent) == 9
    assert len(set(lent)) <= 2


async def test_who_waits_too_long_is_told_so_and_takes_no_turn_away(
    lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with lender.lend(), lender.lend():
        monkeypatch.setattr(lending, "WAIT_SECONDS", 0.01)
        with pytest.raises(DatabaseUnavailableError):
            await process_of(lender)
        monkeypatch.undo()
    async with lender.lend(), lender.lend():
        pass


async def test_a_connection_cut_off_in_a_statement_is_not_lent_again(lender: Lender) -> None:
    first = await process_of(lender)
    begun = asyncio.Event()

    async def sleep() -> None:
        async with lender.lend() as connection:
            begun.set()
            await connection.execute("select pg_sleep(60)")

    task = asyncio.create_task(sleep())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await process_of(lender) != first


async def test_a_connection_left_in_a_transaction_is_not_lent_again(lender: Lender) -> None:
    async with lender.lend() as connection:
        first = await connection.fetchval(PROCESS)
        await connection.execute("begin")

    assert await process_of(lender) != first


async def test_a_connection_that_the_server_ended_is_not_lent_again(lender: Lender, superuser: Connection) -> None:
    first = await process_of(lender)

    async def ask() -> None:
        async with lender.lend() as connection:
            await superuser.execute("select pg_terminate_backend($1, 10000)", first)
            await connection.fetchval(PROCESS)

    with pytest.raises(DatabaseUnavailableError):
        await ask()

    assert await process_of(lender) != first


async def test_a_refusal_of_ours_keeps_the_connection(lender: Lender) -> None:
    first = await process_of(lender)
    with pytest.raises(ZeroDivisionError):
        async with lender.lend():
            raise ZeroDivisionError

    assert await process_of(lender) == first


@pytest.mark.parametrize("state", ["23001", "23502", "23503", "23505", "23514", "23P01"])
async def test_what_the_register_refuses_is_a_fault_of_ours_and_no_database_that_is_away(
    lender: Lender, state: str
) -> None:
    first = await process_of(lender)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await raise_in(lender, state)

    assert refused.value.sqlstate == state
    assert problem_of(refused.value).kind is INTERNAL_ERROR
    assert await process_of(lender) == first


@pytest.mark.parametrize(
    "state",
    ["08006", "25006", "40001", "40P01", "42501", "42P01", "53100", "53300", "57014", "57P01", "57P03", "XX000"],
)
async def test_whatever_else_the_database_says_may_end_by_itself(lender: Lender, state: str) -> None:
    first = await process_of(lender)
    with pytest.raises(DatabaseUnavailableError):
        await raise_in(lender, state)

    assert await process_of(lender) != first


async def test_a_closed_lender_lends_nothing_and_ends_what_comes_back(lender: Lender) -> None:
    async with lender.lend() as connection:
        await lender.close()

    assert connection.is_closed()
    with pytest.raises(DatabaseUnavailableError):
        await process_of(lender)
