"""Settling a question against its budgets.

A lookup does it in its own statement (`lookups.queries`), in one round trip. Whatever else lets a visitor test a fact
about a person (a field on the page behind a QR code, a line of a batch) calls `settle`.
"""

import datetime
from collections.abc import Iterable, Sequence

import structlog

from verify_service.budgets.model import Debit
from verify_service.budgets.queries import settling as queries
from verify_service.database import Connection
from verify_service.errors import BudgetSpentError

log = structlog.get_logger()


async def settle(connection: Connection, asked: Sequence[Debit], now: datetime.datetime, *, is_right: bool) -> None:
    """Return if a question may be answered; a wrong one was then counted in every bucket.

    Raises `BudgetSpentError` where a budget is spent, for a right answer and a wrong one alike, and counts nothing:
    nobody may learn from the refusal which it was. More tries for whoever has earned them (`proofs_of_work`) are larger
    allowances in `rules.debits`.
    """
    require_unspent(await queries.settle(connection, asked, now, is_right=is_right))


def require_unspent(alarms: Iterable[str] | None) -> None:
    """Log the alarms of a question that may be answered; None is a spent budget, and refused."""
    if alarms is None:
        raise BudgetSpentError("BUDGET_SPENT", "too many failed questions about these facts")
    for alarm in alarms:
        log.error("lookup_alarm", alarm=alarm)
