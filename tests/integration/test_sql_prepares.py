"""Every SQL constant is valid on the migrated schema, and its role may run it: a renamed column fails here first."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import asyncpg
import msgspec
import pytest

import verify_service
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls

STATEMENT = re.compile(r"\s*(select|insert|update|delete|with|create)\s", re.IGNORECASE)
# What the public process asks; everything else runs under the operator's role.
WEBHOOK_ROLES = {"watching": "web", "sending": "webhooks", "subscriptions": "operator"}
WEB_DOMAINS = (
    "verify_service.lookups",
    "verify_service.matches",
    "verify_service.verification",
    "verify_service.api_clients.queries.claiming",
    "verify_service.budgets.queries.settling",
    "verify_service.proofs_of_work",
)
CONSOLE_DOMAINS = (
    "verify_service.deliveries",
    "verify_service.jobs",
    "verify_service.proposals",
    "verify_service.redemption_codes.queries.standing",
    "verify_service.registrar",
)
ROLE_OF_MODULE = {"verify_service.migrate": "migration", "verify_service.deliveries.queries.portal": "portal"}
SIGNER_DOMAINS = ("verify_service.signer", "verify_service.status_lists")


class Constant(msgspec.Struct, frozen=True):
    """One SQL constant of one module."""

    module: str
    name: str
    sql: str

    @property
    def role(self) -> str:
        if self.module in ROLE_OF_MODULE:
            return ROLE_OF_MODULE[self.module]
        if self.module.startswith("verify_service.webhooks"):
            return WEBHOOK_ROLES[self.module.rpartition(".")[2]]
        if self.module.startswith("verify_service.portal"):
            return "portal"
        if self.module.startswith(SIGNER_DOMAINS):
            return "signer"
        if self.name == "INSERT_JOINT_APPROVAL" or self.module.startswith(CONSOLE_DOMAINS):
            return "console"
        return "web" if self.module.startswith(WEB_DOMAINS) else "operator"


def sql_constants(module: ModuleType) -> Iterator[Constant]:
    texts = {name: value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}
    for name, sql in texts.items():
        # A part of a larger statement refers to that statement's tables, and is prepared with it.
        is_part = any(sql in other for other in texts.values() if other != sql)
        if STATEMENT.match(sql) and not is_part:
            yield Constant(module.__name__, name, sql)


def every_constant() -> list[Constant]:
    names = [module.name for module in pkgutil.walk_packages(verify_service.__path__, "verify_service.")]
    sql_modules = [name for name in names if name.endswith(".migrate") or ".queries" in name]
    return [constant for name in sql_modules for constant in sql_constants(importlib.import_module(name))]


CONSTANTS = every_constant()


def test_every_domain_with_queries_has_constants() -> None:
    assert len(CONSTANTS) > 30
    assert {"verify_service.migrate", "verify_service.keys.queries"} <= {constant.module for constant in CONSTANTS}


@pytest.mark.parametrize("role", ["operator", "console", "portal", "signer", "web", "webhooks", "migration"])
async def test_every_sql_constant_prepares_under_the_role_that_uses_it(database: DatabaseUrls, role: str) -> None:
    failures = []
    async with connected(getattr(database, role), "DATABASE_URL") as connection:
        for constant in CONSTANTS:
            if constant.role == role:
                failures += await problems(connection, constant)

    assert failures == []


async def problems(connection: Connection, constant: Constant) -> list[str]:
    try:
        await connection.prepare(constant.sql)
        if not constant.sql.strip().startswith("create"):
            # PREPARE looks at no privilege; a plan, with its parameters left open, is refused without them.
            await connection.execute(f"explain (generic_plan) {constant.sql}")
    except asyncpg.PostgresError as error:
        return [f"{constant.module}.{constant.name}: {error}"]
    return []
