"""The database roles, and what each may not do: a stolen web process reads no sealed person and changes nothing."""

import asyncpg
import pytest

from verify_service.database import Connection
from verify_service.embedded.cluster import ROLES
from verify_service.embedded.server import DatabaseUrls, EmbeddedServer

TABLES_OF_WEB = """
select table_name::text from information_schema.role_table_grants
 where grantee = 'verify_service_web' and privilege_type = 'SELECT'
"""
CHANGES_OF_WEB = """
select table_name::text, privilege_type::text from information_schema.table_privileges
 where grantee in ('verify_service_web', 'PUBLIC') and table_schema = 'public' and privilege_type <> 'SELECT'
"""
# Who a person is, and who did what: never the public process's to read.
CLOSED_TO_WEB = [
    *(
        "subject",
        "photo",
        "enrolment",
        "exam_entry",
        "sitting",
        "redemption_code",
        "replaced_redemption_code",
        "cohort",
        "partner",
        "partner_alias",
    ),
    *("api_client", "api_client_day", "batch_request"),
    *("approval", "audit_event", "certificate_number_counter", "status_list", "status_list_change"),
    *("webhook", "webhook_watch", "webhook_delivery"),
    *("canary", "lookup_alarm", "failed_lookup_hour", "spent_proof_of_work", "audit_head", "lookup_day"),
]


@pytest.mark.parametrize("table", CLOSED_TO_WEB)
async def test_the_web_process_may_not_read_people_or_the_trail(web: Connection, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.fetch(f"table {table}")


async def test_the_web_process_may_change_no_table(web: Connection, migration: Connection) -> None:
    assert await migration.fetch(CHANGES_OF_WEB) == []
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await web.execute("create temporary table memory (word text)")


async def test_the_web_process_may_change_nothing_even_where_it_lifts_its_own_read_only(web: Connection) -> None:
    await web.execute("set default_transaction_read_only = off")

    for statement in ("create table memory (word text)", "create temporary table memory (word text)"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await web.execute(statement)


async def test_the_web_process_reads_exactly_what_an_answer_needs(migration: Connection) -> None:
    tables = {row["table_name"] for row in await migration.fetch(TABLES_OF_WEB)}

    assert tables.isdisjoint(CLOSED_TO_WEB)
    assert {"credential", "credential_signature", "credential_event", "lookup_key", "subject_key"} <= tables


async def test_a_statement_of_the_web_process_ends_after_five_seconds(web: Connection) -> None:
    assert await web.fetchval("show statement_timeout") == "5s"


async def test_the_operator_may_change_no_schema(operator: Connection) -> None:
    for statement in (
        "create table mine (word text)",
        "drop table audit_event",
        "alter table subject add column x int",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await operator.execute(statement)


DATED_BY_THE_DATABASE = {
    "api_client": ["created_at"],
    "approval": ["given_at"],
    "audit_event": ["occurred_at"],
    "audit_head": ["signed_at"],
    "canary": ["added_at"],
    "credential_event": ["occurred_at"],
    "credential_signature": ["signed_at"],
    "issuer": ["created_at"],
    "lookup_alarm": ["raised_at"],
    "replaced_redemption_code": ["replaced_at"],
    "signing_key": ["created_at", "state_since"],
    "template": ["created_at"],
    "webhook": ["created_at", "served_at"],
    "webhook_delivery": ["created_at"],
}


@pytest.mark.parametrize(("table", "columns"), DATED_BY_THE_DATABASE.items())
async def test_the_operator_may_not_say_when_a_thing_happened(
    operator: Connection, table: str, columns: list[str]
) -> None:
    for column in columns:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await operator.execute(f"insert into {table} ({column}) values (now())")  # noqa: S608  # the names above
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await operator.execute(f"update {table} set {column} = now()")  # noqa: S608  # the names above


@pytest.mark.parametrize("issued_at", ["now() - interval '1 day'", "now() + interval '1 day'"])
async def test_a_credential_cannot_be_dated_on_another_day(operator: Connection, issued_at: str) -> None:
    with pytest.raises(asyncpg.RestrictViolationError, match="dated by the database"):
        await operator.execute(f"insert into credential (issued_at) values ({issued_at})")  # noqa: S608  # the above
    with pytest.raises(asyncpg.NotNullViolationError):  # it gets as far as the columns that are missing
        await operator.execute("insert into credential (issued_at) values (date_trunc('second', now()))")


async def test_the_counter_of_numbers_never_falls(operator: Connection) -> None:
    await operator.execute("insert into certificate_number_counter values ('online_host', 2026, 7)")
    await operator.execute("update certificate_number_counter set last_serial = 8")

    with pytest.raises(asyncpg.RestrictViolationError, match="never falls"):
        await operator.execute("update certificate_number_counter set last_serial = 7")


@pytest.mark.parametrize("role", ROLES)
async def test_no_role_makes_roles_or_databases(server: EmbeddedServer, database: DatabaseUrls, role: str) -> None:
    connection = await asyncpg.connect(getattr(database, role.removeprefix("verify_service_")))
    try:
        await connection.execute("set default_transaction_read_only = off")
        for statement in ("create role another", "create database another", "alter role postgres nologin"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_role_without_its_password_does_not_enter(server: EmbeddedServer, database: DatabaseUrls) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(database.web, password="wrong")


async def test_a_role_that_was_not_granted_the_database_does_not_enter(
    server: EmbeddedServer, database_name: str, superuser: Connection
) -> None:
    await superuser.execute(f"create role {database_name} login password 'stranger'")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(server.url("postgres", database_name), user=database_name, password="stranger")
    finally:
        await superuser.execute(f"drop role {database_name}")
