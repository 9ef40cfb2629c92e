"""An issuer and an approver on a register with one class that passed."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from tests.colleagues import Colleagues, add_colleague
from tests.factories import enrol_passed, trainees
from verify_service.accounts.model import Role
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.jobs.service.workshop import open_workshop
from verify_service.name_faces import load_name_faces
from verify_service.proposals.service.class_previews import Reader
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings

CLASS = 5


@pytest.fixture
async def console_connection(database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.console, "CONSOLE_DATABASE_URL") as connection:
        yield connection


@pytest.fixture
async def colleagues(
    console_connection: Connection, operator: Connection, database: DatabaseUrls, settings: Settings, secrets: Secrets
) -> Colleagues:
    return Colleagues(
        Reader(console_connection, secrets, load_name_faces(settings).missing),
        open_workshop(settings, database.signer),
        settings,
        await add_colleague(operator, "issuer-1", Role.ISSUER, Role.REGISTRAR),
        await add_colleague(operator, "approver-1", Role.APPROVER),
    )


@pytest.fixture
async def cohort_id(operator: Connection, secrets: Secrets) -> UUID:
    return await enrol_passed(operator, secrets, "C1", trainees(CLASS))
