import datetime

import pytest

from verify_service.pages.dates import format_date, format_instant
from verify_service.translations import Language


@pytest.mark.parametrize(
    ("language", "expected"),
    [(Language.CHINESE, "2026年8月6日"), (Language.ENGLISH, "6 August 2026")],
)
def test_a_date_is_written_without_leading_noughts(language: Language, expected: str) -> None:
    assert format_date(datetime.date(2026, 8, 6), language) == expected


@pytest.mark.parametrize(
    ("instant", "language", "expected"),
    [
        ("2026-11-23T08:59:05Z", Language.CHINESE, "2026年11月23日 16:59:05"),
        ("2026-11-23T08:59:05Z", Language.ENGLISH, "23 November 2026, 16:59:05 (Beijing time)"),
        ("2026-12-31T16:00:00Z", Language.CHINESE, "2027年1月1日 00:00:00"),
        ("2026-12-31T10:00:00-06:00", Language.ENGLISH, "1 January 2027, 00:00:00 (Beijing time)"),
    ],
)
def test_an_instant_is_told_in_beijing_time(instant: str, language: Language, expected: str) -> None:
    assert format_instant(datetime.datetime.fromisoformat(instant), language) == expected
