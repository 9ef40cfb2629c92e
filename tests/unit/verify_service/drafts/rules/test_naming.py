"""Whether a draft names a person: by the number however it is written, and by nobody else's number."""

import msgspec
import pytest

from verify_service.drafts.model import Changes, Source
from verify_service.drafts.rules.naming import names
from verify_service.photos.model import Photo, PhotoArchive, PhotoName, UnexpectedFile
from verify_service.subjects.model import DocumentType, IdNumber
from verify_service.tables.model import Cell, CellKind, Table, TableRow

RESIDENT = IdNumber(value="11010119900307123X", document_type=DocumentType.RESIDENT)
PERMIT = IdNumber(value="H12345678", document_type=DocumentType.HM_PERMIT)
TAIWAN = IdNumber(value="19900307", document_type=DocumentType.TW_PERMIT)


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
    ],
)
def test_another_number_is_not_taken_for_it(number: IdNumber, text: str) -> None:
    assert not names(stored(Source(text, Table((row(text), row(text, other=True)), ()))), number)


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
    ):
        assert names(stored(Source("roster.csv", table), content), RESIDENT), content


def test_a_number_that_stands_as_one_is_found() -> None:
    assert names(stored(Source("roster.xlsx", Table((row(19900307),), ()))), TAIWAN)
    assert names(stored(Source("roster.xlsx", Table((row(19900307.0),), ()))), TAIWAN)
