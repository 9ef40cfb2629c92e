"""Two clinics on one register: staff's, and that of one of its two partners, bound to its rows."""

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, BinaryIO, Final
from uuid import UUID

import msgspec
import pytest

from tests.factories import OPERATOR, Trainee, photo_archive, roster_csv
from verify_service.audit.model import Actor
from verify_service.clock import today_in_shanghai
from verify_service.database import Connection, connected
from verify_service.drafts.model import Content
from verify_service.drafts.service.clinic import Clinic
from verify_service.drafts.service.receiving import Upload, receive
from verify_service.embedded.server import DatabaseUrls
from verify_service.key_directory import KeyDirectory
from verify_service.name_faces import load_name_faces
from verify_service.partners.service import add_partner
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings

MINE: Final = "本方学院"
OTHERS: Final = "他方学院"
BIND: Final = "select set_config('verify_service.partner_id', $1, true)"


class Partners(msgspec.Struct, frozen=True):
    """Ids of two registered partners."""

    mine: UUID
    others: UUID


@pytest.fixture
def secrets(settings: Settings) -> Secrets:
    return KeyDirectory(settings).require_secrets()


@pytest.fixture
async def console(database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.console, "CONSOLE_DATABASE_URL") as connection:
        yield connection


@pytest.fixture
async def partners(console: Connection, actor: Actor) -> Partners:
    return Partners(await add_partner(console, actor, MINE), await add_partner(console, actor, OTHERS))


@pytest.fixture
def staff(settings: Settings, console: Connection, secrets: Secrets, partners: Partners) -> Clinic:
    """Staff's clinic; a test opens a transaction where it needs one."""
    return _clinic(settings, console, secrets, Actor("registrar-1"), None)


@pytest.fixture
def portal(settings: Settings, database: DatabaseUrls, secrets: Secrets, partners: Partners) -> Callable[..., Any]:
    """Open the clinic of a partner, `mine` unless another is named, in a transaction bound to it."""

    @asynccontextmanager
    async def opened(partner_id: UUID = partners.mine) -> AsyncIterator[Clinic]:
        async with connected(database.portal, "PORTAL_DATABASE_URL") as connection, connection.transaction():
            await connection.execute(BIND, str(partner_id))
            yield _clinic(settings, connection, secrets, Actor("partner-1"), partner_id)

    return opened


async def upload(
    clinic: Clinic, people: list[Trainee], *, photos: list[Trainee] | None = None, cohort: str = "C1"
) -> UUID:
    """Upload a roster, with photos of some people or without an archive, and return the draft's id."""
    with lent_file(roster_csv(people)) as file, lent_file(photo_archive(photos or [])) as archive:
        asked = Upload(
            cohort_code=cohort,
            kind=OPERATOR,
            file=file,
            file_name="roster.csv",
            photos=None if photos is None else archive,
        )
        return await receive(clinic, asked)


@contextmanager
def lent_file(data: bytes) -> Iterator[BinaryIO]:
    """Lend a file on disk: a confined process is lent its descriptor."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        yield file


def codes(examined: Any, findings: str = "errors") -> dict[int, list[str]]:  # noqa: ANN401  # of either content
    """Return the codes of findings by the row's number in the uploaded table."""
    found = {examined.number(row.row): [issue.code for issue in getattr(row, findings)] for row in examined.report.rows}
    return {number: of_row for number, of_row in found.items() if of_row}


def _clinic(
    settings: Settings, connection: Connection, secrets: Secrets, actor: Actor, partner_id: UUID | None
) -> Clinic:
    return Clinic(
        connection=connection,
        secrets=secrets,
        actor=actor,
        partner_id=partner_id,
        content=Content.ROSTER,
        today=today_in_shanghai(),
        missing_characters=load_name_faces(settings).missing,
    )
