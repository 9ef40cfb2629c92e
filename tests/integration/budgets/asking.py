"""Questions past HTTP, at an instant of the test's choice."""

import asyncio
import datetime
from collections.abc import Sequence
from typing import Final

from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.errors import BudgetSpentError
from verify_service.lending import Lender
from verify_service.lookups.rules import Question
from verify_service.lookups.service import Desk, look_up

NOON: Final = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
MINUTE: Final = datetime.timedelta(minutes=1)
DAY: Final = datetime.timedelta(days=1)


async def outcome(lender: Lender, desk: Desk, facts: Facts, at: datetime.datetime = NOON) -> str:
    """Return `found`, `not_found` or `spent`."""
    async with lender.lend() as connection:
        try:
            answer = await look_up(connection, desk, Question(facts), at)
        except BudgetSpentError:
            return "spent"
    return answer.outcome


async def outcomes_at_once(
    lender: Lender, desk: Desk, asked: Sequence[Facts], at: datetime.datetime = NOON
) -> list[str]:
    """Return the outcomes of questions that are all under way together."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(lender, desk, facts, at)) for facts in asked]
    return [task.result() for task in tasks]
