"""What a certificate's file is called."""

import pytest

from verify_service.documents.rules.files import file_name


@pytest.mark.parametrize("name", ["𠮷" * 60, "汉" * 100, "A" * 300])
def test_no_name_is_longer_than_file_systems_take(name: str) -> None:
    called = file_name(name, "QMT20260001234")

    assert len(called.encode()) <= 255
    assert called.startswith(name[:50])
    assert called.endswith("_QMT20260001234.pdf")
