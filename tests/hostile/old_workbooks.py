"""Workbooks of Excel 97 and other compound files."""

import struct
from pathlib import Path

from tests.hostile.archives import workbook
from tests.hostile.corpus import hostile

OLD_ROSTER = Path(__file__).parents[1] / "data" / "roster-old-excel.xls"
SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECTOR = 512
END_OF_CHAIN, FREE, FAT_SECTOR = 0xFFFF_FFFE, 0xFFFF_FFFF, 0xFFFF_FFFD


def compound_file(streams: dict[str, int], chain: tuple[int, ...] = (END_OF_CHAIN,)) -> bytes:
    """Return a compound file: its storages and streams by name and size, and how the directory's sectors go on.

    Sector 0 holds the allocation table, sector 1 the directory (MS-CFB, 2.2 to 2.6). Streams have no content.
    """
    header = (
        SIGNATURE
        + b"\0" * 16
        + struct.pack("<HHHHH6xLLLLLLLLL", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, *(END_OF_CHAIN, 0, END_OF_CHAIN, 0))
    )
    header += struct.pack("<109L", 0, *[FREE] * 108)
    table = struct.pack("<128L", FAT_SECTOR, *chain, *[FREE] * (127 - len(chain)))
    names = ["Root Entry", *streams]
    directory = b"".join(
        _entry(
            name,
            5 if at == 0 else 2,
            right=at + 1 if 0 < at < len(names) - 1 else FREE,
            child=1 if at == 0 and streams else FREE,
            size=streams.get(name, 0),
        )
        for at, name in enumerate(names)
    )
    return header + table + directory.ljust(SECTOR, b"\0")


def _entry(name: str, kind: int, *, right: int, child: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return encoded.ljust(64, b"\0") + struct.pack(
        "<HBBLLL16xL8x8xLQ", len(encoded), kind, 1, FREE, right, child, 0, END_OF_CHAIN, size
    )


@hostile("a workbook with a password", "roster.xlsx", "WORKBOOK_ENCRYPTED")
def _encrypted() -> bytes:
    return compound_file({"EncryptedPackage": 0, "EncryptionInfo": 0})


@hostile("an old workbook with macros", "roster.xls", "WORKBOOK_MACROS")
def _macros() -> bytes:
    return compound_file({"Workbook": 0, "_VBA_PROJECT_CUR": 0})


@hostile("a directory that runs in a circle", "roster.xls", "WORKBOOK_DAMAGED")
def _circle() -> bytes:
    return compound_file({"Workbook": 4096}, chain=(1,))


@hostile("an old workbook cut off", "roster.xls", "WORKBOOK_DAMAGED")
def _truncated() -> bytes:
    return OLD_ROSTER.read_bytes()[:2000]


@hostile("an old workbook of noise", "roster.xls", "WORKBOOK_DAMAGED")
def _noise() -> bytes:
    return SIGNATURE + bytes(range(256)) * 100


@hostile("a new workbook renamed to .xls", "roster.xls", "NOT_XLS")
def _new_workbook() -> bytes:
    return workbook({})


@hostile("a web page renamed to .xls", "roster.xls", "NOT_XLS")
def _web_page() -> bytes:
    return "<html><table><tr><td>姓名</td></tr></table></html>".encode()
