"""Collecting what is wrong with one row while its cells are read."""

from collections.abc import Callable
from typing import TypeVar

from verify_service.errors import FieldError
from verify_service.tables.model import Accepts, Cover, Finding, TableRow
from verify_service.tables.rules.cell_text import read_text

Parsed = TypeVar("Parsed")


class RowFindings:
    """The errors and warnings of one row, in the order they were found."""

    def __init__(self, number: int, row: TableRow) -> None:
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []
        self._number = number
        self._row = row
        if row.is_hidden:
            self.warn("", "HIDDEN_ROW")

    def refuse(self, field: str, code: str, **details: str) -> None:
        """Add an error; details fill its sentence's placeholders."""
        self.errors.append(Finding(self._number, code, field, details))

    def warn(self, field: str, *codes: str, **details: str) -> None:
        """Add warnings; details fill their sentences' placeholders."""
        self.warnings.extend(Finding(self._number, code, field, details) for code in codes)

    def read(
        self,
        field: str,
        parse: Callable[[str], Parsed],
        accepts: Accepts = Accepts.TEXT,
        *,
        is_shareable: bool = False,
    ) -> Parsed | None:
        """Return what `parse` makes of a field's text; None, and an error added, if cell or text is refused.

        A field whose column the table does not have reads as an empty cell. One merged cell may speak for several
        people only where `is_shareable`: a partner they share, a name never.
        """
        if self._is_merged_away(field, is_shareable=is_shareable):
            return None
        cell = self._row.cells.get(field)
        try:
            text, warnings = read_text(cell, accepts) if cell else ("", ())
            parsed = parse(text)
        except FieldError as error:
            self.refuse(field, error.code)
            return None
        self.warn(field, *warnings)
        return parsed

    def _is_merged_away(self, field: str, *, is_shareable: bool) -> bool:
        cell = self._row.cells.get(field)
        if cell is None or cell.cover is Cover.NONE:
            return False
        if not is_shareable:
            self.refuse(field, "MERGED")
        elif cell.cover is Cover.HIDES:
            self.refuse(field, "MERGED_OVER")
        else:
            self.warn(field, "MERGED")
            return False
        return True
