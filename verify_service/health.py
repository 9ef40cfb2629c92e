"""`/healthz`: the process answers. `/readyz`: so do database, migrations and keys."""

from typing import Literal

import msgspec
from litestar import get
from litestar.di import NamedDependency

from verify_service.keys.queries import find_issuer
from verify_service.migrate import load_migrations, require_migrated
from verify_service.rate_limits.routes import UNLIMITED
from verify_service.web_context import WebContext


class Health(msgspec.Struct, frozen=True):
    """The one word a probe needs."""

    status: Literal["ok"] = "ok"


@get("/healthz", operation_id="IsAlive", opt=UNLIMITED)
async def is_alive() -> Health:
    """Say that the process is up, whatever the database does."""
    return Health()


@get("/readyz", operation_id="IsReady", opt=UNLIMITED)
async def is_ready(context: NamedDependency[WebContext]) -> Health:
    """Say that lookups can be answered; 503 `unavailable` where database, migrations or keys are not there."""
    async with context.connection() as connection:
        await require_migrated(connection, load_migrations())
        await find_issuer(connection)
    return Health()
