"""Which spellings are one partner, and which may be a misspelling of one."""

import pytest

from verify_service.partners.rules import fold_partner_name, similar_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("测试学院（东区）", "测试学院(东区)"),
        ("测试学院（东区）", "测试学院﹙东区﹚"),
        (" 测试　学院 ", "测试学院"),
        ("测试\u200b学院", "测试学院"),
        ("ABC 传媒", "ａｂｃ传媒"),
        ("测试大学—东区", "测试大学-东区"),
        ("测试大学——东区", "测试大学－东区"),
        ("测试大学 – 东区", "测试大学‑东区"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold_partner_name(one) == fold_partner_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("测试传媒", "测试传媒有限公司"),
        ("测试传媒有限公司", "测试传媒有限责任公司"),
        ("测试大学东区", "测试大学-东区"),
        ("测试学院（东区）", "测试学院东区"),
        ("测试学院", "測試學院"),
    ],
)
def test_names_that_may_be_two_institutions_stay_two(one: str, other: str) -> None:
    assert fold_partner_name(one) != fold_partner_name(other)


REGISTERED = {
    "测试学院": "测试学院",
    "东海职业技术学院": "东海职业技术学院",
    "北山职业技术学院": "北山职业技术学院",
    "东海职院": "东海职业技术学院",
}


@pytest.mark.parametrize(
    ("name", "similar"),
    [
        ("测试学校", ("测试学院",)),
        ("东海职业技术学校", ("东海职业技术学院",)),
        ("东海职院分院", ("东海职业技术学院",)),
        ("另一家", ()),
        ("", ()),
    ],
)
def test_a_misspelt_name_leads_to_the_registered_one(name: str, similar: tuple[str, ...]) -> None:
    assert similar_names(name, REGISTERED) == similar
