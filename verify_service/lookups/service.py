"""Answering a lookup. A hit leaves no trace; a miss is counted in budgets whose names are HMACs of what was typed."""

import datetime
from collections.abc import Sequence

import msgspec

from verify_service.allowances import Allowances, with_earned_tries
from verify_service.budgets.rules import debits
from verify_service.budgets.service.settling import require_unspent
from verify_service.clock import date_in_shanghai
from verify_service.credentials.model import public_reason, status_of
from verify_service.credentials.rules.lookup_keys import lookup_hmacs
from verify_service.database import Connection
from verify_service.errors import BudgetSpentError
from verify_service.lookups import queries
from verify_service.lookups.model import CertificateAnswer, LookupAnswer, RefusedLookup
from verify_service.lookups.queries import FoundRow
from verify_service.lookups.rules import Question
from verify_service.proofs_of_work import service as proofs_of_work
from verify_service.sealing.model import SecretKey


class Desk(msgspec.Struct, frozen=True):
    """What a lookup is answered with: the secrets, and how many failures are allowed now."""

    index_secret: SecretKey
    budget_secret: SecretKey
    allowances: Allowances
    effort: int = 0
    """Derivations that a proof of work takes; 0: none is offered."""


async def look_up(connection: Connection, desk: Desk, question: Question, now: datetime.datetime) -> LookupAnswer:
    """Return the certificates of the one person all typed facts belong to.

    Of none or several people: none. Of two namesakes with one phone, which one was meant is not ours to guess, nor that
    there are two to tell. Raises `BudgetSpentError` where too many questions about these facts have failed.
    """
    facts = question.facts
    hmacs = list(lookup_hmacs(desk.index_secret, facts).values())
    asked = debits(desk.budget_secret, facts, desk.allowances)
    verdict = await queries.look_up(connection, hmacs, asked, now)
    require_unspent(verdict.alarms)
    name = msgspec.UNSET if facts.name is None else facts.name
    return LookupAnswer(
        outcome="found" if verdict.found else "not_found",
        checked_at=now,
        certificates=tuple(_answer(row, name) for row in verdict.found),
    )


async def look_up_for_work(
    connection: Connection, desk: Desk, question: Question, now: datetime.datetime, solution: str | None
) -> LookupAnswer:
    """Return what `look_up` would, with the tries that a proof of work earns, if `solution` is one of this question.

    Raises `ChallengedError` where the next one would be answered, and `BudgetSpentError` where nothing helps.
    """
    secret, facts, answering = desk.budget_secret, question.facts, desk
    # Most questions bring no solution and are not refused: they need no buckets but `look_up`'s own.
    if solution is not None:
        asked = debits(secret, facts, desk.allowances)
        if await proofs_of_work.has_earned(connection, secret, asked, solution):
            answering = msgspec.structs.replace(desk, allowances=with_earned_tries(desk.allowances))
    try:
        return await look_up(connection, answering, question, now)
    except BudgetSpentError as refused:
        earned = debits(secret, facts, with_earned_tries(desk.allowances))
        raise await proofs_of_work.refusal(connection, secret, earned, desk.effort, refused, now) from None


async def look_up_many(
    connection: Connection, desk: Desk, questions: Sequence[Question], now: datetime.datetime
) -> list[LookupAnswer | RefusedLookup]:
    """Return for each question, in order, what `look_up` would; one about facts whose budget is spent is refused.

    One after the other, a statement each: of fifty guesses at one person in one statement, the right one would be
    answered before the wrong ones beside it were counted.
    """
    return [await _look_up_or_refuse(connection, desk, question, now) for question in questions]


async def _look_up_or_refuse(
    connection: Connection, desk: Desk, question: Question, now: datetime.datetime
) -> LookupAnswer | RefusedLookup:
    try:
        return await look_up(connection, desk, question, now)
    except BudgetSpentError:
        return RefusedLookup()


def _answer(row: FoundRow, name: str | msgspec.UnsetType) -> CertificateAnswer:
    return CertificateAnswer(
        kind=row.kind,
        title=row.title,
        number=row.certificate_number,
        issued_on=date_in_shanghai(row.issued_at),
        issuer=row.issuer_name,
        status=status_of(row.revoked_at, row.superseded_at),
        status_since=row.revoked_at or row.superseded_at,
        status_reason=public_reason(row.revocation_reason),
        superseded_by=row.superseded_by,
        name=name,
    )
