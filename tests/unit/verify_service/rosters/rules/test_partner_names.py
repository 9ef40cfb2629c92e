"""Column 合作机构名称: names of institutions, and nothing that belongs to a person."""

import pytest

from verify_service.errors import FieldError
from verify_service.rosters.rules.partner_names import parse_partner_name


@pytest.mark.parametrize("name", ["星河传媒学院", "ABC 培训学校（北京）", "第1中学", "2026级合作班"])
def test_a_name_is_kept(name: str) -> None:
    assert parse_partner_name(f" {name} ") == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "EMPTY"),
        ("星河?学院", "REPLACEMENT"),
        ("13800138000", "CHARSET"),
        ("11010519491231002X", "CHARSET"),
        ("=SUM(A1)", "CHARSET"),
        ("@SUM(A1)", "CHARSET"),
        ("〃", "CHARSET"),
        ('"', "CHARSET"),
        ("同上", "PATTERN"),
        ("学" * 101, "TOO_LONG"),
    ],
)
def test_what_is_no_name_is_refused(text: str, code: str) -> None:
    with pytest.raises(FieldError) as refused:
        parse_partner_name(text)

    assert refused.value.code == code
