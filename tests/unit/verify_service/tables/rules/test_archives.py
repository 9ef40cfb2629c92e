"""ZIP files from outside: limits hold also where the directory lies, and names come out as they were meant."""

import io
import struct
import zipfile
import zlib

import pytest

from verify_service.errors import UsageError
from verify_service.tables.rules.archives import ArchiveLimits, entry_name, open_archive, read_entry

LIMITS = ArchiveLimits(entries=3, entry_bytes=4 << 20, total_bytes=6 << 20, ratio=200)
NOISE = bytes(zlib.crc32(number.to_bytes(4, "big")) & 0xFF for number in range(1 << 16))


def pack(*contents: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytearray:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"{number}.bin", content)
    return bytearray(packed.getvalue())


def read_all(data: bytes | bytearray) -> list[bytes]:
    with open_archive(bytes(data), LIMITS) as archive:
        return [read_entry(archive, entry) for entry in archive.infolist()]


def refusal_of(data: bytes | bytearray) -> str:
    with pytest.raises(UsageError) as refused:
        read_all(data)
    return refused.value.code


def test_an_archive_within_the_limits_gives_its_bytes() -> None:
    assert read_all(pack(NOISE, b"")) == [NOISE, b""]


def test_an_archive_can_be_a_file_that_stays_open() -> None:
    file = io.BytesIO(pack(NOISE))
    file.seek(7)

    with open_archive(file, LIMITS) as archive:
        assert read_entry(archive, archive.infolist()[0]) == NOISE
    assert not file.closed


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pack(b"", b"", b"", b""), "ARCHIVE_TOO_LARGE"),  # entries
        (pack(NOISE * 65), "ARCHIVE_TOO_LARGE"),  # one entry
        (pack(NOISE * 40, NOISE * 40, NOISE * 40), "ARCHIVE_TOO_LARGE"),  # together
        (pack(bytes(2 << 20)), "ARCHIVE_TOO_LARGE"),  # ratio
        (pack(b"x", method=zipfile.ZIP_LZMA), "ARCHIVE_METHOD"),
        (pack(b"x", method=zipfile.ZIP_BZIP2), "ARCHIVE_METHOD"),
        (pack(NOISE)[:-30], "ARCHIVE_DAMAGED"),
        (pack(NOISE)[40:], "ARCHIVE_DAMAGED"),
        (b"", "ARCHIVE_DAMAGED"),
        (b"PK\x03\x04", "ARCHIVE_DAMAGED"),
        (b"PK\x05\x06", "ARCHIVE_DAMAGED"),
    ],
)
def test_an_archive_beyond_the_limits_or_damaged_is_refused(data: bytes, code: str) -> None:
    assert refusal_of(data) == code


def test_an_encrypted_entry_is_refused() -> None:
    data = pack(b"x")
    data[data.rfind(b"PK\x01\x02") + 8] |= 1

    assert refusal_of(data) == "ARCHIVE_ENCRYPTED"


def test_a_directory_that_announces_ten_bytes_gets_no_more_than_ten_read() -> None:
    data = pack(bytes(40 << 20))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<L", data, data.rfind(signature) + offset, 10)

    assert refusal_of(data) == "ARCHIVE_DAMAGED"  # the ten bytes do not have the checksum of all


def test_a_directory_that_lies_about_size_and_checksum_still_gives_only_what_it_announced() -> None:
    data = pack(bytes(40 << 20))
    for signature, checksum in ((b"PK\x01\x02", 16), (b"PK\x03\x04", 14)):
        at = data.rfind(signature) + checksum
        struct.pack_into("<L", data, at, zlib.crc32(bytes(10)))
        struct.pack_into("<L", data, at + 8, 10)

    assert read_all(data) == [bytes(10)]


def test_a_directory_too_large_to_parse_is_refused_by_its_size() -> None:
    data = pack(b"x")
    struct.pack_into("<L", data, data.rfind(b"PK\x05\x06") + 12, 5 << 20)

    assert refusal_of(data) == "ARCHIVE_TOO_LARGE"


@pytest.mark.parametrize(
    ("raw", "flag", "name"),
    [
        ("林晓禾.jpg".encode("gb18030"), 0, "林晓禾.jpg"),  # Windows
        ("林晓禾.jpg".encode(), 0, "林晓禾.jpg"),  # macOS does not set the flag
        ("林晓禾.jpg".encode(), 0x800, "林晓禾.jpg"),
        ("𬍛.jpg".encode("gb18030"), 0, "𬍛.jpg"),
        (b"plain.jpg", 0, "plain.jpg"),
    ],
)
def test_an_entry_has_the_name_its_maker_gave_it(raw: bytes, flag: int, name: str) -> None:
    placeholder = b"x" * len(raw)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(placeholder.decode(), b"")
    data = bytearray(packed.getvalue().replace(placeholder, raw))
    struct.pack_into("<H", data, data.rfind(b"PK\x01\x02") + 8, flag)
    struct.pack_into("<H", data, data.rfind(b"PK\x03\x04") + 6, flag)

    with open_archive(bytes(data), LIMITS) as archive:
        assert entry_name(archive.infolist()[0]) == name
