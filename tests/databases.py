"""Databases of single tests on the server that all share."""

import asyncio
import os
import subprocess
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg

from verify_service.embedded.cluster import database_statements
from verify_service.embedded.server import EmbeddedServer

T = TypeVar("T")


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end in a thread of its own: in a browser's test a loop is already running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@contextmanager
def lent_database(server: EmbeddedServer, template: str) -> Iterator[str]:
    """Lend a database of one test alone, cloned from a template, by its name."""
    name = f"test_{uuid4().hex}"
    run_apart(administrate(server, *database_statements(name, template)))
    try:
        yield name
    finally:
        run_apart(administrate(server, f"drop database {name} with (force)"))


def dump(server: EmbeddedServer, database: str) -> bytes:
    """Return a dump in plain text, as a backup or a thief would make it."""
    done = subprocess.run(  # noqa: S603  # the server's own program
        [str(server.location.programs / "pg_dump"), "--dbname", server.url("postgres", database)],
        env={"PATH": os.defpath},
        capture_output=True,
        check=True,
    )
    return done.stdout


async def administrate(server: EmbeddedServer, *statements: str) -> None:
    """Run statements on the server itself, each in a transaction of its own."""
    connection = await asyncpg.connect(server.url("postgres", "postgres"))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
