"""What both ways of asking share: reading the question, and answering it."""

from typing import Final

from verify_service.clock import now, today_in_shanghai
from verify_service.matches import service
from verify_service.matches.model import MatchAnswer, MatchRequest
from verify_service.matches.rules import Question, read_question
from verify_service.web_context import WebContext

MAX_BODY_BYTES: Final = 16 * 1024
"""A few short fields, even percent-encoded with whatever was pasted around them."""


def read(request: MatchRequest, context: WebContext) -> Question:
    """Return the question, or raise `MalformedMatch`."""
    return read_question(request, {title.kind for title in context.site.certificate_titles}, today_in_shanghai())


async def answer(question: Question, context: WebContext) -> MatchAnswer:
    """Return what agrees."""
    return await context.answer(
        lambda connection, trust: service.match(connection, trust, context.allowances, question, now())
    )
