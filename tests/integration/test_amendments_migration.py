"""Migration 0012 on a register that was there before: names of partners are still found."""

from verify_service.database import connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.migrate import load_migrations, migrate
from verify_service.partners.rules import fold_partner_name
from verify_service.partners.service import find_partners

NAMES = ("测试大学——东区", "测试大学–西区", "测试大学－南区", "测试学院")
INSERT = """
with added as (insert into partner (partner_id, name) values (gen_random_uuid(), $1) returning partner_id)
insert into partner_alias (folded_name, partner_id) select $2, partner_id from added
"""


async def test_names_folded_with_their_dashes_are_found_as_they_are_folded_now(empty_database: DatabaseUrls) -> None:
    migrations = load_migrations()
    async with connected(empty_database.migration, "MIGRATION_DATABASE_URL") as connection:
        await migrate(connection, [migration for migration in migrations if migration.version < 12])
        for name in NAMES:
            await connection.execute(INSERT, name, name.replace("－", "-"))

        await migrate(connection, migrations)

        found = await find_partners(connection, NAMES)
        assert set(found) == {fold_partner_name(name) for name in NAMES}
        assert len(set(found.values())) == len(NAMES)
        former = "select count(*) from partner_alias where folded_name like '%——%' or folded_name like '%–%'"
        assert await connection.fetchval(former) == 2
