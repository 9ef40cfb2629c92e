"""The workbook that hands a partner's people their codes."""

from collections.abc import Iterator, Sequence
from typing import Final

from openpyxl import Workbook

from verify_service.redemption_codes.model import HandedCode
from verify_service.redemption_codes.rules.codes import format_code
from verify_service.redemption_codes.rules.tails import id_number_tails
from verify_service.tables.rules.exports import Column, write_headings, write_rows, write_title
from verify_service.tables.rules.workbook_bytes import encode_workbook

COLUMNS: Final = (Column("序号", 8), Column("姓名", 24), Column("证件号码末位", 20), Column("兑换码", 28))
TITLE_ROW: Final = 1
HEADING_ROW: Final = 2


def code_workbook(cohort: str, partner: str, codes: Sequence[HandedCode]) -> bytes:
    """Return an .xlsx file of one sheet: a title, a heading, and a row of text for each person, by name."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "兑换码"
    write_headings(sheet, HEADING_ROW, COLUMNS)
    write_title(sheet, TITLE_ROW, f"兑换码　班次 {cohort}　合作机构 {partner}", COLUMNS)
    write_rows(sheet, HEADING_ROW + 1, _rows(codes))
    sheet.page_setup.orientation = "portrait"
    sheet.print_title_rows = f"{TITLE_ROW}:{HEADING_ROW}"
    return encode_workbook(workbook)


def _rows(codes: Sequence[HandedCode]) -> Iterator[tuple[str, ...]]:
    tails = id_number_tails(codes)
    for place, line in enumerate(sorted(codes, key=_order), start=1):
        yield str(place), line.name, tails[line.id_number], format_code(line.code)


def _order(line: HandedCode) -> tuple[bytes, str]:
    # GB 18030 keeps the common characters of GB 2312 in the order of their pinyin; Unicode has no such order.
    return line.name.encode("gb18030"), line.id_number
