"""The XML of one sheet: rows as openpyxl reads them, and what its read-only sheets keep to themselves."""

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element

from openpyxl.utils import range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, MERGE_TAG, ROW_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.limits import MAX_MERGED_RANGES
from verify_service.tables.rules.merges import MergedRange

MERGED_RANGE_TAG: Final = MERGE_TAG.removesuffix("s")
_DDE: Final = re.compile(r"\s*[=+@-]?\s*'?[A-Za-z][\w.]*\s*\|")


class SheetParser(WorkSheetParser):
    """openpyxl's own parser, which alone knows hidden rows and the cells there really are.

    It builds nothing but rows: a broken print area, filter or validation is nothing a roster is refused for.
    """

    merged: list[MergedRange]

    def rows(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        """Yield the number of each row and its cells; `merged` and `hidden_rows` are complete after the last."""
        self.merged = []
        for _, element in iterparse(self.source):
            if element.tag == ROW_TAG:
                yield self.parse_row(element)
                element.clear()
            elif element.tag == MERGED_RANGE_TAG:
                self.merged.append(_merged_range(element.attrib["ref"]))
                element.clear()
                if len(self.merged) > MAX_MERGED_RANGES:
                    raise refusal("ARCHIVE_TOO_LARGE")

    def hidden_rows(self) -> Iterator[int]:
        """Yield the numbers of the rows that are hidden."""
        for number, attributes in self.row_dimensions.items():
            if attributes.get("hidden") in {"1", "true"}:
                yield int(number)

    def parse_formula(self, element: Element) -> str:
        """Return nothing of a formula, whose value nobody typed; refuse one that calls another program (DDE)."""
        formula = element.find(FORMULA_TAG)
        if formula is not None and _DDE.match(formula.text or ""):
            raise refusal("WORKBOOK_LINKS", about="formula")
        return "="


def _merged_range(reference: str) -> MergedRange:
    first_column, first_row, last_column, last_row = range_boundaries(reference)
    if not (first_column and first_row and last_column and last_row):
        raise refusal("WORKBOOK_DAMAGED")
    return MergedRange(first_row, last_row, first_column, last_column)
