"""Compound files: streams come out whole, and no chain of sectors runs for ever."""

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.old_workbooks import compound_file
from verify_service.tables.rules.compound_files import CompoundFile, CompoundFileError, lone_stream_file

OLD_EXCEL = (Path(__file__).parents[4] / "data" / "old-excel-kinds.xls").read_bytes()


@pytest.mark.parametrize("length", [0, 1, 4095, 4096, 4097, 5 << 20])
def test_a_stream_put_in_comes_out(length: int) -> None:
    content = bytes(number % 251 for number in range(length))

    assert CompoundFile(lone_stream_file("Workbook", content)).stream("Workbook") == content.ljust(4096, b"\0")


def test_small_streams_come_from_the_stream_of_small_ones() -> None:
    file = CompoundFile(OLD_EXCEL)

    assert {entry.name for entry in file.entries} >= {"Root Entry", "Workbook", "\x05SummaryInformation"}
    summary = file.stream("\x05SummaryInformation")
    assert summary is not None
    assert (len(summary), summary[:2]) == (200, b"\xfe\xff")


def test_a_stream_that_is_not_there_is_none() -> None:
    assert CompoundFile(OLD_EXCEL).stream("Book") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        OLD_EXCEL[:500],
        OLD_EXCEL[:600],
        OLD_EXCEL[:512] + bytes(5000),
        OLD_EXCEL[:30] + b"\x20\x00" + OLD_EXCEL[32:],  # sectors of 4 GB
        OLD_EXCEL[:48] + struct.pack("<L", 9999) + OLD_EXCEL[52:],  # a directory beyond the end
        compound_file({"Workbook": 4096}, chain=(1,)),  # a directory that follows itself
    ],
)
def test_what_contradicts_itself_is_refused(data: bytes) -> None:
    with pytest.raises(CompoundFileError):
        CompoundFile(data)


def test_a_stream_shorter_than_announced_is_refused() -> None:
    with pytest.raises(CompoundFileError):
        CompoundFile(compound_file({"Workbook": 9000})).stream("Workbook")


@given(patch=st.binary(max_size=64), at=st.integers(0, 1100), cut=st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_file_is_read_or_refused(*, patch: bytes, at: int, cut: bool) -> None:
    with contextlib.suppress(CompoundFileError):
        CompoundFile(OLD_EXCEL[:at] + patch + (b"" if cut else OLD_EXCEL[at + len(patch) :])).stream("Workbook")
