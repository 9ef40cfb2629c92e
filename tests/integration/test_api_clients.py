"""What a platform may ask in a day: counted exactly, once for each Idempotency-Key, and past the web role's reach."""

import asyncio
import datetime
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import asyncpg
import pytest

from verify_service.api_clients.model import BatchName, Claim, Verdict
from verify_service.api_clients.rules import batch_name, key_hash
from verify_service.api_clients.service import claim_batch, create_client, find_client, release_batch, revoke_client
from verify_service.audit.model import Actor
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.errors import ConflictError, UsageError

DAILY = 1000
BEFORE = "update batch_request set claimed_at = now() - interval '25 hours', answering_until = null"


@pytest.fixture
async def key(operator: Connection, actor: Actor) -> str:
    return await create_client(operator, actor, name="抖音", purpose="主播入驻资格核验", daily_rows=DAILY)


@pytest.fixture
async def client(web: Connection, key: str) -> UUID:
    found = await find_client(web, key)
    assert found is not None
    return found


@pytest.fixture
async def many(database: DatabaseUrls) -> AsyncIterator[list[Connection]]:
    """Twenty connections of the public process."""
    async with AsyncExitStack() as opened:
        yield [await opened.enter_async_context(connected(database.web, "DATABASE_URL")) for _ in range(20)]


def named(idempotency_key: str | None, body: bytes = b"body") -> BatchName:
    return batch_name("vsk_of-a-test", idempotency_key, body)


async def verdicts(connection: Connection, client: UUID, *rows: int) -> list[Verdict]:
    return [(await claim_batch(connection, client, named(None), count)).verdict for count in rows]


async def test_a_day_is_counted_to_its_end_and_no_batch_in_part(web: Connection, client: UUID) -> None:
    asked = await verdicts(web, client, 500, 499, 2, 1, 1, 0)

    counted, spent = Verdict.COUNTED, Verdict.SPENT
    assert asked == [counted, counted, spent, counted, spent, counted]


async def test_a_claim_says_what_is_left_and_until_when(web: Connection, client: UUID) -> None:
    claim = await claim_batch(web, client, named(None), 300)

    assert (claim.quota, claim.remaining) == (DAILY, 700)
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    midnight = (now + datetime.timedelta(days=1)).replace(hour=0, minute=0, second=0)
    assert abs(claim.reset_seconds - (midnight - now).total_seconds()) % 86_400 < 60


async def test_a_day_in_shanghai_forgives_the_one_before(web: Connection, client: UUID, superuser: Connection) -> None:
    await verdicts(web, client, 500, 500)

    await superuser.execute("update api_client_day set day = day - 1")

    assert await verdicts(web, client, 500) == [Verdict.COUNTED]


async def test_beside_each_other_as_many_rows_are_counted_as_there_are(many: list[Connection], client: UUID) -> None:
    claims = await asyncio.gather(*(claim_batch(one, client, named(None), 70) for one in many))

    counted = [claim for claim in claims if claim.verdict is Verdict.COUNTED]
    assert len(counted) == DAILY // 70
    assert {claim.verdict for claim in claims} == {Verdict.COUNTED, Verdict.SPENT}
    assert min(claim.remaining for claim in claims) == DAILY % 70


async def test_of_twenty_that_bring_one_key_at_once_one_is_counted(many: list[Connection], client: UUID) -> None:
    claims = await asyncio.gather(*(claim_batch(one, client, named("one"), 70) for one in many))

    told = sorted(claim.verdict for claim in claims)
    assert told == [Verdict.COUNTED, *[Verdict.IN_PROGRESS] * 19]
    assert {claim.remaining for claim in claims} == {DAILY - 70}


async def claim_and_release(connection: Connection, client: UUID, name: BatchName, rows: int = 70) -> Claim:
    claim = await claim_batch(connection, client, name, rows)
    await release_batch(connection, client, name)
    return claim


async def test_the_same_again_is_answered_and_not_counted(web: Connection, client: UUID) -> None:
    claims = [await claim_and_release(web, client, named("one")) for _ in range(3)]

    assert [claim.verdict for claim in claims] == [Verdict.COUNTED, Verdict.REPEATED, Verdict.REPEATED]
    assert {claim.remaining for claim in claims} == {DAILY - 70}


async def test_the_same_again_is_answered_also_when_the_day_is_spent(web: Connection, client: UUID) -> None:
    await claim_and_release(web, client, named("one"))
    await verdicts(web, client, 500, 430)

    assert (await claim_and_release(web, client, named("one"))).verdict is Verdict.REPEATED


async def test_another_body_under_the_same_key_is_refused_and_not_counted(web: Connection, client: UUID) -> None:
    await claim_and_release(web, client, named("one"))

    claim = await claim_and_release(web, client, named("one", b"other"))

    assert (claim.verdict, claim.remaining) == (Verdict.REUSED, DAILY - 70)


async def test_what_a_spent_day_refused_may_be_sent_again_under_its_key(
    web: Connection, client: UUID, superuser: Connection
) -> None:
    await verdicts(web, client, 500, 500)
    assert (await claim_batch(web, client, named("one"), 1)).verdict is Verdict.SPENT
    await superuser.execute("delete from api_client_day")

    assert (await claim_batch(web, client, named("one"), 1)).verdict is Verdict.COUNTED


async def test_an_answer_that_was_never_ended_may_be_asked_for_again_after_a_minute(
    web: Connection, client: UUID, superuser: Connection
) -> None:
    await claim_batch(web, client, named("one"), 70)
    assert (await claim_batch(web, client, named("one"), 70)).verdict is Verdict.IN_PROGRESS

    await superuser.execute("update batch_request set answering_until = answering_until - interval '60 seconds'")

    assert (await claim_batch(web, client, named("one"), 70)).verdict is Verdict.REPEATED


async def test_after_a_day_a_key_is_forgotten(web: Connection, client: UUID, superuser: Connection) -> None:
    await claim_and_release(web, client, named("one"))
    await claim_and_release(web, client, named("two"))
    await superuser.execute(BEFORE)

    assert (await claim_and_release(web, client, named("one", b"other"))).verdict is Verdict.COUNTED
    assert await superuser.fetchval("select count(*) from batch_request") == 1


async def test_two_platforms_share_neither_keys_nor_days(
    web: Connection, client: UUID, operator: Connection, actor: Actor
) -> None:
    other_key = await create_client(operator, actor, name="快手", purpose="核验", daily_rows=5)
    other = await find_client(web, other_key)
    assert other is not None
    await claim_batch(web, client, named("one"), 500)

    assert (await claim_batch(web, other, named("one"), 5)).verdict is Verdict.COUNTED
    assert (await claim_batch(web, other, named("two"), 1)).verdict is Verdict.SPENT


async def test_a_revoked_key_is_nobodys_from_then_on(
    web: Connection, client: UUID, key: str, operator: Connection, actor: Actor
) -> None:
    assert [await revoke_client(operator, actor, "抖音") for _ in range(2)] == [True, False]

    assert await find_client(web, key) is None
    claim = await claim_batch(web, client, named("one"), 1)
    assert claim.verdict is Verdict.UNKNOWN


async def test_a_name_is_given_once_also_after_it_was_revoked(operator: Connection, actor: Actor, key: str) -> None:
    await revoke_client(operator, actor, "抖音")

    with pytest.raises(ConflictError):
        await create_client(operator, actor, name="抖音", purpose="核验", daily_rows=1)
    with pytest.raises(UsageError):
        await revoke_client(operator, actor, "快手")


async def test_the_database_holds_no_key_and_the_trail_says_who_may_ask_what_for(
    superuser: Connection, key: str
) -> None:
    stored = repr([await superuser.fetch(f"table {table}") for table in ("api_client", "audit_event")])

    assert key[4:] not in stored
    assert await superuser.fetchval("select key_hash from api_client") == key_hash(key)
    event = await superuser.fetchrow("select actor, action, detail from audit_event order by audit_event_id desc")
    assert event is not None
    assert (event["actor"], event["action"]) == ("tester", "api_key_created")
    assert "主播入驻资格核验" in event["detail"]


@pytest.mark.parametrize(
    "statement",
    [
        "update api_client set daily_rows = 1000000",
        "update api_client set revoked_at = null",
        "select name, purpose from api_client",
        "insert into api_client (api_client_id) values (gen_random_uuid())",
        "delete from api_client_day",
        "select row_count from api_client_day",
        "select body_mac from batch_request",
    ],
)
async def test_the_public_process_may_neither_raise_a_budget_nor_forget_what_was_spent(
    web: Connection, client: UUID, statement: str
) -> None:
    await web.execute("set default_transaction_read_only = off")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.execute(statement)


async def test_nor_may_it_count_backwards(web: Connection, client: UUID) -> None:
    await verdicts(web, client, 500)

    with pytest.raises(asyncpg.CheckViolationError):
        await claim_batch(web, client, named(None), -400)


async def test_the_operator_may_count_nothing(operator: Connection, client: UUID) -> None:
    for statement in ("select claim_batch($1, null, '\\x00', 1)", "select release_batch($1, '\\x00')"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await operator.fetch(statement, client)
