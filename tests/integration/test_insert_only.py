"""What was recorded stands: neither the operator's role nor the owner of the tables can change or remove it."""

import asyncpg
import pytest

from verify_service.database import Connection

# Each insert-only table with one of its columns.
TABLES = {
    "approval": "actor",
    "audit_event": "actor",
    "template": "title",
    "credential": "kind",
    "credential_signature": "sealed_record",
    "credential_event": "reason",
    "open_badge_proof": "sealed_signature",
    "replaced_redemption_code": "code_index",
    "print_check": "held_for",
    "lookup_alarm": "about",
    "delivery": "note",
    "delivery_item": "packed_by",
    "delivery_event": "courier",
    "delivery_item_event": "reason",
    "audit_head": "signed_note",
}
CHANGES = [
    statement
    for table, column in TABLES.items()
    for statement in (
        f"update {table} set {column} = {column}",  # noqa: S608  # the names above
        f"delete from {table}",  # noqa: S608  # the names above
        f"truncate {table} cascade",
    )
]
GUARDED = """
select distinct event_object_table::text from information_schema.triggers
 where action_statement like '%refuse_change()' and event_manipulation = 'UPDATE' -- others are kept, and decided once
"""


@pytest.mark.parametrize("change", CHANGES)
async def test_the_operator_may_not_change_it(operator: Connection, change: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await operator.execute(change)


@pytest.mark.parametrize("change", CHANGES)
async def test_a_trigger_stops_even_the_owner(migration: Connection, change: str) -> None:
    with pytest.raises(asyncpg.RestrictViolationError, match="is insert-only"):
        await migration.execute(change)


@pytest.mark.parametrize("table", TABLES)
async def test_the_operator_may_not_switch_the_trigger_off(operator: Connection, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await operator.execute(f"alter table {table} disable trigger all")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await operator.execute("set session_replication_role = replica")


@pytest.mark.parametrize("table", TABLES)
async def test_the_web_process_may_not_add_to_it(web: Connection, table: str) -> None:
    await web.execute("set default_transaction_read_only = off")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.execute(f"insert into {table} default values")


async def test_every_guarded_table_is_tested_here(migration: Connection) -> None:
    guarded = {row["event_object_table"] for row in await migration.fetch(GUARDED)}

    assert guarded == set(TABLES)
