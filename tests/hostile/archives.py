"""ZIP files whose directory or packing is the weapon, as a roster would bring them."""

import io
import struct
import zipfile
from collections.abc import Mapping

from tests.hostile.corpus import hostile

HEADINGS = ("姓名", "性别", "身份证号", "手机号", "合作机构名称")
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/></Relationships>'
)
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
SHEET = "xl/worksheets/sheet1.xml"
CENTRAL_HEADER = b"PK\x01\x02"
LOCAL_HEADER = b"PK\x03\x04"


def sheet_xml(rows: str, *, prolog: str = "", after: str = "") -> str:
    """Return a sheet part: the XML of rows, what stands before the root, and what follows the rows."""
    return (
        f'<?xml version="1.0"?>{prolog}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def row_xml(number: int, texts: tuple[str, ...]) -> str:
    """Return the XML of a row of texts."""
    cells = "".join(
        f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for column, text in enumerate(texts)
    )
    return f'<row r="{number}">{cells}</row>'


def workbook(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the smallest workbook a spreadsheet program opens, with parts replaced or added."""
    every: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": WORKBOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        SHEET: sheet_xml(row_xml(1, HEADINGS)),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in {**every, **parts}.items():
            archive.writestr(name, content)
    return packed.getvalue()


def announce(data: bytes, name: str, size: int) -> bytes:
    """Return an archive whose directory and header announce another unpacked size for one entry."""
    forged, encoded = bytearray(data), name.encode()
    for signature, size_at, name_at in ((LOCAL_HEADER, 22, 30), (CENTRAL_HEADER, 24, 46)):
        at = forged.index(signature)
        while forged[at + name_at : at + name_at + len(encoded)] != encoded:
            at = forged.index(signature, at + 4)
        struct.pack_into("<L", forged, at + size_at, size)
    return bytes(forged)


def _flagged_encrypted(data: bytes) -> bytes:
    flagged = bytearray(data)
    for signature, flags_at in ((LOCAL_HEADER, 6), (CENTRAL_HEADER, 8)):
        at = flagged.find(signature)
        while at >= 0:
            flagged[at + flags_at] |= 1
            at = flagged.find(signature, at + 4)
    return bytes(flagged)


@hostile("one cell of 300 MB, packed to 300 KB", "roster.xlsx", "ARCHIVE_TOO_LARGE")
def _cell_bomb() -> bytes:
    return workbook({SHEET: sheet_xml(row_xml(1, ("A" * (300 << 20),)))})


@hostile("a directory that announces 10 bytes for 300 MB", "roster.xlsx", "ARCHIVE_DAMAGED")
def _lying_directory() -> bytes:
    return announce(_cell_bomb(), SHEET, 10)


@hostile("a thousandfold ratio below the size limit", "roster.xlsx", "ARCHIVE_TOO_LARGE")
def _ratio() -> bytes:
    return workbook({SHEET: sheet_xml(row_xml(1, ("A" * (8 << 20),)))})


@hostile("10,000 entries", "roster.xlsx", "ARCHIVE_TOO_LARGE")
def _many_entries() -> bytes:
    return workbook({f"xl/media/{number}.bin": b"" for number in range(10_000)})


@hostile("entries that share their packed bytes", "roster.xlsx", "ARCHIVE_TOO_LARGE")
def _overlapping_entries() -> bytes:
    data = workbook({"xl/media/kernel.bin": b"\0" * (15 << 20)})
    end = data.rfind(b"PK\x05\x06")
    directory_at = struct.unpack_from("<L", data, end + 16)[0]
    directory = data[directory_at:end]
    kernel = directory[directory.rfind(CENTRAL_HEADER) :]
    copies = b"".join(kernel.replace(b"kernel.bin", b"kern%02d.bin" % number) for number in range(100))
    count = struct.unpack_from("<H", data, end + 10)[0] + 100
    tail = bytearray(data[end:])
    struct.pack_into("<HHL", tail, 8, count, count, len(directory) + len(copies))
    return data[:end] + copies + bytes(tail)


@hostile("a ZIP64 directory of 4 billion entries", "roster.xlsx", "ARCHIVE_TOO_LARGE")
def _zip64() -> bytes:
    data = bytearray(workbook({}))
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<HHLL", data, end + 8, 0xFFFF, 0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF)
    return bytes(data)


@hostile("entries marked as encrypted", "roster.xlsx", "ARCHIVE_ENCRYPTED")
def _encrypted_entries() -> bytes:
    return _flagged_encrypted(workbook({}))


@hostile("entries packed with LZMA", "roster.xlsx", "ARCHIVE_METHOD")
def _lzma() -> bytes:
    return workbook({}, zipfile.ZIP_LZMA)


@hostile("cut off in the middle", "roster.xlsx", "ARCHIVE_DAMAGED")
def _truncated() -> bytes:
    whole = workbook({SHEET: sheet_xml("".join(row_xml(number, HEADINGS) for number in range(1, 500)))})
    return whole[: len(whole) // 2]


@hostile("two sheets of one name, one for each reader", "roster.xlsx", "WORKBOOK_DAMAGED")
def _two_of_one_name() -> bytes:
    return workbook({"xl/worksheets/sheetX.xml": sheet_xml(row_xml(1, ("x",)))}).replace(
        b"xl/worksheets/sheetX.xml", SHEET.encode()
    )
