"""ZIP files from outside, within limits: `.xlsx` workbooks and photo archives are both ZIPs someone else made.

Sizes are checked in the directory before anything is inflated, and again while inflating, because a directory can lie
(303 KB that claim to hold 10 bytes inflate to 300 MB). Entry names are data: nothing is ever written under them.
"""

import io
import struct
import zipfile
import zlib
from typing import Final

import msgspec

from verify_service.tables.rules.explanations import refusal

CHUNK_BYTES: Final = 65_536
RATIO_FREE_BYTES: Final = 1 << 20
"""Below this size a high compression ratio is ordinary (blank sheets, themes) and harmless."""
MAX_DIRECTORY_BYTES: Final = 4 << 20
END_OF_DIRECTORY: Final = struct.Struct("<4s4H2LH")
END_SIGNATURE: Final = b"PK\x05\x06"
ZIP64_MARK: Final = 0xFFFF_FFFF
FLAG_ENCRYPTED: Final = 0x1
FLAG_UTF8: Final = 0x800
# The other methods of `zipfile` (bzip2, LZMA) inflate a chunk without an upper bound.
BOUNDED_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What `zipfile` raises on broken input: struct.error on a cut directory, ValueError and OverflowError on impossible
# offsets, NotImplementedError on versions it does not know, EOFError on a cut entry.
ZIP_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class ArchiveLimits(msgspec.Struct, frozen=True):
    """How large an archive may be once unpacked."""

    entries: int
    entry_bytes: int
    total_bytes: int
    ratio: int
    """Unpacked to packed size of one entry."""


def open_archive(data: bytes, limits: ArchiveLimits) -> zipfile.ZipFile:
    """Return the archive opened for reading; refuse one that is damaged, encrypted or larger than the limits."""
    if _directory_bytes(data) > MAX_DIRECTORY_BYTES:
        raise refusal("ARCHIVE_TOO_LARGE")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except ZIP_ERRORS:
        raise refusal("ARCHIVE_DAMAGED") from None
    _require_within(archive.infolist(), limits)
    return archive


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return an entry's bytes, never more than its directory entry announced; refuse a damaged one."""
    content = bytearray()
    try:
        with archive.open(entry) as stream:
            # Read in chunks: a whole read() inflates everything the entry holds before it cuts to the announced size.
            while chunk := stream.read(CHUNK_BYTES):
                content += chunk
    except ZIP_ERRORS:
        raise refusal("ARCHIVE_DAMAGED") from None
    return bytes(content)


def entry_name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name as its maker meant it: UTF-8 where flagged or valid, else GB 18030 as Windows writes it.

    macOS writes UTF-8 without the flag; GB 18030 bytes of a Chinese name are practically never valid UTF-8.
    """
    if entry.flag_bits & FLAG_UTF8:
        return entry.filename
    raw = entry.orig_filename.encode("cp437")  # `zipfile` decoded it so: one character per byte, nothing lost
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _directory_bytes(data: bytes) -> int:
    """Return the size of the central directory: `zipfile` parses all of it before its entries can be counted."""
    at = data.rfind(END_SIGNATURE, max(0, len(data) - END_OF_DIRECTORY.size - 0xFFFF))
    if at < 0 or at + END_OF_DIRECTORY.size > len(data):
        raise refusal("ARCHIVE_DAMAGED")
    _, _, _, _, entries, size, offset, _ = END_OF_DIRECTORY.unpack_from(data, at)
    # ZIP64 is for archives far beyond our limits, and its second directory would have to be measured too.
    if ZIP64_MARK in (size, offset) or entries == 0xFFFF or b"PK\x06\x07" in data[max(0, at - 20) : at]:
        raise refusal("ARCHIVE_TOO_LARGE")
    return int(size)


def _require_within(entries: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    if len(entries) > limits.entries or sum(entry.file_size for entry in entries) > limits.total_bytes:
        raise refusal("ARCHIVE_TOO_LARGE")
    for entry in entries:
        if entry.flag_bits & FLAG_ENCRYPTED:
            raise refusal("ARCHIVE_ENCRYPTED")
        if entry.compress_type not in BOUNDED_METHODS:
            raise refusal("ARCHIVE_METHOD")
        dense = entry.file_size > max(RATIO_FREE_BYTES, entry.compress_size * limits.ratio)
        if entry.file_size > limits.entry_bytes or dense:
            raise refusal("ARCHIVE_TOO_LARGE")
