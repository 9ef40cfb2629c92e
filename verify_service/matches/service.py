"""Comparing fields with a certificate. Whatever differs is a failed question, counted like a lookup's."""

import datetime

from signing import parse_token
from verify_service.allowances import Allowances
from verify_service.budgets.model import Debit
from verify_service.budgets.rules import debits, token_debits
from verify_service.budgets.service.settling import require_unspent, settle
from verify_service.credentials.rules.lookup_keys import Facts, lookup_hmacs
from verify_service.database import Connection
from verify_service.matches import queries
from verify_service.matches.model import Candidate, MatchAnswer
from verify_service.matches.rules import Question, asked_hmacs, compare, is_right
from verify_service.trust import Trust
from verify_service.verification.service.token_page import answer_token


async def match(
    connection: Connection, trust: Trust, allowances: Allowances, question: Question, now: datetime.datetime
) -> MatchAnswer:
    """Return which fields agree with the certificate of a token, or with those of the one person two facts find.

    Raises `BudgetSpentError`, for right and wrong fields alike, where too many questions about what was typed, or with
    this token, have failed. What was found is told only after it was settled: of guesses at once as many are answered
    as the budgets allow. What agrees writes nothing.
    """
    if question.token is None:
        return await _match_facts(connection, trust, allowances, question, now)
    return await _match_token(connection, trust, allowances, question, question.token, now)


async def _match_facts(
    connection: Connection, trust: Trust, allowances: Allowances, question: Question, now: datetime.datetime
) -> MatchAnswer:
    asked = asked_hmacs(trust.index_secret, question.opening, question.facts)
    counted = debits(trust.budget_secret, _together(question), allowances)
    opening = list(lookup_hmacs(trust.index_secret, question.opening).values())
    candidates = await queries.open_by_facts(connection, opening, frozenset().union(*asked.values()), counted, now)
    return await _settled(connection, candidates, asked, question, counted, now)


async def _match_token(
    connection: Connection,
    trust: Trust,
    allowances: Allowances,
    question: Question,
    token: str,
    now: datetime.datetime,
) -> MatchAnswer:
    opened = (await answer_token(connection, trust, token, now)).answer.certificate
    known = Facts(name=None if opened is None else opened.name)
    asked = asked_hmacs(trust.index_secret, known, question.facts)
    counted = token_debits(trust.budget_secret, token, question.facts, allowances)
    stored = b"" if opened is None else parse_token(token)
    candidates = await queries.open_by_token(connection, stored, frozenset().union(*asked.values()), counted, now)
    return await _settled(connection, candidates, asked, question, counted, now)


async def _settled(
    connection: Connection,
    candidates: list[Candidate] | None,
    asked: dict[str, frozenset[bytes]],
    question: Question,
    counted: tuple[Debit, ...],
    now: datetime.datetime,
) -> MatchAnswer:
    if candidates is None:
        require_unspent(None)
    if not candidates:
        await settle(connection, counted, now, is_right=False)
        return MatchAnswer("not_found", now)
    fields = compare(candidates, asked, question.paper)
    await settle(connection, counted, now, is_right=is_right(fields))
    return MatchAnswer("found", now, fields)


def _together(question: Question) -> Facts:
    """Return everything typed about the person: whoever tests one fact more pays for each pair it is tested in."""
    opening, facts = question.opening, question.facts
    return Facts(
        name=opening.name or facts.name,
        id_number=opening.id_number or facts.id_number,
        phone=opening.phone or facts.phone,
    )
