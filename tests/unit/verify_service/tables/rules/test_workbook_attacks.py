"""Workbooks made to hurt: each is refused, quickly, with the code that belongs to it."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import UsageError
from verify_service.tables.rules.workbook_parts import MAX_SIDE_PART_BYTES, MAX_TAGS
from verify_service.tables.rules.workbooks import read_workbook

SHEET = "xl/worksheets/sheet1.xml"
ROSTER = (Path(__file__).parents[4] / "data" / "roster-messy.xlsx").read_bytes()
BILLION_LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(8))
    + "]>"
)
EXTERNAL_ENTITY = '<!DOCTYPE l [<!ENTITY i SYSTEM "file:///etc/hostname">]>'
TEXT_ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'


def refusal_of(data: bytes) -> str:
    with pytest.raises(UsageError) as refused:
        read_workbook(data)
    assert refused.value.message
    return refused.value.code


@pytest.mark.parametrize(
    ("rows", "prolog", "code"),
    [
        (TEXT_ROW.format("A" * (17 << 20)), "", "ARCHIVE_TOO_LARGE"),
        (TEXT_ROW.format("A" * (4 << 20)), "", "ARCHIVE_TOO_LARGE"),  # small enough, but a thousandfold when packed
        (TEXT_ROW.format("&i;"), BILLION_LAUGHS, "WORKBOOK_DAMAGED"),
        (TEXT_ROW.format("&i;"), EXTERNAL_ENTITY, "WORKBOOK_DAMAGED"),
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "", "TOO_MANY_ROWS"),
        ('<row r="99999999999999"><c><v>1</v></c></row>', "", "TOO_MANY_ROWS"),
        ('<row><c t="s"><v>7</v></c></row>', "", "WORKBOOK_DAMAGED"),  # the eighth of no shared strings
        ("<row><c><v>0x7F</v></c></row>", "", "WORKBOOK_DAMAGED"),
        (f"<row><c><v>{'1' * 5000}</v></c></row>", "", "WORKBOOK_DAMAGED"),
        ("<row>", "", "WORKBOOK_DAMAGED"),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "", "WORKBOOK_DAMAGED"),  # which one counts?
        ('<row r="1"><c r="A9"><v>1</v></c></row>', "", "WORKBOOK_DAMAGED"),
        ('<row r="1"><c><v>1</v></c></row><row r="1"><c><v>2</v></c></row>', "", "WORKBOOK_DAMAGED"),
        ('<row r="7"><c r="BM7"><v>1</v></c></row>', "", "TOO_MANY_COLUMNS"),
        ("<row><c><f>cmd|'/C calc'!A0</f><v>1</v></c></row>", "", "WORKBOOK_LINKS"),
    ],
)
def test_a_hostile_sheet_is_refused(
    bend_workbook: Callable[..., bytes], sheet_part: Callable[..., bytes], rows: str, prolog: str, code: str
) -> None:
    assert refusal_of(bend_workbook({SHEET: sheet_part(rows, prolog)})) == code


def test_a_sheet_of_countless_tags_is_refused_before_it_is_parsed(
    bend_workbook: Callable[..., bytes], sheet_part: Callable[..., bytes]
) -> None:
    # Comments that do not compress keep the ratio inconspicuous.
    noise = [hashlib.sha256(number.to_bytes(4, "big")).hexdigest() for number in range(MAX_TAGS // 1000)]
    cells = "".join("<c/>" * 1000 + f"<!--{comment}-->" for comment in noise)

    assert refusal_of(bend_workbook({SHEET: sheet_part(f"<row>{cells}</row>")})) == "ARCHIVE_TOO_LARGE"


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0", "WORKBOOK_MACROS"),
        ("xl/macrosheets/sheet1.xml", b"<x/>", "WORKBOOK_MACROS"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "WORKBOOK_LINKS"),
        ("xl/connections.xml", b"<x/>", "WORKBOOK_LINKS"),
        ("xl/queryTables/queryTable1.xml", b"<x/>", "WORKBOOK_LINKS"),
        ("xl/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0", "WORKBOOK_OBJECTS"),
        ("xl/activeX/activeX1.bin", b"x", "WORKBOOK_OBJECTS"),
        (SHEET, '<!DOCTYPE w SYSTEM "http://192.0.2.1/x.dtd"><worksheet/>'.encode("utf-16"), "WORKBOOK_DAMAGED"),
        ("xl/styles.xml", bytes(range(256)) * (MAX_SIDE_PART_BYTES // 256 + 1), "ARCHIVE_TOO_LARGE"),
        ("[Content_Types].xml", b"", "WORKBOOK_DAMAGED"),
        ("[Content_Types].xml", b"<a>" * 9_000 + b"</a>" * 9_000, "WORKBOOK_DAMAGED"),
        ("xl/workbook.xml", b"\xff\xfe", "WORKBOOK_DAMAGED"),
    ],
)
def test_a_part_that_does_not_belong_is_refused(
    bend_workbook: Callable[..., bytes], part: str, content: bytes, code: str
) -> None:
    assert refusal_of(bend_workbook({part: content})) == code


def test_two_parts_of_one_name_are_refused(build_workbook: Callable[..., bytes]) -> None:
    doubled = io.BytesIO(build_workbook([["x"]]))
    with zipfile.ZipFile(doubled, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<worksheet/>")

    assert refusal_of(doubled.getvalue()) == "WORKBOOK_DAMAGED"


@given(patch=st.binary(max_size=64), at=st.integers(0, len(ROSTER) - 1), cut=st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_damaged_workbook_is_read_or_refused_never_anything_else(*, patch: bytes, at: int, cut: bool) -> None:
    damaged = ROSTER[:at] + patch + (b"" if cut else ROSTER[at + len(patch) :])

    try:
        read_workbook(damaged)
    except UsageError as refused:
        assert refused.message  # noqa: PT017 - either outcome is right, a third is not


@given(st.binary(max_size=600), st.integers(0, 4000))
@settings(max_examples=150, deadline=None)
def test_a_sheet_of_broken_xml_is_read_or_refused(patch: bytes, at: int) -> None:
    # Inside the ZIP, where no checksum stands in the way.
    bent = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ROSTER)) as plain, zipfile.ZipFile(bent, "w") as archive:
        for name in plain.namelist():
            content = plain.read(name)
            archive.writestr(name, content[:at] + patch + content[at + len(patch) :] if name == SHEET else content)

    try:
        read_workbook(bent.getvalue())
    except UsageError as refused:
        assert refused.message  # noqa: PT017 - either outcome is right, a third is not
