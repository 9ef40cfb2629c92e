"""What a lookup is answered with, for tests that ask past HTTP."""

from typing import Final

from verify_service.allowances import Allowances, read_allowances
from verify_service.clock import now
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.database import Connection
from verify_service.lookups.model import LookupAnswer
from verify_service.lookups.rules import Question
from verify_service.lookups.service import Desk, look_up
from verify_service.sealing.model import SecretKey, SecretPurpose
from verify_service.settings import BudgetLimits

BUDGET_SECRET: Final = SecretKey(SecretPurpose.BUDGET, 1, bytes(range(32)))
ALLOWANCES: Final = read_allowances(BudgetLimits())


def lookup_desk(index_secret: SecretKey, allowances: Allowances = ALLOWANCES) -> Desk:
    """Return the desk of one index secret, with the default budgets and a budget secret of tests."""
    return Desk(index_secret, BUDGET_SECRET, allowances)


async def ask(connection: Connection, index_secret: SecretKey, facts: Facts) -> LookupAnswer:
    """Return what the public process would answer; like its pool, the connection may count a failure from then on."""
    await connection.execute("set default_transaction_read_only = off")
    return await look_up(connection, lookup_desk(index_secret), Question(facts), now())
