"""The roster as an empty workbook for partners: columns of text, lists to choose from, and a sheet that explains it."""

from collections.abc import Mapping
from typing import Final

import msgspec
from openpyxl import Workbook
from openpyxl.packaging.custom import IntProperty
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from verify_service.rosters.rules.choices import CHOICES
from verify_service.rosters.rules.columns import ROSTER_LAYOUT
from verify_service.rosters.rules.template_guide import write_guide
from verify_service.subjects.model import Sex
from verify_service.subjects.rules.document_types import TITLES
from verify_service.tables.rules.exports import TEXT_FORMAT, Column, write_headings, write_note, write_title
from verify_service.tables.rules.limits import MAX_ROWS
from verify_service.tables.rules.workbook_bytes import encode_workbook
from verify_service.translations import Language, catalogue

TEMPLATE_VERSION: Final = 1
"""Changes with the columns: a roster names the template it was filled into."""
VERSION_PROPERTY: Final = "RosterTemplateVersion"
SHEET_TITLE: Final = "学员信息登记表"
HEADING_ROW: Final = 3
LAST_COLUMN: Final = 16_384  # of any sheet


class _Entry(msgspec.Struct, frozen=True):
    """What a column takes: one of `choices`, or a text of usually `shortest` to `longest` characters."""

    width: float
    choices: tuple[str, ...] = ()
    shortest: int = 0
    longest: int = 0


_ENTRIES: Final[Mapping[str, _Entry]] = {
    "name": _Entry(16),
    "sex": _Entry(8, choices=tuple(Sex)),
    "idNumber": _Entry(24, shortest=15, longest=18),
    "phone": _Entry(16, shortest=11, longest=11),
    "partner": _Entry(32),
    "alsoOnlineHost": _Entry(20, choices=CHOICES),
    "documentType": _Entry(26, choices=tuple(TITLES.values())),
}


def roster_template(language: Language = Language.CHINESE) -> bytes:
    """Return an `.xlsx` file without data rows; its headings are Chinese in every language, as rosters are read."""
    words = catalogue(language, "roster_template")
    headings = {field: _heading(field, words) for field in _ENTRIES}
    workbook = Workbook()
    workbook.properties.creator = ""
    version = IntProperty(name=VERSION_PROPERTY, value=TEMPLATE_VERSION)
    workbook.custom_doc_props.append(version)  # type: ignore[attr-defined]  # the stubs lack it
    sheet = workbook.worksheets[0]
    sheet.title = SHEET_TITLE
    columns = [Column(headings[field], entry.width) for field, entry in _ENTRIES.items()]
    write_title(sheet, 1, words["title"], columns)
    write_note(sheet, 2, words["note"].format(version=TEMPLATE_VERSION), columns)
    write_headings(sheet, HEADING_ROW, columns)
    sheet.row_dimensions[HEADING_ROW].height = 34
    for number, field in enumerate(_ENTRIES, start=1):
        _guide_entry(sheet, get_column_letter(number), field, words)
    _protect(sheet)
    write_guide(workbook.create_sheet(words["guide"]), headings, words, version=TEMPLATE_VERSION)
    return encode_workbook(workbook)


def _heading(field: str, words: Mapping[str, str]) -> str:
    """Return the official heading, starred if required, glossed in brackets; the reader ignores star and gloss."""
    star = "*" if field in ROSTER_LAYOUT.required else ""
    gloss = words[f"{field}.heading"]
    return ROSTER_LAYOUT.headings[field][0] + star + (f"\n({gloss})" if gloss else "")


def _guide_entry(sheet: Worksheet, letter: str, field: str, words: Mapping[str, str]) -> None:
    """Say what belongs into a column when one of its cells is entered, and check what was typed there."""
    entry = _ENTRIES[field]
    rule = DataValidation(allow_blank=True, promptTitle=ROSTER_LAYOUT.headings[field][0], prompt=words[f"{field}.rule"])
    if entry.choices:
        rule.type, rule.formula1 = "list", f'"{",".join(entry.choices)}"'
        rule.errorStyle, rule.error = "stop", words["refused"]
    elif entry.longest:
        rule.type, rule.operator = "textLength", "between"
        rule.formula1, rule.formula2 = str(entry.shortest), str(entry.longest)
        # Only a warning: passports and permits are shorter.
        rule.errorStyle, rule.error = "warning", words["doubtful"]
    rule.showInputMessage = rule.showErrorMessage = True
    rule.add(f"{letter}{HEADING_ROW + 1}:{letter}{HEADING_ROW + MAX_ROWS}")
    sheet.add_data_validation(rule)


def _protect(sheet: Worksheet) -> None:
    """Lock title, notes and heading, without a password; what is filled in, and columns of a partner's own, stay open.

    A whole column has one style, so that cells nobody has touched yet take text as text.
    """
    for number in range(1, len(_ENTRIES) + 1):
        column = sheet.column_dimensions[get_column_letter(number)]
        column.number_format = TEXT_FORMAT
        column.protection = Protection(locked=False)
    # A row can be deleted only where none of its cells is locked, to the sheet's right edge.
    rest = sheet.column_dimensions[get_column_letter(len(_ENTRIES) + 1)]
    rest.min, rest.max = len(_ENTRIES) + 1, LAST_COLUMN
    rest.protection = Protection(locked=False)
    protection = sheet.protection
    protection.enable()
    # In the file's terms each of these says whether the action is locked.
    protection.formatColumns = protection.formatRows = protection.sort = False
    protection.insertRows = protection.deleteRows = False
