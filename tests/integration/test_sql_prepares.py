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
ROLE_OF: dict[str, str] = {
    "verify_service.migrate": "migration",
    **dict.fromkeys(
        (
            "verify_service.lookups",
            "verify_service.matches",
            "verify_service.verification",
            "verify_service.api_clients.queries.claiming",
            "verify_service.budgets.queries.settling",
            "verify_service.proofs_of_work",
            "verify_service.webhooks.queries.watching",
            "verify_service.lookup_counts.queries.adding",
        ),
        "web",
    ),
    "verify_service.webhooks.queries.sending": "webhooks",
    "verify_service.signer": "signer",
    "verify_service.status_lists": "signer",
    "verify_service.trail.queries.sealing": "signer",
    **dict.fromkeys(
        (
            "verify_service.accounts",
            "verify_service.dashboard",
            "verify_service.deliveries",
            "verify_service.drafts",
            "verify_service.jobs",
            "verify_service.lookup_counts.queries.reading",
            "verify_service.people",
            "verify_service.proposals",
            "verify_service.redemption_codes.queries.standing",
            "verify_service.registrar",
            "verify_service.searches",
            "verify_service.trail.queries.viewing",
        ),
        "console",
    ),
    "verify_service.drafts.queries.rewrapping": "operator",
    "verify_service.portal": "portal",
    "verify_service.deliveries.queries.portal": "portal",
}
"""Under which role the statements of a module run, by the longest name that fits; all others under the operator's."""


class Constant(msgspec.Struct, frozen=True):
    """One SQL constant of one module."""

    module: str
    name: str
    sql: str

    @property
    def role(self) -> str:
        if self.name == "INSERT_JOINT_APPROVAL":
            return "console"
        fitting = [name for name in ROLE_OF if f"{self.module}.".startswith(f"{name}.")]
        return ROLE_OF[max(fitting, key=len)] if fitting else "operator"


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
