"""What a spreadsheet holds once read, and how what is wrong with it is reported."""

from collections.abc import Mapping
from datetime import date
from enum import Enum, StrEnum, auto
from typing import Generic, TypeVar

import msgspec


class CellKind(StrEnum):
    """What the file itself says a cell holds; everything of a CSV file is text or empty."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    FORMULA = "formula"
    ERROR = "error"


class Cell(msgspec.Struct, frozen=True):
    """One cell: `value` is None for an empty one, a formula and an error such as `#N/A`."""

    reference: str
    """As a spreadsheet program shows it: `D5`."""
    kind: CellKind = CellKind.EMPTY
    value: str | int | float | bool | date | None = None


class Sheet(msgspec.Struct, frozen=True):
    """One visible sheet: its rows from the first, each from column A to its last filled cell, blank rows left out."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


class Layout(msgspec.Struct, frozen=True):
    """The columns a kind of table has."""

    headings: Mapping[str, tuple[str, ...]]
    """Field name to the headings it is known by, the official one first."""
    required: frozenset[str]
    ignored: frozenset[str]
    """Headings that carry nothing of a row, such as 序号."""


class TableRow(msgspec.Struct, frozen=True):
    """One data row: a cell for every field whose column stands in the table, and the other columns' cells."""

    cells: Mapping[str, Cell]
    others: tuple[Cell, ...]


class Table(msgspec.Struct, frozen=True):
    """The data rows below the heading; row numbers in reports count them from 1."""

    rows: tuple[TableRow, ...]
    unknown_columns: tuple[str, ...]
    """Headings of columns no field is read from, as they stand in the file."""


class Accepts(Enum):
    """Which cells a column takes beside text and empty ones."""

    TEXT = auto()
    WHOLE_NUMBERS = auto()
    WHOLE_NUMBERS_WITH_WARNING = auto()
    NUMBERS = auto()
    DATES = auto()
    """Dates and whole numbers such as 20260314."""


class Finding(msgspec.Struct, frozen=True):
    """One thing to say of one row; `row` counts data rows from 1, `field` is empty when the whole row is meant."""

    row: int
    code: str
    field: str


class Issue(msgspec.Struct, frozen=True):
    """A finding as its reader sees it: where it is, and a sentence with what to do. It never quotes the value."""

    code: str
    field: str
    cell: str
    message: str


Value = TypeVar("Value", bound=msgspec.Struct)


class RowReport(msgspec.Struct, Generic[Value], frozen=True):
    """One data row as checked: accepted when it has no error; members of `value` that could not be read are None."""

    row: int
    errors: tuple[Issue, ...]
    warnings: tuple[Issue, ...]
    value: Value


class Summary(msgspec.Struct, frozen=True):
    """`rows` = `accepted` + `rejected`."""

    rows: int
    accepted: int
    rejected: int


class TableReport(msgspec.Struct, Generic[Value], frozen=True, rename="camel"):
    """A checked table, in the shape the command line and the consoles print."""

    rows: tuple[RowReport[Value], ...]
    summary: Summary
