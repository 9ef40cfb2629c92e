"""QR codes as phones see them: printed as the PDF prints them, then damaged, before a reader that others wrote."""

from random import Random

import pytest
import zxingcpp

from signing import qr_matrix
from tests.artefacts import qr_text
from tests.interop.print_damage import photograph

NAMES = {
    "2 characters": "王芳",
    "25 characters": "阿卜杜热合曼·买买提艾力·吐尔逊江·艾合买提·阿不都"[:25],
    "25 characters of four bytes": "𠮷𬱖𫞩" * 8 + "𠮷",
}


def _unread(name: str, count: int) -> list[int]:
    """Return which of so many photographs of one code the reader did not read as it was printed."""
    text = qr_text(name=NAMES[name])
    matrix, chance = qr_matrix(text), Random(name)  # noqa: S311  # to be repeated, not to be secret
    read = [zxingcpp.read_barcode(photograph(matrix, chance)) for _ in range(count)]
    return [place for place, found in enumerate(read) if found is None or found.text != text]


def test_the_names_are_as_long_as_they_say() -> None:
    assert [len(name) for name in NAMES.values()] == [2, 25, 25]


@pytest.mark.parametrize("name", NAMES)
def test_all_of_20_photographs_are_read(name: str) -> None:
    assert _unread(name, 20) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_all_of_100_photographs_are_read(name: str) -> None:
    assert _unread(name, 100) == []
