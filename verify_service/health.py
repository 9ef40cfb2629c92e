"""`/healthz`: the process answers. `/readyz`: so do database, migrations and keys."""

from typing import Literal

import msgspec
from litestar import get
from litestar.di import NamedDependency

from verify_service.api_description import problems
from verify_service.errors import UnavailableError
from verify_service.keys import service as keys
from verify_service.migrate import MigrationError, load_migrations, require_migrated
from verify_service.problems import UNAVAILABLE
from verify_service.rate_limits.routes import UNLIMITED
from verify_service.web_context import WebContext


class Health(msgspec.Struct, frozen=True):
    """The one word a probe needs."""

    status: Literal["ok"] = "ok"


@get("/healthz", operation_id="IsAlive", opt=UNLIMITED, responses=problems())
async def is_alive() -> Health:
    """Say that the process is up, whatever the database does."""
    return Health()


@get("/readyz", operation_id="IsReady", opt=UNLIMITED, responses=problems(UNAVAILABLE))
async def is_ready(context: NamedDependency[WebContext]) -> Health:
    """Say that lookups can be answered; 503 `unavailable` where database, migrations or keys are not there."""
    try:
        async with context.connection() as connection:
            await require_migrated(connection, load_migrations())
            await keys.require_issuer(connection, context.settings)
    except MigrationError as error:
        raise UnavailableError("NOT_MIGRATED", "the register is not as the migrations leave it") from error
    return Health()
