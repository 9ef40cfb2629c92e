"""Whether a draft names a person: by the number however it is written, and by nobody else's number."""

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from verify_service.drafts.model import Changes, Source
from verify_service.drafts.rules.naming import names
from verify_service.photos.model import Photo, PhotoArchive, PhotoName, UnexpectedFile
from verify_service.subjects.model import DocumentType, IdNumber
from verify_service.subjects.rules.characters import BLANKS, DASHES, INVISIBLE
from verify_service.tables.model import Cell, CellKind, Table, TableRow

RESIDENT = IdNumber(value="11010119900307123X", document_type=DocumentType.RESIDENT)
PERMIT = IdNumber(value="H12345678", document_type=DocumentType.HM_PERMIT)
TAIWAN = IdNumber(value="19900307", document_type=DocumentType.TW_PERMIT)
PASSPORT = IdNumber(value="G12345678", document_type=DocumentType.PASSPORT_CN)
FOREIGN = IdNumber(value="ABC123456789012", document_type=DocumentType.FOREIGN_PR_2017)

numbers = st.sampled_from((RESIDENT, PERMIT, TAIWAN, PASSPORT, FOREIGN))
separators = st.text(st.sampled_from(BLANKS + DASHES + "".join(INVISIBLE)), max_size=2)
words = st.text(st.characters(categories=("L", "N", "P", "S", "Z")), max_size=12) | st.sampled_from(
    ("20260314", "13800001111", "张伟", "A", "No2", "IMG_0001")
)
edges = st.sampled_from(BLANKS + DASHES + "_()（）【】,，.。/:：;；王张é")


def written(draw: st.DrawFn, number: IdNumber) -> str:
    """Return a number as somebody may write it: any width, any case, blanks and dashes anywhere inside."""
    shapes = [draw(st.sampled_from((one, one.lower(), chr(ord(one) + 0xFEE0)))) for one in number.value]
    return "".join(f"{draw(separators)}{shape}" if place else shape for place, shape in enumerate(shapes))


@st.composite
def beside_others(draw: st.DrawFn) -> tuple[IdNumber, str]:
    """Return a number, and a text in which it stands beside punctuation, blanks and words."""
    number = draw(numbers)
    before, after = draw(words), draw(words)
    return number, f"{before}{draw(edges) if before else ''}{written(draw, number)}{draw(edges)}{after}"


def row(value: str | float, *, other: bool = False) -> TableRow:
    cell = Cell("D5", CellKind.TEXT, value)
    return TableRow({}, (cell,)) if other else TableRow({"idNumber": cell}, ())


def stored(*contents: object) -> object:
    """Return contents as they are when a draft is opened without its types."""
    return [msgspec.msgpack.decode(msgspec.msgpack.encode(content)) for content in contents]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (RESIDENT, "11010119900307123X"),
        (RESIDENT, " 110101 19900307 123x\u200b"),
        (RESIDENT, "１１０１０１-19900307-１２３Ｘ"),
        (RESIDENT, "'11010119900307123×"),
        (RESIDENT, "110101900307123"),
        (RESIDENT, "旧编号 11010119900307123X（已换证）"),
        (RESIDENT, "王小明11010119900307123X.jpg"),
        (RESIDENT, "王五-11010119900307123X-1.jpg"),
        (RESIDENT, "11010119900307123X 2.jpg"),
        (RESIDENT, "20260314-11010119900307123X.jpg"),
        (RESIDENT, "20260314-110101 19900307 123X 2.jpg"),
        (RESIDENT, "11010119900307123X 13800001111"),
        (RESIDENT, "A 11010119900307123X"),
        (RESIDENT, "WangXiaoming11010119900307123Xnew.jpg"),
        (RESIDENT, "110101900307123 13800001111"),
        (PERMIT, "20260314 H12345678 02 2"),
        (PASSPORT, "passportG12345678.jpg"),
        (TAIWAN, "TW19900307"),
        (PERMIT, "h1234567802"),
        (PERMIT, "H12345678"),
        (TAIWAN, "19900307"),
    ],
)
def test_a_number_is_found_however_it_is_written(number: IdNumber, text: str) -> None:
    assert names(stored(Source("roster.xlsx", Table((row(text),), ()))), number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (RESIDENT, "110101199003071231"),
        (RESIDENT, "11010119900307123"),
        (RESIDENT, "211010119900307123X"),
        (RESIDENT, "王小明"),
        (RESIDENT, ""),
        (PERMIT, "H123456780"),
        (TAIWAN, "11010119900307123X"),
        (TAIWAN, "8619900307"),
        (TAIWAN, "H19900307"),
        (TAIWAN, "EA19900307"),
        (PERMIT, "EH12345678"),
        (PASSPORT, "EG12345678"),
    ],
)
def test_another_number_is_not_taken_for_it(number: IdNumber, text: str) -> None:
    assert not names(stored(Source(text, Table((row(text), row(text, other=True)), ()))), number)


@given(beside_others())
def test_it_is_found_beside_whatever_stands_there(found: tuple[IdNumber, str]) -> None:
    number, text = found
    assert names([text], number)


@given(numbers, st.text("0123456789", min_size=3, max_size=6), st.sampled_from((0, -1)), words, edges)
def test_within_a_longer_run_of_digits_it_is_not(number: IdNumber, more: str, end: int, word: str, edge: str) -> None:
    value = number.value
    assume(value[end].isdigit())
    assert not names([f"{value}{more}{edge}{word}" if end else f"{word}{edge}{more}{value}"], number)


def test_it_is_found_in_every_place_of_a_draft() -> None:
    number, table = RESIDENT.value, Table((), ())
    named = PhotoArchive((Photo("1.jpg", PhotoName("王小明", number), 0),), ())
    misnamed = PhotoArchive((), (UnexpectedFile(f"照片/{number}.png", "PATTERN", 0),))
    for content in (
        Source("roster.csv", Table((row(number, other=True),), ())),
        Source(f"{number}.csv", table),
        Source("roster.csv", table, named),
        Source("roster.csv", table, misnamed),
        Changes(corrections={3: {"idNumber": number}}),
        f"第 3 行 {number}-王小明：请核对",
    ):
        assert names(stored(Source("roster.csv", table), content), RESIDENT), content


def test_a_number_that_stands_as_one_is_found() -> None:
    assert names(stored(Source("roster.xlsx", Table((row(19900307),), ()))), TAIWAN)
    assert names(stored(Source("roster.xlsx", Table((row(19900307.0),), ()))), TAIWAN)
