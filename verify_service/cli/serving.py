"""`serve` and `migrate`."""

import asyncio
import contextlib
import os
from typing import Final

import click
import uvicorn

from verify_service.app import create_app
from verify_service.database import connected, lent_databases
from verify_service.embedded.server import DatabaseUrls
from verify_service.logs import configure_logging
from verify_service.migrate import load_migrations, migrate
from verify_service.settings import Settings, load_settings

SHUTDOWN_SECONDS: Final = 3
"""Requests under way get this long to end; without it, an open connection would hold a stop for its whole time-out."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, behind the reverse proxy.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve the public pages and the API."""
    settings = load_settings(os.environ)
    settings.require_public_url()
    with lent_databases(settings) as urls:
        run_server(settings, urls, host=host, port=port)


def run_server(settings: Settings, urls: DatabaseUrls, *, host: str, port: int) -> None:
    """Serve until told to stop. One process: the edge limits count in its memory."""
    configure_logging()
    app = asyncio.run(create_app(settings, urls.web))
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        ws="none",  # its WebSocket errors would log paths and addresses
        proxy_headers=False,  # who the client is, the rate limiter decides from TRUSTED_PROXIES alone
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    with contextlib.suppress(KeyboardInterrupt):  # raised again once the server has ended: Ctrl-C is how it is stopped
        uvicorn.Server(config).run()


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
