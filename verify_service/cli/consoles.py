"""`console`."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import click
import uvicorn
from litestar.types import ASGIApp

from verify_service.cli.endings import end_on_sigterm, hear_the_end
from verify_service.cli.serving import SHUTDOWN_SECONDS
from verify_service.console_app import create_console_app
from verify_service.consoles.locating import endpoint
from verify_service.database import connected, lent_databases
from verify_service.logs import configure_logging
from verify_service.migrate import load_migrations, require_migrated
from verify_service.settings import Settings, load_settings
from verify_service.unix_sockets import listening_socket


@click.command()
@click.option("--until-stdin-ends", is_flag=True, hidden=True, help="End with the process that started this one.")
def console(until_stdin_ends: bool) -> None:
    """Answer /staff and /partner on a Unix socket; `serve` starts one, and hands such requests on to it."""
    settings = load_settings(os.environ)
    settings.require_public_url()
    configure_logging()
    end_on_sigterm()  # until the loop hears it: an embedded database that was started must be stopped
    with listening_socket(endpoint(settings)) as listener, _databases(settings) as (console_url, portal_url):
        app = create_console_app(settings, console_url, portal_url)
        asyncio.run(_run(app, listener, console_url, until_stdin_ends=until_stdin_ends))


async def _run(app: ASGIApp, listener: socket.socket, console_url: str, *, until_stdin_ends: bool) -> None:
    told = hear_the_end(until_stdin_ends=until_stdin_ends)
    async with connected(console_url, "CONSOLE_DATABASE_URL") as connection:
        await require_migrated(connection, load_migrations())
    server = _Server(
        uvicorn.Config(
            app,
            http="httptools",
            access_log=False,
            log_config=None,
            server_header=False,
            ws="none",
            proxy_headers=False,  # who asks is read where it is used
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    ending = asyncio.create_task(told.wait())
    await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
    ending.cancel()
    server.should_exit = True
    await serving


class _Server(uvicorn.Server):
    """A server that leaves signals to the loop, as the signer's process does."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@contextmanager
def _databases(settings: Settings) -> Iterator[tuple[str, str]]:
    # The consoles' machine may know no other role's URL.
    if settings.console_database_url is not None and settings.portal_database_url is not None:
        yield settings.console_database_url, settings.portal_database_url
        return
    with lent_databases(settings) as urls:
        yield urls.console, urls.portal
