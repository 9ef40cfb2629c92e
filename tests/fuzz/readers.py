"""Fuzzing the readers, guided by coverage: whatever comes in, nothing but our own errors comes out.

`python -m tests.fuzz.readers TARGET FOLDER -runs=200000` is a program of its own, because the fuzzer ends its process.
FOLDER gets the sound files it begins from, and keeps the inputs that led somewhere new; what breaks a reader is written
beside it as `crash-…`, and running that file in place of FOLDER breaks it again.
"""

import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

import atheris  # type: ignore[import-untyped]  # it has no stubs

with atheris.instrument_imports(include=["verify_service", "signing", "openpyxl", "csv", "zipfile", "PIL"]):
    from signing import encode_base64url, parse_qr_text
    from verify_service.errors import ServiceError
    from verify_service.photos.model import PhotosWanted
    from verify_service.photos.rules.archives import prepare_portraits, read_photo_archive
    from verify_service.photos.rules.file_names import parse_photo_name
    from verify_service.photos.rules.pictures import make_portrait
    from verify_service.rosters.rules.checks import check_roster, read_roster
    from verify_service.tables.model import Sheet
    from verify_service.tables.rules.files import read_tables
    from verify_service.verification.model import Artefact
    from verify_service.verification.rules.evidence import RefutedError, examine

# Not instrumented, as they build what the readers read.
from tests import artefacts
from tests.artefacts import ISSUER, TOKEN, URL

DATA: Final = Path(__file__).parents[1] / "data"
TODAY: Final = date(2026, 11, 23)
SHEET: Final = "xl/worksheets/sheet1.xml"
HEADINGS: Final = "姓名,性别,身份证号,手机号,合作机构名称\n"


def text(data: bytes) -> None:
    """A file of text, below headings or not, as far as a checked roster."""
    _check(read_tables(io.BytesIO(data), "roster.csv"))
    _check(read_tables(io.BytesIO(HEADINGS.encode() + data), "-.txt"))


def sheet(data: bytes) -> None:
    """The XML of a sheet inside a sound workbook, where no checksum stands in the way."""
    bent = io.BytesIO()
    with zipfile.ZipFile(DATA / "roster-messy.xlsx") as plain, zipfile.ZipFile(bent, "w") as archive:
        for name in plain.namelist():
            archive.writestr(name, data if name == SHEET else plain.read(name))
    bent.seek(0)
    _check(read_tables(bent, "roster.xlsx"))


def workbook(data: bytes) -> None:
    """A workbook of the new kind, byte by byte."""
    _check(read_tables(io.BytesIO(data), "roster.xlsx"))


def old_workbook(data: bytes) -> None:
    """A workbook of Excel 97."""
    _check(read_tables(io.BytesIO(data), "roster.xls"))


def photo_name(data: bytes) -> None:
    """The path of a file in a ZIP."""
    parse_photo_name(data.decode("utf-8", "surrogateescape"))


def photo_archive(data: bytes) -> None:
    """A ZIP of photos, as far as their portraits."""
    archive = read_photo_archive(io.BytesIO(data))
    wanted = PhotosWanted(tuple(photo.entry for photo in archive.photos), keep=False)
    list(prepare_portraits(io.BytesIO(data), wanted))


def picture(data: bytes) -> None:
    """A JPEG or PNG."""
    make_portrait(data)


def record(data: bytes) -> None:
    """A record that is handed in to be verified."""
    _examine(Artefact(record=data))


def qr_text(data: bytes) -> None:
    """The text of a QR code, and its signed part alone."""
    _examine(Artefact(qr_texts=(data.decode("utf-8", "replace"),)))
    _examine(Artefact(qr_texts=(f"{URL}/v/{TOKEN}#{encode_base64url(data)}",)))


def _examine(artefact: Artefact) -> None:
    with suppress(RefutedError):  # the one way to be refused
        examine(artefact, ISSUER)


def _check(sheets: tuple[Sheet, ...]) -> None:
    check_roster(read_roster(sheets), today=TODAY, missing_characters=lambda _: ())


def _photos() -> Iterator[bytes]:
    with zipfile.ZipFile(DATA / "photos-host.zip") as archive:
        yield from (archive.read(name) for name in archive.namelist()[:3])


def _small_archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, content in enumerate(_photos()):
            archive.writestr(f"林晓禾{number}10000199003079874.jpg", content[:700])
    return packed.getvalue()


def _sheet_part() -> bytes:
    with zipfile.ZipFile(DATA / "roster-messy.xlsx") as archive:
        return archive.read(SHEET)


TARGETS: Final[dict[str, tuple[Callable[[bytes], None], Callable[[], list[bytes]]]]] = {
    "text": (text, lambda: [(DATA / "roster-host.csv").read_bytes()]),
    "sheet": (sheet, lambda: [_sheet_part()]),
    "workbook": (workbook, lambda: [(DATA / "roster-messy.xlsx").read_bytes()]),
    "old_workbook": (old_workbook, lambda: [(DATA / "roster-old-excel.xls").read_bytes()]),
    "photo_name": (photo_name, lambda: ["照片/林晓禾+110000199003079874.jpg".encode()]),
    "photo_archive": (photo_archive, lambda: [_small_archive()]),
    "picture": (picture, lambda: list(_photos())),
    "record": (record, lambda: [artefacts.record()]),
    "qr_text": (qr_text, lambda: [artefacts.qr_text().encode(), parse_qr_text(artefacts.qr_text())[2]]),
}
"""Each with files it can begin from."""


def main() -> None:
    """Fuzz the target named first with what the folder named second holds; the rest is the fuzzer's own."""
    target, seeds = TARGETS[sys.argv[1]]
    folder = Path(sys.argv[2])

    def one_input(data: bytes) -> None:
        try:
            target(data)
        except ServiceError as error:
            if not error.code:
                raise

    if folder.is_dir():
        for number, seed in enumerate(seeds()):
            (folder / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], *sys.argv[2:]], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
