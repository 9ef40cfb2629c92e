"""The sheet that lists what a ZIP holds."""

from collections.abc import Sequence
from typing import Final

import msgspec
from openpyxl import Workbook

from verify_service.tables.rules.exports import Column, write_headings, write_rows, write_title
from verify_service.tables.rules.workbook_bytes import encode_workbook

COLUMNS: Final = (
    Column("序号", 8),
    Column("姓名", 24),
    Column("性别", 8),
    Column("证件号码", 24),
    Column("证书编号", 20),
    Column("发证日期", 14),
    Column("证书名称", 32),
    Column("文件名", 44),
)
TITLE_ROW: Final = 1
HEADING_ROW: Final = 2


class SummaryLine(msgspec.Struct, frozen=True):
    """One certificate of the sheet, as its paper shows it."""

    name: str
    sex: str
    id_number: str
    """Masked in the masked edition."""
    number: str
    issued_on: str
    title: str
    file_name: str


def summary_workbook(cohort: str, lines: Sequence[SummaryLine]) -> bytes:
    """Return an .xlsx file of one sheet, every cell a text: an ID number keeps its digits, and nothing is computed."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "证书清单"
    write_headings(sheet, HEADING_ROW, COLUMNS)
    write_title(sheet, TITLE_ROW, f"证书清单　班次 {cohort}　共 {len(lines)} 份", COLUMNS)
    write_rows(sheet, HEADING_ROW + 1, ((str(place), *_cells(line)) for place, line in enumerate(lines, start=1)))
    sheet.print_title_rows = f"{TITLE_ROW}:{HEADING_ROW}"
    return encode_workbook(workbook)


def _cells(line: SummaryLine) -> tuple[str, ...]:
    return (line.name, line.sex, line.id_number, line.number, line.issued_on, line.title, line.file_name)
