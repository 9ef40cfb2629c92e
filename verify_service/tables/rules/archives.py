"""ZIP files from outside, within limits: `.xlsx` workbooks and photo archives are both ZIPs someone else made.

Sizes are checked in the directory before anything is inflated, and again while inflating, because a directory can lie
(303 KB that claim to hold 10 bytes inflate to 300 MB). Entry names are data: nothing is ever written under them.
"""

import io
import struct
import zipfile
import zlib
from typing import BinaryIO, Final

import msgspec

from verify_service.tables.rules.explanations import refusal

CHUNK_BYTES: Final = 65_536
RATIO_FREE_BYTES: Final = 1 << 20
"""Below this size a high compression ratio is ordinary (blank sheets, themes) and harmless."""
MAX_DIRECTORY_BYTES: Final = 4 << 20
END_OF_DIRECTORY: Final = struct.Struct("<4s4H2LH")
END_SIGNATURE: Final = b"PK\x05\x06"
ZIP64_MARK: Final = 0xFFFF_FFFF
ZIP64_LOCATOR: Final = b"PK\x06\x07"
ZIP64_LOCATOR_BYTES: Final = 20
FLAG_ENCRYPTED: Final = 0x1
FLAG_UTF8: Final = 0x800
UNICODE_PATH: Final = struct.Struct("<BL")
"""Version 1 and the CRC-32 of the name it replaces, then that name in UTF-8 (APPNOTE 4.6.9, Info-ZIP)."""
UNICODE_PATH_FIELD: Final = 0x7075
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


def open_archive(source: bytes | BinaryIO, limits: ArchiveLimits) -> zipfile.ZipFile:
    """Return the archive opened for reading; refuse one that is damaged, encrypted or larger than the limits.

    A file must be seekable; it is left open when the archive is closed.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    if _directory_bytes(file) > MAX_DIRECTORY_BYTES:
        raise refusal("ARCHIVE_TOO_LARGE")
    try:
        archive = zipfile.ZipFile(file)
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

    macOS writes UTF-8 without the flag; GB 18030 bytes of a Chinese name are practically never valid UTF-8. Where a
    field of Info-ZIP holds the name in UTF-8, that counts. NUL characters are kept, for the caller to see.
    """
    if entry.flag_bits & FLAG_UTF8:
        return entry.orig_filename
    raw = entry.orig_filename.encode("cp437")  # `zipfile` decoded it so: one character per byte, nothing lost
    if (unicode_name := _unicode_path(entry.extra, raw)) is not None:
        return unicode_name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.orig_filename


def _unicode_path(extra: bytes, raw_name: bytes) -> str | None:
    """Return the UTF-8 name of the extra field, None where there is none or it is of another name."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH_FIELD and len(field) > UNICODE_PATH.size:
            version, checksum = UNICODE_PATH.unpack_from(field)
            if version == 1 and checksum == zlib.crc32(raw_name):
                return field[UNICODE_PATH.size :].decode("utf-8", "replace")
    return None


def _directory_bytes(file: BinaryIO) -> int:
    """Return the size of the central directory: `zipfile` parses all of it before its entries can be counted."""
    tail = _tail(file)
    at = tail.rfind(END_SIGNATURE)
    if at < 0 or at + END_OF_DIRECTORY.size > len(tail):
        raise refusal("ARCHIVE_DAMAGED")
    _, _, _, _, entries, size, offset, _ = END_OF_DIRECTORY.unpack_from(tail, at)
    has_locator = ZIP64_LOCATOR in tail[max(0, at - ZIP64_LOCATOR_BYTES) : at]
    # ZIP64 is for archives far beyond our limits, and its second directory would have to be measured too.
    if ZIP64_MARK in (size, offset) or entries == 0xFFFF or has_locator:
        raise refusal("ARCHIVE_TOO_LARGE")
    return int(size)


def _tail(file: BinaryIO) -> bytes:
    """Return the end of a file, where the directory's own end must stand: before a comment, after a locator."""
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - ZIP64_LOCATOR_BYTES - END_OF_DIRECTORY.size - 0xFFFF))
    return file.read()


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
