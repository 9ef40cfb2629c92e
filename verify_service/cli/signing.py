"""`signer`."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import click

from verify_service.cli.endings import end_on_sigterm, hear_the_end
from verify_service.database import lent_databases
from verify_service.key_directory import KeyDirectory
from verify_service.logs import configure_logging
from verify_service.private_keys import PrivateKeys
from verify_service.settings import Settings, load_settings
from verify_service.signer.service.answering import Bench
from verify_service.signer.service.locating import endpoint
from verify_service.signer.service.running import SignerProcess
from verify_service.unix_sockets import listening_socket


@click.command()
@click.option("--until-stdin-ends", is_flag=True, hidden=True, help="End with the process that started this one.")
def signer(until_stdin_ends: bool) -> None:
    """Sign what is recorded and approved, and publish status lists; `serve` starts one where none listens."""
    settings = load_settings(os.environ)
    settings.require_public_url()
    configure_logging()
    end_on_sigterm()  # until the loop hears it: an embedded database that was started must be stopped
    with listening_socket(endpoint(settings)) as listener, _database(settings) as url:
        directory = KeyDirectory(settings)
        process = SignerProcess(Bench(settings, directory, PrivateKeys(directory, settings.token)), url)
        asyncio.run(_run(process, listener, until_stdin_ends=until_stdin_ends))


async def _run(process: SignerProcess, listener: socket.socket, *, until_stdin_ends: bool) -> None:
    await process.run(listener, hear_the_end(until_stdin_ends=until_stdin_ends).wait())


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    # A signer's machine may know no other role's URL.
    if settings.signer_database_url is not None:
        yield settings.signer_database_url
        return
    with lent_databases(settings) as urls:
        yield urls.signer
