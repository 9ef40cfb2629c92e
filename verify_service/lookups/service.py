"""Answering a lookup. A hit leaves no trace; a miss is counted in budgets whose names are HMACs of what was typed."""

import datetime
from collections.abc import Sequence

import msgspec

from verify_service.allowances import Allowances
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
from verify_service.sealing.model import SecretKey


class Desk(msgspec.Struct, frozen=True):
    """What a lookup is answered with: the secrets, and how many failures are allowed now."""

    index_secret: SecretKey
    budget_secret: SecretKey
    allowances: Allowances


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
