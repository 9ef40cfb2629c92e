"""How lookups ended is counted by day: exactly, in memory, and with nothing written for any single one."""

import asyncio
from collections.abc import Mapping

import asyncpg
import msgspec
import pytest
from structlog.testing import capture_logs

from tests.integration.web.conftest import asking
from tests.registers import Certificate
from verify_service import web_context
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.lookup_counts.model import Outcome
from verify_service.lookup_counts.service import LookupTally
from verify_service.settings import RateLimits, Settings

PATH = "/api/v1/lookups"
TODAY = "select outcome, count from lookup_day where day = (now() at time zone 'Asia/Shanghai')::date"


async def counted(connection: Connection) -> dict[str, int]:
    return {row["outcome"]: row["count"] for row in await connection.fetch(TODAY)}


async def test_a_hit_writes_nothing_and_all_are_written_together(
    settings: Settings,
    superuser: Connection,
    certificates: Mapping[str, Certificate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web_context, "REFRESH_SECONDS", 3600.0)
    right = certificates["valid"].facts("name", "idNumber")
    async with asking(settings) as client:
        for facts in (right, right, right, {**right, "name": "赵无人"}):
            assert (await client.post(PATH, json=facts)).status_code == 200
        form = await client.post("/lookup", data=right)
        assert form.status_code == 200
        assert await counted(superuser) == {}

    assert await counted(superuser) == {"found": 4, "not_found": 1}


async def test_what_is_written_in_between_is_counted_once(
    settings: Settings,
    superuser: Connection,
    certificates: Mapping[str, Certificate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web_context, "REFRESH_SECONDS", 0.01)
    right = certificates["valid"].facts("name", "idNumber")
    async with asking(settings) as client:
        async with asyncio.timeout(30):
            while await counted(superuser) == {}:
                assert (await client.post(PATH, json=right)).status_code == 200
        before = await counted(superuser)
        assert (await client.post(PATH, json=right)).status_code == 200

    assert (await counted(superuser))["found"] > before["found"] > 0


async def test_a_count_that_the_table_refuses_stops_neither_lookups_nor_what_is_read_anew(
    settings: Settings,
    superuser: Connection,
    certificates: Mapping[str, Certificate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web_context, "REFRESH_SECONDS", 0.01)
    right = certificates["valid"].facts("name", "idNumber")
    await superuser.execute("alter table lookup_day add constraint lookup_day_shut check (false)")
    with capture_logs() as lines:
        async with asking(settings) as client, asyncio.timeout(30):
            while [line["event"] for line in lines].count("lookups_not_counted") < 2:
                assert (await client.post(PATH, json=right)).status_code == 200
            await superuser.execute("alter table lookup_day drop constraint lookup_day_shut")
            while await counted(superuser) == {}:
                assert (await client.post(PATH, json=right)).status_code == 200


async def test_refusals_of_network_and_budget_are_counted_as_limited(
    settings: Settings, superuser: Connection, certificates: Mapping[str, Certificate]
) -> None:
    wrong = {**certificates["valid"].facts("name", "idNumber"), "name": "赵无人"}
    limits = RateLimits(network="7/minute", neighbourhood="100/minute", everyone="100/minute")
    async with asking(msgspec.structs.replace(settings, rate_limits=limits)) as client:
        codes = [(await client.post(PATH, json=wrong)).status_code for _ in range(9)]

    assert codes == [200] * 5 + [429] * 4  # five failures of a budget, two it refused, two the network's limit did
    assert await counted(superuser) == {"not_found": 5, "limited": 4}


async def test_processes_that_write_at_once_lose_nothing(database: DatabaseUrls, operator: Connection) -> None:
    async def write() -> None:
        async with connected(database.web, "DATABASE_URL") as connection:
            await connection.execute("set default_transaction_read_only = off")
            for _ in range(10):
                tally = LookupTally()
                tally.count(Outcome.NOT_FOUND, 2)
                tally.count(Outcome.FOUND)
                await tally.write(connection)

    await asyncio.gather(*(write() for _ in range(6)))

    assert await counted(operator) == {"found": 60, "not_found": 120}


async def test_what_could_not_be_written_is_written_the_next_time(web: Connection, database: DatabaseUrls) -> None:
    tally = LookupTally()
    tally.count(Outcome.FOUND, 3)
    with pytest.raises(asyncpg.PostgresError):
        await tally.write(web)  # which reads only, until it says otherwise
    tally.count(Outcome.FOUND)

    await web.execute("set default_transaction_read_only = off")
    await tally.write(web)
    await tally.write(web)

    async with connected(database.operator, "OPERATOR_DATABASE_URL") as operator:
        assert await counted(operator) == {"found": 4}


@pytest.mark.parametrize("counts", [[-5], [0]])
async def test_a_count_never_falls(web: Connection, operator: Connection, counts: list[int]) -> None:
    await web.execute("set default_transaction_read_only = off")
    await web.execute("select count_lookups('{found}', '{2}')")

    await web.execute("select count_lookups('{found}', $1::bigint[])", counts)

    assert await counted(operator) == {"found": 2}
