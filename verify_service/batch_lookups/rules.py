"""Reading a batch row by row, and the line each row is answered with."""

import datetime
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from verify_service.batch_lookups.model import MAX_ROWS, AskedRow, BatchRequest, BatchRow
from verify_service.lookups.model import LookupAnswer, LookupRequest, RefusedLookup
from verify_service.lookups.rules import MalformedLookup, Question, read_question
from verify_service.problems import RefusedField
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language

CHUNK_ROWS: Final = 50
"""Answered by one connection, then given back: a batch is ten, and its first lines leave before its last is asked."""
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read_batch(body: bytes, today: datetime.date) -> tuple[AskedRow, ...]:
    """Return the rows of a body; raise ValueError where it is no batch, or has none or too many of them."""
    try:
        lookups = msgspec.json.decode(body, type=BatchRequest).lookups
    except UNREADABLE:
        raise ValueError("no batch") from None
    if not 1 <= len(lookups) <= MAX_ROWS:
        raise ValueError("a batch has 1 to 500 rows")
    return tuple(AskedRow(place, _read(raw, today)) for place, raw in enumerate(lookups, start=1))


def questions(rows: Sequence[AskedRow]) -> list[Question]:
    """Return what the register can be asked: only that is counted."""
    return [row.question for row in rows if isinstance(row.question, Question)]


def chunks(rows: Sequence[AskedRow]) -> Iterator[Sequence[AskedRow]]:
    """Yield the rows in order, so many as one connection answers in its turn."""
    for start in range(0, len(rows), CHUNK_ROWS):
        yield rows[start : start + CHUNK_ROWS]


def answered_line(row: int, answer: LookupAnswer | RefusedLookup) -> BatchRow:
    """Return the line of a row that the register, or a budget before it, has answered."""
    if isinstance(answer, RefusedLookup):
        return BatchRow(row, "refused", code=answer.code)
    return BatchRow(row, answer.outcome, checked_at=answer.checked_at, certificates=answer.certificates)


def malformed_line(row: int, malformed: MalformedLookup | None, language: Language) -> BatchRow:
    """Return the line of a row that is no question."""
    if malformed is None:
        return BatchRow(row, "malformed", code="malformed-body")
    if not malformed.problems:
        return BatchRow(row, "malformed", code="two-fields-required")
    errors = tuple(
        RefusedField(problem.field, problem.code, explain(problem.code, about=problem.field, language=language))
        for problem in malformed.problems
    )
    return BatchRow(row, "malformed", code="malformed-field", errors=errors)


def unavailable_line(row: int) -> BatchRow:
    """Return the line of a row that could not be asked now, which is never a "no"."""
    return BatchRow(row, "unavailable", code="unavailable")


def _read(raw: msgspec.Raw, today: datetime.date) -> Question | MalformedLookup | None:
    try:
        return read_question(msgspec.json.decode(raw, type=LookupRequest), today)
    except UNREADABLE:
        return None
    except MalformedLookup as malformed:
        return malformed
