"""Columns 姓名 and 身份证号, and what rows that name people say about each other."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Final, Protocol, TypeVar

from verify_service.errors import FieldError
from verify_service.subjects.model import IdNumber, Name
from verify_service.subjects.rules.names import match_key, parse_name
from verify_service.tables.model import Accepts, Finding
from verify_service.tables.rules.findings import RowFindings

NAME_HEADINGS: Final = ("姓名", "学员姓名", "考生姓名", "真实姓名")
ID_NUMBER_HEADINGS: Final = (
    "身份证号",
    "身份证号码",
    "身份证",
    "证件号码",
    "证件号",
    "公民身份号码",
    "居民身份证号",
    "居民身份证号码",
)


class Person(Protocol):
    """A row's value that names a person; None where the cell could not be read."""

    @property
    def name(self) -> str | None:
        """The name as printed."""

    @property
    def id_number(self) -> str | None:
        """The checked number."""


PersonT = TypeVar("PersonT", bound=Person)


def read_name(findings: RowFindings) -> str | None:
    """Return the row's name as it would be printed."""
    name = findings.read("name", _parse_one_name)
    if name is None:
        return None
    findings.warn("name", *name.warnings)
    return name.value


def _parse_one_name(text: str) -> Name:
    """Return the name; FieldError MULTIPLE where a line break parts it, which may be two people in one cell."""
    name = parse_name(text)
    if "\n" in text.strip():
        raise FieldError("MULTIPLE")
    return name


def read_id_number(findings: RowFindings, parse: Callable[[str], IdNumber]) -> IdNumber | None:
    """Return the row's ID number; a number typed as a number passes with a warning while all its digits are exact."""
    id_number = findings.read("idNumber", parse, Accepts.WHOLE_NUMBERS_WITH_WARNING)
    if id_number is not None:
        findings.warn("idNumber", *id_number.warnings)
    return id_number


def id_conflicts(values: Sequence[Person]) -> Iterator[Finding]:
    """Yield ID_NAME_CONFLICT for every row of an ID number that stands under two names.

    Two spellings of one name are no conflict, two people of one name neither: only the ID number tells people apart.
    """
    for rows in group_identified(values, key=lambda value: value.id_number):
        if len({name_key(value) for _, value in rows}) > 1:
            yield from (Finding(row, "ID_NAME_CONFLICT", "idNumber") for row, _ in rows)


def duplicates(values: Sequence[PersonT], *, key: Callable[[PersonT], Hashable]) -> Iterator[Finding]:
    """Yield DUPLICATE for every row whose key an earlier one has."""
    for rows in group_identified(values, key=key):
        yield from (Finding(row, "DUPLICATE", "idNumber") for row, _ in rows[1:])


def group_identified(
    values: Sequence[PersonT], *, key: Callable[[PersonT], Hashable]
) -> Iterable[Sequence[tuple[int, PersonT]]]:
    """Return the numbered rows with a readable name and ID number by key: of the others nobody knows whom they mean."""
    groups: defaultdict[Hashable, list[tuple[int, PersonT]]] = defaultdict(list)
    for row, value in enumerate(values, start=1):
        if value.name and value.id_number:
            groups[key(value)].append((row, value))
    return groups.values()


def name_key(value: Person) -> str:
    """Return what two spellings of a row's name have in common."""
    return match_key(value.name or "")
