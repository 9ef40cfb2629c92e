"""`serve` and `migrate`."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Mapping
from typing import Final

import click
import uvicorn

from verify_service.app import create_app
from verify_service.cli.endings import end_on_sigterm
from verify_service.consoles.locating import endpoint as console_endpoint
from verify_service.database import connected, lent_databases
from verify_service.embedded.server import DatabaseUrls
from verify_service.errors import UsageError
from verify_service.logs import configure_logging
from verify_service.migrate import load_migrations, migrate
from verify_service.settings import Settings, load_settings
from verify_service.signer.service.locating import socket_path
from verify_service.supervision import Companion, companions_beside
from verify_service.unix_sockets import is_listening

SHUTDOWN_SECONDS: Final = 3
"""Requests under way get this long to end; without it, an open connection would hold a stop for its whole time-out."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, behind the reverse proxy.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve the public pages and the API."""
    settings = load_settings(os.environ)
    settings.require_public_url()
    end_on_sigterm()
    with bound_socket(host, port) as listener, lent_databases(settings) as urls:
        run_server(settings, urls, listener, os.environ)


def bound_socket(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address and not yet listening, or refuse an address that is taken.

    First of all, for the demo writes the port into QR codes that could never be opened.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a stopped server's port is free at once
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        reason = error.strerror or "no such address"
        raise UsageError("PORT", f"cannot listen on {host} port {port}: {reason}; choose another --port") from None
    return listener


def run_server(settings: Settings, urls: DatabaseUrls, listener: socket.socket, environment: Mapping[str, str]) -> None:
    """Serve until told to stop, beside its companions under the same settings, which `environment` makes.

    One process answers: the edge limits count in its memory. It opens no private key but that of receipts.
    """
    configure_logging()
    app = asyncio.run(create_app(settings, urls.web))
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        ws="none",  # its WebSocket errors would log paths and addresses
        proxy_headers=False,  # who the client is, the rate limiter decides from TRUSTED_PROXIES alone
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    # Raised again once the server has ended: Ctrl-C is how it is stopped.
    with companions_beside(_companions(settings), environment), contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def _companions(settings: Settings) -> list[Companion]:
    """Return a signer and the consoles, where none listen, and a sender of webhooks, where its role is known."""
    path = socket_path(settings)
    companions = [Companion("signer", ("signer",), "signer_ended", lambda: not is_listening(path))]
    if settings.database_url is None or settings.webhooks_database_url is not None:
        companions.append(Companion("webhooks", ("webhooks", "deliver"), "webhooks_ended"))
    consoles = console_endpoint(settings).path
    if settings.database_url is None or settings.console_database_url is not None:
        companions.append(Companion("console", ("console",), "console_ended", lambda: not is_listening(consoles)))
        companions.append(Companion("jobs", ("jobs",), "jobs_ended"))
    return companions


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
