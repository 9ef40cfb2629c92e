"""A draft: what was uploaded, what people changed of it since, and what it is found to be."""

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from verify_service.photos.model import PhotoArchive, PhotoSummary
from verify_service.tables.model import Difference, RowReport, Summary, Table, TableReport


class Content(StrEnum):
    """What kind of table a draft is."""

    ROSTER = "roster"
    RESULTS = "results"


class DraftState(StrEnum):
    """`OPEN` and `HANDED_IN` drafts have content; the others have ended and keep who, when and how many."""

    OPEN = "open"
    HANDED_IN = "handed_in"
    IMPORTED = "imported"
    DISCARDED = "discarded"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as lists show it: no personal datum."""

    draft_id: UUID
    content: Content
    cohort_code: str
    kind: str | None
    """Certificate kind of a roster; a results file names its own, row by row."""
    partner_id: UUID | None
    """None for what staff uploaded."""
    uploaded_by: str
    file_digest: bytes
    """SHA-256 of the table as it was handed in."""
    state: DraftState
    row_count: int
    rejected_count: int
    amended_by: str | None
    """Who asked that its import may change what stands."""
    created_at: datetime.datetime
    changed_at: datetime.datetime


class JudgedPhoto(msgspec.Struct, frozen=True):
    """What became of one entry of the archive; without a code there is a portrait."""

    code: str | None = None
    warnings: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True):
    """What the uploaded files said. It never changes."""

    file_name: str
    table: Table
    archive: PhotoArchive | None = None
    """None where no photos were uploaded."""


class Changes(msgspec.Struct, frozen=True):
    """What people changed since, by the number of the row in the uploaded table, from 1."""

    corrections: Mapping[int, Mapping[str, str]] = {}
    """Texts in place of cells, by field."""
    removed: frozenset[int] = frozenset()
    assigned: Mapping[int, int] = {}
    """Rows that somebody gave an entry of the archive."""


class CurrentTable(msgspec.Struct, frozen=True):
    """The table as it stands with its changes; `numbers` are its rows' numbers in the uploaded one, in its order."""

    table: Table
    numbers: tuple[int, ...]


class Matched(msgspec.Struct, frozen=True):
    """How the archive fits the current table, and the entry that is each row's portrait."""

    summary: PhotoSummary | None = None
    by_row: Mapping[int, int] = {}


class RowFilter(StrEnum):
    """Which rows a page shows."""

    ERRORS = "errors"
    WARNINGS = "warnings"
    ALL = "all"


class Examined(msgspec.Struct, frozen=True):
    """What a draft is found to be. Rows count from 1 in the current table, in the report and in the photos."""

    current: CurrentTable
    report: TableReport[Any]
    matched: Matched = Matched()
    differences: tuple[Difference, ...] = ()
    """Told to staff while an amendment stands: what the import changes of what is registered."""

    @property
    def changed_rows(self) -> frozenset[int]:
        """Return the rows that change what is registered."""
        return frozenset(difference.row for difference in self.differences)

    @property
    def first_shown(self) -> RowFilter:
        """Return the rows that somebody looks at first: with errors, or that change the register, or all."""
        if self.report.summary.rejected:
            return RowFilter.ERRORS
        return RowFilter.WARNINGS if self.differences else RowFilter.ALL

    def number(self, row: int) -> int:
        """Return the number in the uploaded table of a row of the current one."""
        return self.current.numbers[row - 1]


class FixKind(StrEnum):
    """What accepting a fix does."""

    SET = "set"
    REMOVE = "remove"
    ASSIGN = "assign"


class Fix(msgspec.Struct, frozen=True):
    """A way to put something right that a person may accept with one click."""

    number: int
    """Of the row in the uploaded table."""
    kind: FixKind
    code: str
    """Of the finding it answers."""
    field: str = ""
    text: str = ""
    """What the cell would say."""
    entry: int = 0
    """Whose photo the row would get."""
    file: str = ""
    is_safe: bool = True
    """It says what the row says already; any other is accepted by itself, by somebody who looked."""


class DraftRow(msgspec.Struct, frozen=True):
    """One row as its page shows it."""

    number: int
    report: RowReport[Any]
    texts: Mapping[str, str]
    """What each cell says, as a form shows it; a cell that holds no text (a formula, an error) is empty."""
    photo: int | None
    """Entry of the archive that is this row's portrait."""
    fixes: tuple[Fix, ...]
    differences: tuple[Difference, ...] = ()


class DraftPage(msgspec.Struct, frozen=True):
    """Some of a draft's rows, and what is to be said of all."""

    rows: tuple[DraftRow, ...]
    page: int
    pages: int
    shown: RowFilter
    summary: Summary
    warned: int
    """Rows with a warning or a difference, and no error."""
    removed: tuple[int, ...]
