"""OLE2 compound files ([MS-CFB]): the streams of old Office documents, read so that no loop and no lie matters.

The reader of old workbooks follows whatever chain a file draws: 5 KB of zeros behind a sound header keep it busy until
the memory is gone. So it is only given `lone_stream_file`, which is made here.
"""

import struct
from collections.abc import Sequence
from typing import Final

import msgspec

SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER: Final = struct.Struct("<30x2H10x2L4x5L109L")
"""Two shifts; number of FAT sectors, directory; limit of small streams, their FAT and its size, more FAT and its size;
the first FAT sectors (2.2).
"""
ENTRY: Final = struct.Struct("<64sHB49xLQ")
END_OF_CHAIN: Final = 0xFFFF_FFFE
FREE: Final = 0xFFFF_FFFF
MAX_SECTOR: Final = 0xFFFF_FFFA
FAT_SECTOR: Final = 0xFFFF_FFFD
SECTOR_SHIFTS: Final = (9, 12)
MINI_SHIFT: Final = 6
ROOT: Final = 5
STREAM: Final = 2
SECTOR_BYTES: Final = 4096
"""Of the files made here (version 4)."""


class CompoundFileError(Exception):
    """The file is not what the specification says, or contradicts itself."""


class Entry(msgspec.Struct, frozen=True):
    """One storage or stream of the directory."""

    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """A file's directory, and its streams' bytes."""

    entries: Sequence[Entry]

    def __init__(self, data: bytes) -> None:
        if len(data) < HEADER.size:
            raise CompoundFileError
        shift, mini_shift, fat_count, directory, cutoff, mini_fat, _, more_fat, _, *first_fat = HEADER.unpack_from(data)
        if shift not in SECTOR_SHIFTS or mini_shift != MINI_SHIFT:
            raise CompoundFileError
        self._sector_bytes = 1 << shift
        self._sectors = memoryview(data)[self._sector_bytes :]
        self._sector_count = -(-len(self._sectors) // self._sector_bytes)
        self._fat = self._read_fat(first_fat, more_fat, fat_count)
        self._cutoff = cutoff
        self.entries = tuple(_entries(self._read(directory)))
        root = next((entry for entry in self.entries if entry.kind == ROOT), None)
        self._mini_fat = _numbers(self._read(mini_fat))
        self._mini_stream = b"" if root is None else self._read(root.start)[: root.size]

    def stream(self, name: str) -> bytes | None:
        """Return a stream's bytes, None where there is none of that name."""
        entry = next((entry for entry in self.entries if (entry.name, entry.kind) == (name, STREAM)), None)
        if entry is None:
            return None
        content = self._read(entry.start) if entry.size >= self._cutoff else self._read_mini(entry.start)
        if len(content) < entry.size:
            raise CompoundFileError
        return content[: entry.size]

    def _read(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _chain(self._fat, start))

    def _read_mini(self, start: int) -> bytes:
        chain = _chain(self._mini_fat, start)
        return b"".join(self._mini_stream[at << MINI_SHIFT : (at + 1) << MINI_SHIFT] for at in chain)

    def _sector(self, number: int) -> bytes:
        if number >= self._sector_count:
            raise CompoundFileError
        at = number * self._sector_bytes
        return bytes(self._sectors[at : at + self._sector_bytes]).ljust(self._sector_bytes, b"\0")

    def _read_fat(self, first: Sequence[int], more: int, count: int) -> Sequence[int]:
        """Return the allocation table, whose own sectors the header lists, and further lists, each naming the next."""
        listed = list(first)
        while more <= MAX_SECTOR and len(listed) < min(count, self._sector_count):
            *numbers, more = _numbers(self._sector(more))
            listed += numbers
        used = [number for number in listed if number != FREE][:count]
        if len(set(used)) < len(used):
            raise CompoundFileError
        return _numbers(b"".join(self._sector(number) for number in used))


def lone_stream_file(name: str, content: bytes) -> bytes:
    """Return a sound compound file of one stream, padded with zeros to where it is no small one."""
    content = content.ljust(SECTOR_BYTES, b"\0")
    stream_sectors = -(-len(content) // SECTOR_BYTES)
    numbers_per_sector = SECTOR_BYTES // 4
    fat_sectors = -(-(stream_sectors + 2) // (numbers_per_sector - 1))
    first = fat_sectors + 1
    last = first + stream_sectors - 1
    table = [FAT_SECTOR] * fat_sectors + [END_OF_CHAIN, *range(first + 1, last + 1), END_OF_CHAIN]
    table += [FREE] * (fat_sectors * numbers_per_sector - len(table))
    header = bytearray(SECTOR_BYTES)
    listed = [*range(fat_sectors), *[FREE] * (109 - fat_sectors)]
    HEADER.pack_into(
        header, 0, 12, MINI_SHIFT, fat_sectors, fat_sectors, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0, *listed
    )
    header[: len(SIGNATURE)] = SIGNATURE
    struct.pack_into("<HHH", header, 24, 0x3E, 4, 0xFFFE)
    struct.pack_into("<L", header, 40, 1)
    # python-calamine takes a root without a stream of small ones for an empty file: it gets one of no bytes.
    directory = _packed_entry("Root Entry", ROOT, first, 0) + _packed_entry(name, STREAM, first, len(content))
    return b"".join(
        (
            bytes(header),
            struct.pack(f"<{len(table)}L", *table),
            directory.ljust(SECTOR_BYTES, b"\0"),
            content.ljust(stream_sectors * SECTOR_BYTES, b"\0"),
        )
    )


def _packed_entry(name: str, kind: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    entry = bytearray(ENTRY.pack(encoded, len(encoded), kind, start, size))
    # Colour black; no siblings; the root's child is the one stream.
    struct.pack_into("<BLLL", entry, 67, 1, FREE, FREE, 1 if kind == ROOT else FREE)
    return bytes(entry)


def _entries(directory: bytes) -> list[Entry]:
    whole = directory[: len(directory) // ENTRY.size * ENTRY.size]
    return [
        Entry(name[: max(0, length - 2)].decode("utf-16-le", "replace"), kind, start, size & 0xFFFF_FFFF)
        for name, length, kind, start, size in ENTRY.iter_unpack(whole)
        if kind
    ]


def _chain(table: Sequence[int], start: int) -> list[int]:
    """Return the sectors of a chain; one that leaves the table or returns to itself is an error."""
    chain: list[int] = []
    at = start
    while at <= MAX_SECTOR:
        if at >= len(table) or len(chain) > len(table):
            raise CompoundFileError
        chain.append(at)
        at = table[at]
    return chain


def _numbers(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 4}L", data[: len(data) // 4 * 4])
