"""Migration 0035 on deliveries that were there before: what left them still has, and can be put back."""

import asyncpg
import pytest

from verify_service.database import connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.migrate import load_migrations, migrate

# A paper needs a person, an exam and a signature: here its number is enough.
BEFORE = """
alter table delivery_item drop constraint delivery_item_credential_fkey;
insert into partner (partner_id, name) values (gen_random_uuid(), '测试学院');
insert into delivery (delivery_id, partner_id, created_by)
select gen_random_uuid(), partner_id, 'registrar-1' from partner;
insert into delivery_item (delivery_id, certificate_number, packed_by)
select delivery_id, number, 'registrar-1' from delivery cross join unnest('{A,B,C}'::text[]) as number;
"""
TAKE_OUT = """
insert into delivery_item_event (delivery_id, certificate_number, event, recorded_by)
select delivery_id, $1, 'unpacked', 'registrar-1' from delivery
"""
PUT_IN = """
insert into delivery_item (delivery_id, certificate_number, packed_by)
select delivery_id, $1, 'registrar-1' from delivery
"""
LEFT = """
select item.certificate_number || ' ' || count(event.event)
  from delivery_item as item
  left join delivery_item_event as event using (delivery_item_id, delivery_id, certificate_number)
 group by item.delivery_item_id, item.certificate_number
 order by item.delivery_item_id
"""


async def test_what_left_a_delivery_before_has_left_it_and_can_be_put_back(empty_database: DatabaseUrls) -> None:
    migrations = load_migrations()
    async with connected(empty_database.migration, "MIGRATION_DATABASE_URL") as connection:
        await migrate(connection, [migration for migration in migrations if migration.version < 35])
        await connection.execute(BEFORE)
        await connection.execute(TAKE_OUT, "B")

        await migrate(connection, migrations)

        assert [row[0] for row in await connection.fetch(LEFT)] == ["A 0", "B 1", "C 0"]
        with pytest.raises(asyncpg.UniqueViolationError):
            await connection.execute(PUT_IN, "A")
        await connection.execute(PUT_IN, "B")
        await connection.execute(TAKE_OUT, "B")
        assert [row[0] for row in await connection.fetch(LEFT)] == ["A 0", "B 1", "C 0", "B 1"]
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute("delete from delivery_item_event")
