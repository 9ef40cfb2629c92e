"""What every command stands on: settings, a database connection under the operator's role, keys, and who acts."""

import asyncio
import getpass
import os
import stat
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

import asyncpg
import click
import msgspec

from verify_service.audit.model import Actor
from verify_service.credentials.service.desk import Desk, open_desk
from verify_service.database import Connection, connected, lent_databases
from verify_service.embedded.server import DatabaseUrls
from verify_service.errors import ConflictError, UnavailableError, UsageError
from verify_service.institution import load_institution
from verify_service.key_directory import KeyDirectory
from verify_service.keys.model import SECRETS_CHANGED, SecretState
from verify_service.keys.service import require_genuine_secrets, require_secrets
from verify_service.migrate import load_migrations, require_migrated
from verify_service.name_faces import load_name_faces
from verify_service.private_keys import PrivateKeys
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings, load_settings
from verify_service.signer.service.answering import Bench
from verify_service.signer.service.asking import NearestSigner

Result = TypeVar("Result")

MAX_FILE_BYTES: Final = 300 * 1024 * 1024
"""Photos of a class of a thousand, several times over."""
SPOOL_BYTES: Final = 1 << 20


class OperatorSession(msgspec.Struct, frozen=True):
    """One command's work under the operator's role."""

    settings: Settings
    connection: Connection
    directory: KeyDirectory
    actor: Actor
    signer_url: str = ""
    """The database of the signer's role, where no signer listens; empty: as the settings say."""
    secret_states: Mapping[str, SecretState] = msgspec.field(default_factory=dict)
    """What the register says of each secret, when the command began."""

    def secrets(self) -> Secrets:
        """Return the secrets that sealing and finding people need; refuse where one is missing."""
        return require_secrets(self.directory.require_secrets(), self.secret_states)

    def private_keys(self) -> PrivateKeys:
        """Return where the private halves of signing keys are made and opened."""
        return PrivateKeys(self.directory, self.settings.token)

    def signing(self) -> NearestSigner:
        """Return the signer that listens, or this process in its place."""
        bench = Bench(self.settings, self.directory, self.private_keys())
        return NearestSigner(bench, self.signer_url or self.settings.signer_database_url or "")

    async def desk(self) -> Desk:
        """Return what issuing and correcting need; refuse where issuer or keys are missing."""
        return await open_desk(
            self.connection,
            self.settings,
            secrets=self.secrets(),
            signing=self.signing(),
            actor=self.actor,
            institution=load_institution(self.settings),
            missing_characters=load_name_faces(self.settings).missing,
        )


@asynccontextmanager
async def operator_session(settings: Settings, urls: DatabaseUrls) -> AsyncIterator[OperatorSession]:
    """Lend a session on a migrated database; refuse secrets that are not this register's."""
    directory = KeyDirectory(settings)
    async with connected(urls.operator, "OPERATOR_DATABASE_URL") as connection:
        await require_migrated(connection, load_migrations())
        states = await require_genuine_secrets(connection, directory.every_secret())
        yield OperatorSession(settings, connection, directory, Actor(operator_name()), urls.signer, states)


def run_as_operator(job: Callable[[OperatorSession], Awaitable[Result]]) -> Result:
    """Run one command's work in a session of its own, beside a running `serve` or not."""
    settings = load_settings(os.environ)

    async def run(urls: DatabaseUrls) -> Result:
        async with operator_session(settings, urls) as session:
            return await job(session)

    with lent_databases(settings) as urls:
        try:
            return asyncio.run(run(urls))
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if getattr(error, "sqlstate", None) == SECRETS_CHANGED:
                message = "the secrets changed meanwhile, and what was under way is undone: run it again"
                raise ConflictError("SECRETS_CHANGED", message) from None
            # Its own text may quote row values.
            raise UnavailableError("DATABASE_ERROR", f"the database refused: {type(error).__name__}") from error


def operator_name() -> str:
    """Return the system user, who signs for what the command line does."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def read_file(path: str) -> bytes:
    """Return the bytes of a file or pipe, or refuse naming it; also a device, or more than `MAX_FILE_BYTES`."""
    try:
        with Path(path).open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            # Read with a bound: a pipe does not tell how much is to come.
            data = stream.read(MAX_FILE_BYTES + 1) if stat.S_ISREG(mode) or stat.S_ISFIFO(mode) else None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a path"
        raise UsageError("UNREADABLE_FILE", f"{path} cannot be read: {reason}") from None
    if data is None or len(data) > MAX_FILE_BYTES:
        reason = "not a file" if data is None else f"larger than {MAX_FILE_BYTES} bytes"
        raise UsageError("UNREADABLE_FILE", f"{path} cannot be read: {reason}")
    return data


@contextmanager
def open_file(path: str) -> Iterator[BinaryIO]:
    """Lend a file that can be read again and again, or refuse naming it; `-` is standard input.

    What comes through a pipe is first copied to a temporary file without a name.
    """
    with ExitStack() as opened:
        try:
            stream = sys.stdin.buffer if path == "-" else opened.enter_context(Path(path).open("rb"))
            mode = os.fstat(stream.fileno()).st_mode
            if not (path == "-" or stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
                raise UsageError("UNREADABLE_FILE", f"{path} cannot be read: not a file")
            # Standard input has a number of its own in the process that is to read it: a copy has another.
            lendable = stat.S_ISREG(mode) and path != "-"
            file = stream if lendable else opened.enter_context(_spooled(stream))
            if os.fstat(file.fileno()).st_size > MAX_FILE_BYTES:
                raise UsageError("UNREADABLE_FILE", f"{path} cannot be read: larger than {MAX_FILE_BYTES} bytes")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not a path"
            raise UsageError("UNREADABLE_FILE", f"{path} cannot be read: {reason}") from None
        yield file


@contextmanager
def _spooled(stream: BinaryIO) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as copy:
        # With a bound: neither a pipe nor a device tells how much is to come.
        for _ in range(0, MAX_FILE_BYTES + 1, SPOOL_BYTES):
            copy.write(chunk := stream.read(SPOOL_BYTES))
            if not chunk:
                break
        copy.flush()
        yield copy


def read_private_argument(option: str, argument: str) -> str:
    """Return the text an option points at: `-` is standard input, `@FILE` a file.

    A personal datum typed as an argument would stand in the process list and the shell's history: refused.
    """
    if argument == "-":
        data = sys.stdin.buffer.read()
    elif argument.startswith("@"):
        data = read_file(argument[1:])
    else:
        raise click.UsageError(f"{option} takes - or @FILE: personal data does not belong on a command line")
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise UsageError("UNREADABLE_FILE", f"{option}: the text is not UTF-8") from None
