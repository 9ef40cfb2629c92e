"""The template's second sheet: how each column is filled in. Its patterns can be taken for nobody's data."""

from collections.abc import Iterator, Mapping
from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from verify_service.rosters.rules.columns import ROSTER_LAYOUT
from verify_service.tables.rules.exports import Column, wrap_rows, write_headings, write_rows, write_title

HEADING_ROW: Final = 2
_WIDTHS: Final = {"column": 32, "required": 12, "rule": 70, "example": 32}


def write_guide(sheet: Worksheet, headings: Mapping[str, str], words: Mapping[str, str], *, version: int) -> None:
    """Fill the sheet: a row for every column of the roster, then the photos and what pasting does to text."""
    columns = [Column(words[f"guide.{name}"], width) for name, width in _WIDTHS.items()]
    write_headings(sheet, HEADING_ROW, columns)
    write_rows(sheet, HEADING_ROW + 1, _lines(headings, words))
    wrap_rows(sheet, HEADING_ROW + 1, columns)
    write_title(sheet, 1, words["guide.title"].format(version=version), columns)


def _lines(headings: Mapping[str, str], words: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for field, heading in headings.items():
        required = words["guide.yes" if field in ROSTER_LAYOUT.required else "guide.no"]
        yield heading.replace("\n", " "), required, words[f"{field}.rule"], words[f"{field}.example"]
    yield words["guide.photos"], words["guide.photosNeeded"], words["guide.photosRule"], words["guide.photosExample"]
    yield words["guide.paste"], "", words["guide.pasteRule"], ""
