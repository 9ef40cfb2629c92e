"""SQL that settles a question against its budgets, under the role of the public process."""

import datetime
from collections.abc import Sequence
from typing import Any, Final

from verify_service.budgets.model import Debit
from verify_service.database import Connection

# Parts of a statement whose first four parameters are those of `parameters`. The first waits until no other question
# about the same facts is under way, and is asked before anything else; only the second one writes.
IS_SPENT: Final = "is_any_budget_spent($1::bytea[], $2::integer[], $3::interval[], $4)"
COUNT_FAILURE: Final = "count_failed_lookup($1::bytea[], $2::integer[], $3::interval[], $4)"

SETTLE: Final = f"""
with held as materialized (select {IS_SPENT} as is_spent)
select held.is_spent, case when not held.is_spent and not $5 then {COUNT_FAILURE} end as alarms from held
"""  # noqa: S608  # constants
IS_ANY_SPENT: Final = f"select {IS_SPENT}"
IS_BREAKER_OPEN: Final = "select open_until > now() from lookup_breaker"


def parameters(debits: Sequence[Debit], now: datetime.datetime) -> tuple[Any, ...]:
    """Return $1 to $4 of a statement on budgets: bucket, tries and window of each allowance, and the instant."""
    each = [(debit.bucket, allowance) for debit in debits for allowance in debit.allowances]
    return (
        [bucket for bucket, _ in each],
        [allowance.tries for _, allowance in each],
        [allowance.window for _, allowance in each],
        now,
    )


async def settle(
    connection: Connection, debits: Sequence[Debit], now: datetime.datetime, *, is_right: bool
) -> list[str] | None:
    """Return the alarms that a question raised, which was counted if it failed; None if a budget is spent."""
    row = await connection.fetchrow(SETTLE, *parameters(debits, now), is_right)
    assert row is not None  # noqa: S101  # one row of one row
    if row["is_spent"] or (row["alarms"] is None and not is_right):
        return None
    return row["alarms"] or []


async def is_spent(connection: Connection, debits: Sequence[Debit], now: datetime.datetime) -> bool:
    """Tell whether any of these budgets is spent; nothing is counted."""
    return bool(await connection.fetchval(IS_ANY_SPENT, *parameters(debits, now)))


async def is_breaker_open(connection: Connection) -> bool:
    """Tell whether the breaker is open now."""
    return bool(await connection.fetchval(IS_BREAKER_OPEN))
