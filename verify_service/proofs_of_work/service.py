"""Offering a proof of work, and taking one."""

import datetime
from collections.abc import Sequence

from verify_service.budgets.model import Debit
from verify_service.budgets.queries.settling import is_spent
from verify_service.challenges import ChallengedError
from verify_service.database import Connection
from verify_service.errors import BudgetSpentError
from verify_service.proofs_of_work.queries import spend_proof
from verify_service.proofs_of_work.rules import judge_solution, make_challenge
from verify_service.sealing.model import SecretKey


async def has_earned(connection: Connection, secret: SecretKey, asked: Sequence[Debit], solution: str | None) -> bool:
    """Tell whether a solution earns this question an answer; it is then spent, whatever the answer will be.

    One that is expired, altered, spent or another question's earns nothing, and the question is asked as without it.
    """
    proof = judge_solution(secret, asked, solution) if solution else None
    return proof is not None and await spend_proof(connection, proof)


async def refusal(
    connection: Connection,
    secret: SecretKey,
    earned: Sequence[Debit],
    effort: int,
    refused: BudgetSpentError,
    now: datetime.datetime,
) -> BudgetSpentError:
    """Return what to refuse a question with: a challenge, if a proof of work would earn an answer now.

    `earned` is what the question would then be counted in. Like the refusal, this knows nothing of what is right.
    """
    if not effort or await is_spent(connection, earned, now):
        return refused
    return ChallengedError(refused, make_challenge(secret, earned, effort, now))
