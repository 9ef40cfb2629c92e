"""What a spreadsheet holds once read, and how what is wrong with it is reported."""

from collections.abc import Mapping
from enum import Enum, StrEnum, auto
from typing import Generic, TypeVar

import msgspec

from verify_service.translations import Language


class CellKind(StrEnum):
    """What the file itself says a cell holds; everything of a CSV file is text or empty."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    FORMULA = "formula"
    ERROR = "error"
    TOO_LONG = "tooLong"
    """A text beyond the limit: it is not kept, because the beginning of a wrong value can be a right one."""


class Cover(StrEnum):
    """What a merged cell nearby makes of a cell."""

    NONE = "none"
    SHOWS = "shows"
    """Nothing of its own: it shows the value of the merged cell above it."""
    HIDES = "hides"
    """It holds a value that nobody sees beneath the merged one."""


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    """One cell: only text, numbers, booleans and dates (as ISO text) have a `value`."""

    reference: str
    """As a spreadsheet program shows it: `D5`."""
    kind: CellKind = CellKind.EMPTY
    value: str | int | float | bool | None = None
    cover: Cover = Cover.NONE


class Sheet(msgspec.Struct, frozen=True):
    """One visible sheet: its rows from the first, each from column A to its last filled cell, blank rows left out."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden_rows: frozenset[int] = frozenset()
    """Numbers of the rows that are hidden, by hand or by a filter."""


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
    is_hidden: bool = False


class UnknownColumn(msgspec.Struct, frozen=True):
    """A column no field is read from."""

    heading: str
    """As it stands in the file."""
    cell: str
    maybe: str | None = None
    """The official heading it differs from by one character, where the table has no such column."""


class Table(msgspec.Struct, frozen=True):
    """The data rows below the heading; row numbers in reports count them from 1.

    Where several sheets were chosen their rows follow each other, and references are like `名单甲!D5`.
    """

    rows: tuple[TableRow, ...]
    unknown_columns: tuple[UnknownColumn, ...]
    title: str = ""
    """Of the sheet whose cells stand in reports without a sheet; empty for text, and where several were chosen."""


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
    details: Mapping[str, str] = {}
    """What fills the placeholders of the code's sentence; never the value."""


class Issue(msgspec.Struct, frozen=True):
    """A finding as its reader sees it: where it is, and a sentence with what to do. It never quotes the value."""

    code: str
    field: str
    cell: str
    message: str


class Difference(msgspec.Struct, frozen=True):
    """What an import puts in the place of what stands in the register, of one row: unlike an issue it quotes both.

    It is for pages of staff alone, and stands in no file, log or trail.
    """

    row: int
    field: str
    old: str
    """Empty where nothing stands."""
    new: str


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


class RowChanges(msgspec.Struct, frozen=True):
    """What an import changed of one row's person; the words are those of `enrolments` and `exams`."""

    row: int
    changes: tuple[str, ...]


class TableReport(msgspec.Struct, Generic[Value], frozen=True, rename="camel"):
    """A checked table, in the shape the command line and the consoles print."""

    rows: tuple[RowReport[Value], ...]
    summary: Summary
    unknown_columns: tuple[UnknownColumn, ...] = ()


class Level(StrEnum):
    """How grave a finding is: a row with an error is refused."""

    ERROR = "error"
    WARNING = "warning"


class Mark(msgspec.Struct, frozen=True):
    """One issue of one data row, to be shown in the file it was found in."""

    row: int
    level: Level
    issue: Issue


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found in a file, as a workbook is to show it."""

    marks: tuple[Mark, ...]
    summary: Summary
    sheet: str = ""
    """The sheet of the cells that name none; empty for the first visible one."""
    unknown_columns: tuple[UnknownColumn, ...] = ()
    remarks: tuple[str, ...] = ()
    """Sentences about the whole file, such as whose photo is missing."""
    corrections: Mapping[str, str] = {}
    """What cells say now, by their reference; an empty text empties a cell."""
    language: Language = Language.CHINESE
