"""The trail of changes: each row is bound to the one before by SHA-256, whoever writes and however many at once."""

import asyncio
import hashlib
import json

import asyncpg
import pytest

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls

SELECT_CHAIN = """
select audit_event_id, occurred_at, actor, action, object_type, object_id, detail, previous_hash, hash
  from audit_event order by audit_event_id
"""


async def broken_links(connection: Connection) -> list[int]:
    """Return the rows that do not follow from the one before, recomputed here from their columns."""
    broken, number, previous = [], 0, None
    for row in await connection.fetch(SELECT_CHAIN):
        content = [
            (previous or b"").hex(),
            row["audit_event_id"],
            row["occurred_at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            *(row[column] for column in ("actor", "action", "object_type", "object_id")),
            json.loads(row["detail"]),
        ]
        digest = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).digest()
        if (row["audit_event_id"], row["previous_hash"], row["hash"]) != (number + 1, previous, digest):
            broken.append(row["audit_event_id"])
        number, previous = row["audit_event_id"], row["hash"]
    return broken


def event(number: int) -> AuditEvent:
    return AuditEvent("credential_signed", "credential", f"object {number}", {"number": f"QMT2026{number:06}"})


async def test_every_row_bears_the_hash_of_the_one_before(operator: Connection, actor: Actor) -> None:
    await record(operator, actor, event(1))
    await record(operator, actor, event(2), event(3), AuditEvent("key_made", "key", "2026-c1"))

    assert await operator.fetchval("select count(*) from audit_event") == 4
    assert await broken_links(operator) == []


async def test_many_writers_at_once_make_one_chain(database: DatabaseUrls, operator: Connection) -> None:
    async def write(writer: int) -> None:
        async with connected(database.operator, "OPERATOR_DATABASE_URL") as connection:
            for number in range(10):
                await record(connection, Actor(f"writer {writer}"), event(number), event(number))

    await asyncio.gather(*(write(writer) for writer in range(6)))

    assert await operator.fetchval("select count(*) from audit_event") == 120
    assert await broken_links(operator) == []


async def test_a_rolled_back_change_leaves_no_gap(operator: Connection, actor: Actor) -> None:
    await record(operator, actor, event(1))
    transaction = operator.transaction()
    await transaction.start()
    await record(operator, actor, event(2))
    await transaction.rollback()
    await record(operator, actor, event(3))

    assert await operator.fetchval("select max(audit_event_id) from audit_event") == 2
    assert await broken_links(operator) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("occurred_at", "now() - interval '1 year'"),
        ("audit_event_id", "7"),
        ("hash", "'\\x00'"),
        ("previous_hash", "null"),
    ],
)
async def test_the_writer_chooses_neither_time_nor_place(operator: Connection, column: str, value: str) -> None:
    columns = f"actor, action, object_type, object_id, {column}"

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await operator.execute(f"insert into audit_event ({columns}) select 'a', 'b', 'c', 'd', {value}")


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("update audit_event set actor = 'somebody else' where audit_event_id = 2", [2]),
        ("update audit_event set occurred_at = occurred_at - interval '1 day' where audit_event_id = 2", [2]),
        ("update audit_event set detail = '{}' where audit_event_id = 2", [2]),
        ("delete from audit_event where audit_event_id = 2", [3]),
        ("update audit_event set hash = sha256('forged') where audit_event_id = 2", [2, 3]),
    ],
)
async def test_what_an_administrator_edits_shows(
    operator: Connection, superuser: Connection, actor: Actor, tampering: str, broken: list[int]
) -> None:
    await record(operator, actor, *(event(number) for number in range(4)))

    await superuser.execute("alter table audit_event disable trigger all")
    await superuser.execute(tampering)

    assert await broken_links(superuser) == broken
