"""`serve` and `migrate`."""

import asyncio
import os

import click

from verify_service.database import connected, lent_databases
from verify_service.migrate import load_migrations, migrate
from verify_service.settings import load_settings


@click.command("migrate")
def migrate_command() -> None:
    """Apply missing migrations; safe to run twice and from two machines at once. Creates no keys."""
    settings = load_settings(os.environ)

    async def run(url: str) -> list[str]:
        async with connected(url, "MIGRATION_DATABASE_URL") as connection:
            return await migrate(connection, load_migrations())

    with lent_databases(settings) as urls:
        applied = asyncio.run(run(urls.migration))
    click.echo("\n".join(f"applied {name}" for name in applied) or "nothing to do")
