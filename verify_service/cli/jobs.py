"""`jobs`."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from verify_service.cli.endings import end_on_sigterm, hear_the_end
from verify_service.database import lent_databases
from verify_service.jobs.service.running import work_until
from verify_service.jobs.service.workshop import open_workshop
from verify_service.logs import configure_logging
from verify_service.settings import Settings, load_settings


@click.command()
@click.option("--until-stdin-ends", is_flag=True, hidden=True, help="End with the process that started this one.")
def jobs(until_stdin_ends: bool) -> None:
    """Work on what the consoles set going: issuing, drawing and revoking whole classes; `serve` starts one."""
    settings = load_settings(os.environ)
    settings.require_public_url()
    configure_logging()
    end_on_sigterm()  # until the loop hears it: an embedded database that was started must be stopped
    with _databases(settings) as (console_url, signer_url):
        asyncio.run(_work(settings, console_url, signer_url, until_stdin_ends=until_stdin_ends))


async def _work(settings: Settings, console_url: str, signer_url: str, *, until_stdin_ends: bool) -> None:
    ended = hear_the_end(until_stdin_ends=until_stdin_ends)
    await work_until(ended.wait(), open_workshop(settings, signer_url), console_url)


@contextmanager
def _databases(settings: Settings) -> Iterator[tuple[str, str]]:
    # A worker's machine may know no other role's URL; whoever signs is asked over the signer's socket.
    if settings.console_database_url is not None:
        yield settings.console_database_url, settings.signer_database_url or ""
        return
    with lent_databases(settings) as urls:
        yield urls.console, urls.signer
