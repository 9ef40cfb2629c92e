"""The role that sends webhooks reads no person and changes nothing but deliveries: it talks to strangers' machines."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls

READABLE = """
select distinct table_name::text from information_schema.column_privileges
 where grantee = 'verify_service_webhooks' and table_schema = 'public' and privilege_type = 'SELECT'
"""
CHANGEABLE = """
select table_name::text, column_name::text, privilege_type::text from information_schema.column_privileges
 where grantee = 'verify_service_webhooks' and table_schema = 'public' and privilege_type <> 'SELECT'
"""
REFUSED = [
    "select sealed_document from credential",
    "select subject_id from credential",
    "select approval_id from credential_event",
    "select access_digest from webhook",
    "select detail from audit_event",
    "table webhook_watch",
    "table subject_key",
    "update webhook set sealed_target = ''",
    "insert into webhook_delivery (webhook_id) values (gen_random_uuid())",
    "delete from webhook_delivery",
    "delete from webhook",
    "insert into credential_event (credential_id) values (gen_random_uuid())",
    "insert into audit_event (actor, action, object_type, object_id, occurred_at) values ('', '', '', '', now())",
    "select count_watches(gen_random_uuid(), '')",
    "create table mine (word text)",
]
FUNCTIONS = [
    "select * from count_watches(gen_random_uuid(), '')",
    "select * from watch_certificates(gen_random_uuid(), '', '{}')",
    "select * from unwatch_certificates(gen_random_uuid(), '', '{}')",
]


@pytest.fixture
async def sending(database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.webhooks, "WEBHOOKS_DATABASE_URL") as connection:
        yield connection


async def test_it_reads_only_what_a_delivery_is_made_of(migration: Connection) -> None:
    tables = {row["table_name"] for row in await migration.fetch(READABLE)}

    assert tables == {
        *("webhook", "webhook_delivery", "credential", "credential_event", "audit_event", "schema_migration"),
    }


async def test_it_changes_only_how_deliveries_went(migration: Connection) -> None:
    changed = {
        (row["table_name"], row["column_name"])
        for row in await migration.fetch(CHANGEABLE)
        if row["table_name"] != "audit_event"
    }

    delivery = ("state", "attempts", "outcome", "attempted_at", "due_at")
    assert changed == {("webhook", "served_at"), *(("webhook_delivery", column) for column in delivery)}


@pytest.mark.parametrize("statement", REFUSED)
async def test_it_may_not(sending: Connection, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await sending.execute(statement)


@pytest.mark.parametrize("function", FUNCTIONS)
async def test_only_the_web_process_may_ask_what_clients_ask(
    operator: Connection, sending: Connection, web: Connection, function: str
) -> None:
    for connection in (operator, sending):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(function)
    async with web.transaction():
        await web.execute("set transaction read write")
        assert [tuple(row) for row in await web.fetch(function)] == []


async def test_a_sender_that_hangs_in_a_transaction_is_cut_off_after_a_minute(sending: Connection) -> None:
    assert await sending.fetchval("show idle_in_transaction_session_timeout") == "1min"
