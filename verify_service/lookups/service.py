"""Answering a lookup. Everything here reads: a hit and a miss leave no trace of who was asked about."""

import datetime
from collections.abc import Sequence

import msgspec

from verify_service.clock import date_in_shanghai
from verify_service.credentials.model import public_reason, status_of
from verify_service.credentials.rules.lookup_keys import lookup_hmacs
from verify_service.database import Connection
from verify_service.lookups import queries
from verify_service.lookups.model import CertificateAnswer, LookupAnswer, RefusedLookup
from verify_service.lookups.queries import FoundRow
from verify_service.lookups.rules import Question
from verify_service.sealing.model import SecretKey


async def look_up(
    connection: Connection, index_secret: SecretKey, question: Question, now: datetime.datetime
) -> LookupAnswer:
    """Return the certificates of the one person all typed facts belong to; of none or several people: none."""
    found = await queries.find_by_hmacs(connection, _hmacs(index_secret, question))
    return _answer_to(question, found, now)


async def look_up_many(
    connection: Connection, index_secret: SecretKey, questions: Sequence[Question], now: datetime.datetime
) -> list[LookupAnswer | RefusedLookup]:
    """Return for each question, in order, what `look_up` would, with one round trip for all of them."""
    found = await queries.find_many_by_hmacs(connection, [_hmacs(index_secret, question) for question in questions])
    return [_answer_to(question, rows, now) for question, rows in zip(questions, found, strict=True)]


def _hmacs(index_secret: SecretKey, question: Question) -> list[bytes]:
    return list(lookup_hmacs(index_secret, question.facts).values())


def _answer_to(question: Question, found: Sequence[FoundRow], now: datetime.datetime) -> LookupAnswer:
    if len({row.subject_id for row in found}) > 1:
        # Two namesakes with one phone: which of them was meant is not ours to guess, nor that there are two to tell.
        found = ()
    name = msgspec.UNSET if question.facts.name is None else question.facts.name
    return LookupAnswer(
        outcome="found" if found else "not_found",
        checked_at=now,
        certificates=tuple(_answer(row, name) for row in found),
    )


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
