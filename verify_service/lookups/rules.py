"""Reading what was typed: the same folding as at registration, so that spellings meet."""

import datetime
from collections.abc import Callable
from typing import Final, Literal

import msgspec

from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.errors import FieldError
from verify_service.lookups.model import FieldProblem, LookupRequest
from verify_service.subjects.rules.id_numbers import parse_lookup_id_number
from verify_service.subjects.rules.names import match_key, parse_name
from verify_service.subjects.rules.phones import parse_phone

MAX_CHARACTERS: Final = 200
"""Longer input is no name, number or phone with whatever was pasted around it."""

FieldName = Literal["name", "idNumber", "phone"]


class MalformedLookup(Exception):  # noqa: N818  # a question that cannot be asked, not a fault
    """One or more fields cannot be read; with no problems listed, fewer than two were given."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__("malformed lookup")
        self.problems = problems


class Question(msgspec.Struct, frozen=True):
    """A lookup that can be answered: at least two facts, normalised."""

    facts: Facts


def read_question(request: LookupRequest, today: datetime.date) -> Question:
    """Return the question, or raise `MalformedLookup` naming every field that cannot be read."""
    facts, problems = read_facts(request, today)
    given = sum(fact is not None for fact in (facts.name, facts.id_number, facts.phone))
    if problems or given < 2:
        raise MalformedLookup(problems)
    return Question(facts)


def read_facts(request: LookupRequest, today: datetime.date) -> tuple[Facts, tuple[FieldProblem, ...]]:
    """Return the facts that were typed, normalised, and what is wrong with those that cannot be read."""
    problems: list[FieldProblem] = []

    def read(field: FieldName, typed: str | None, parse: Callable[[str], str]) -> str | None:
        if typed is None or not typed.strip():
            return None
        try:
            if len(typed) > MAX_CHARACTERS:
                raise FieldError("TOO_LONG")  # noqa: TRY301  # one place turns every refusal into a problem
            return parse(typed)
        except FieldError as error:
            problems.append(FieldProblem(field, error.code))
            return None

    facts = Facts(
        name=read("name", request.name, _parse_name),
        id_number=read("idNumber", request.id_number, lambda text: parse_lookup_id_number(text, today=today).value),
        phone=read("phone", request.phone, lambda text: parse_phone(text).value),
    )
    return facts, tuple(problems)


def _parse_name(text: str) -> str:
    name = parse_name(text).value
    if not match_key(name):
        raise FieldError("EMPTY")
    return name
