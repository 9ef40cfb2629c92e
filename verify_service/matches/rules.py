"""Reading what is to be compared, and comparing it with the certificates that were opened."""

import datetime
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from verify_service.clock import date_in_shanghai
from verify_service.credentials.rules.lookup_keys import Facts, lookup_hmacs
from verify_service.errors import FieldError
from verify_service.lookups.model import LookupRequest
from verify_service.lookups.rules import MAX_CHARACTERS, read_facts
from verify_service.matches.model import Agreement, Candidate, CheckedFields, MatchedFields, MatchRequest, Paper
from verify_service.sealing.model import SecretKey
from verify_service.subjects.rules.folding import fold_full_width, fold_number

Value = TypeVar("Value")

MAX_NUMBER_CHARACTERS: Final = 32
OPENED_BY_TWO: Final = 2
_DAY: Final = re.compile(r"(\d{4}) ?[-/.年] ?(\d\d?) ?[-/.月] ?(\d\d?) ?日?", re.ASCII)


class MalformedMatch(Exception):  # noqa: N818  # a question that cannot be asked, not a fault
    """Some fields cannot be read, each by its name with a code; with none, nothing said whose certificate is meant."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("malformed match")
        self.fields = fields


class Question(msgspec.Struct, frozen=True):
    """A comparison that can be made: opened by `token` or, where that is None, by the facts `opening`."""

    token: str | None
    opening: Facts
    facts: Facts
    """Of the person, to be compared; never one that opened."""
    paper: Paper


def read_question(request: MatchRequest, kinds: Collection[str], today: datetime.date) -> Question:
    """Return the question, or raise `MalformedMatch`; `kinds` are the codes of certificates there are."""
    asked = request.check
    opening, problems = read_facts(LookupRequest(request.name, request.id_number, request.phone), today)
    facts, more_problems = read_facts(LookupRequest(asked.name, asked.id_number, asked.phone), today)
    paper, unread = read_paper(asked, kinds)
    question = Question(request.token or None, opening, facts, paper)
    fields = {problem.field: problem.code for problem in (*problems, *more_problems)} | unread | _misplaced(question)
    if not fields and question.token is None and len(_given(opening)) < OPENED_BY_TWO:
        raise MalformedMatch({})
    if not fields and not _given(facts) and paper == Paper():
        fields["check"] = "EMPTY"
    if fields:
        raise MalformedMatch(fields)
    return question


def _misplaced(question: Question) -> dict[str, str]:
    """Return the fields that are compared with themselves, or with what the token's page shows anyway."""
    facts, paper = question.facts, question.paper
    if question.token is None:
        return dict.fromkeys(_given(question.opening) & _given(facts), "TYPED_TWICE")
    shown = {"name": facts.name, "number": paper.number, "issuedOn": paper.issued_on, "kind": paper.kind}
    return dict.fromkeys(_given(question.opening), "TOKEN_OR_FACTS") | {
        field: "SHOWN" for field, value in shown.items() if value is not None
    }


def read_paper(asked: CheckedFields, kinds: Collection[str]) -> tuple[Paper, dict[str, str]]:
    """Return what the paper is said to say, and the code of each field that cannot be read."""
    unread: dict[str, str] = {}

    def read(field: str, typed: str | None, parse: Callable[[str], Value]) -> Value | None:
        if typed is None or not typed.strip():
            return None
        try:
            if len(typed) > MAX_CHARACTERS:
                raise FieldError("PATTERN")  # noqa: TRY301  # one place notes every refusal
            return parse(typed)
        except FieldError as error:
            unread[field] = error.code
            return None

    paper = Paper(
        number=read("number", asked.number, parse_number),
        issued_on=read("issuedOn", asked.issued_on, parse_day),
        kind=read("kind", asked.kind, lambda text: _known(text, kinds)),
    )
    return paper, unread


def parse_number(text: str) -> str:
    """Return a certificate number in capitals, without blanks and hyphens, as 编号 is printed; refuse anything else."""
    number = fold_number(text).upper()
    if not (number.isascii() and number.isalnum() and len(number) <= MAX_NUMBER_CHARACTERS):
        raise FieldError("PATTERN")
    return number


def parse_day(text: str) -> datetime.date:
    """Return the day of 2026-11-28, as a date field sends it, or of 2026年11月28日, as paper has it."""
    found = _DAY.fullmatch(fold_full_width(text).strip())
    if found is None:
        raise FieldError("PATTERN")
    try:
        return datetime.date(*map(int, found.groups()))
    except ValueError:
        raise FieldError("PATTERN") from None


def asked_hmacs(secret: SecretKey, known: Facts, facts: Facts) -> dict[str, frozenset[bytes]]:
    """Return, for each fact to be compared, the blind indexes of the pairs it makes with what is known.

    A fact agrees with a certificate that has all of them. None of the pairs is one that is known already.
    """
    before = set(lookup_hmacs(secret, known).values())
    each = {
        "name": msgspec.structs.replace(known, name=facts.name),
        "idNumber": msgspec.structs.replace(known, id_number=facts.id_number),
        "phone": msgspec.structs.replace(known, phone=facts.phone),
    }
    return {field: frozenset(lookup_hmacs(secret, each[field]).values()) - before for field in sorted(_given(facts))}


def compare(candidates: Sequence[Candidate], asked: Mapping[str, frozenset[bytes]], paper: Paper) -> MatchedFields:
    """Return what agrees with the certificates of one person.

    A fact agrees with any of them: they are one person's. What the paper says is compared with one, the one it agrees
    with most: number and date of two certificates are no certificate.
    """
    agreements: dict[str, Agreement] = {field: _of_person(field, hmacs, candidates) for field, hmacs in asked.items()}
    likest = max((_of_paper(candidate, paper) for candidate in candidates), key=_likeness)
    return msgspec.convert(agreements | likest, MatchedFields)


def _likeness(fields: Mapping[str, Agreement]) -> tuple[int, bool]:
    """Return by what one certificate is preferred: how much agrees, then whether its number does."""
    return list(fields.values()).count("match"), fields.get("number") == "match"


def is_right(fields: MatchedFields) -> bool:
    """Tell whether nothing differs: then the question is no failure."""
    return "mismatch" not in msgspec.to_builtins(fields).values()


def _of_person(field: str, hmacs: frozenset[bytes], candidates: Sequence[Candidate]) -> Agreement:
    if field == "phone" and not any(candidate.has_phone for candidate in candidates):
        return "not_kept"
    agrees = bool(hmacs) and any(hmacs <= candidate.agreed for candidate in candidates)
    return "match" if agrees else "mismatch"


def _of_paper(candidate: Candidate, paper: Paper) -> dict[str, Agreement]:
    pairs = {
        "number": (paper.number, candidate.number),
        "issuedOn": (paper.issued_on, date_in_shanghai(candidate.issued_at)),
        "kind": (paper.kind, candidate.kind),
    }
    return {
        field: "match" if typed == stored else "mismatch"
        for field, (typed, stored) in pairs.items()
        if typed is not None
    }


def _given(facts: Facts) -> set[str]:
    values = {"name": facts.name, "idNumber": facts.id_number, "phone": facts.phone}
    return {field for field, value in values.items() if value is not None}


def _known(text: str, kinds: Collection[str]) -> str:
    if text not in kinds:
        raise FieldError("PATTERN")
    return text
