"""Answering a batch chunk by chunk: what cannot be answered says so in its own lines."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

import structlog

from verify_service.batch_lookups.model import AskedRow, BatchRow
from verify_service.batch_lookups.rules import answered_line, chunks, malformed_line, questions, unavailable_line
from verify_service.errors import UnavailableError
from verify_service.lookups.model import LookupAnswer, RefusedLookup
from verify_service.lookups.rules import MalformedLookup, Question
from verify_service.translations import Language

ANSWERING_SECONDS: Final = 50.0
"""Less than the minute for which `claim_batch` takes the answer to be under way, however slowly a client reads."""

Answers = list[LookupAnswer | RefusedLookup]
Ask = Callable[[Sequence[Question]], Awaitable[Answers]]

log = structlog.get_logger()


async def answer_rows(rows: Sequence[AskedRow], ask: Ask, language: Language) -> AsyncIterator[list[BatchRow]]:
    """Yield one line for each row, in order, a chunk at a time."""
    last = asyncio.get_running_loop().time() + ANSWERING_SECONDS
    for chunk in chunks(rows):
        asked = questions(chunk)
        answers = await _answers(asked, ask) if asyncio.get_running_loop().time() < last else None
        yield _lines(chunk, answers, language)


async def _answers(asked: Sequence[Question], ask: Ask) -> Answers | None:
    """Return the answers, or None where the register cannot be asked: what was answered before still stands."""
    try:
        return await ask(asked) if asked else []
    except UnavailableError as error:
        log.exception("batch_rows_unanswered", code=error.code, rows=len(asked), exc_info=error)
        return None


def _lines(chunk: Sequence[AskedRow], answers: Answers | None, language: Language) -> list[BatchRow]:
    left = None if answers is None else iter(answers)

    def line(row: AskedRow) -> BatchRow:
        if row.question is None or isinstance(row.question, MalformedLookup):
            return malformed_line(row.row, row.question, language)
        return unavailable_line(row.row) if left is None else answered_line(row.row, next(left))

    return [line(row) for row in chunk]
