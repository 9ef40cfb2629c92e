"""When a class is due, and that every class has a rule."""

import datetime
from typing import Literal

import pytest

from verify_service.retention.model import DataClass, Term
from verify_service.retention.rules import RULES, cut_off, kept_days


@pytest.mark.parametrize(
    ("today", "keep_days", "before"),
    [
        ("2026-11-23", 1, "2026-11-22"),
        ("2026-11-23", 365, "2025-11-23"),
        ("2028-03-01", 1, "2028-02-29"),
        ("2026-11-23", 1095, "2023-11-24"),  # a leap day is between
        ("2026-11-23", 36_500, "1926-12-18"),
    ],
)
def test_what_is_older_than_its_days_is_due(today: str, keep_days: int, before: str) -> None:
    term = Term(keep_days, "a test")

    assert cut_off(term, datetime.date.fromisoformat(today)) == datetime.date.fromisoformat(before)
    assert kept_days(term) == keep_days


def test_what_is_kept_for_ever_is_never_due() -> None:
    for_ever: Literal["forever"] = "forever"
    term = Term(for_ever, "a test")

    assert cut_off(term, datetime.date(2026, 11, 23)) is None
    assert kept_days(term) is None


def test_every_class_has_a_rule_and_people_are_erased_first() -> None:
    assert set(RULES) == set(DataClass)
    assert next(iter(RULES)) is DataClass.ROSTERS
