"""The columns of a roster that have rules of their own."""

from collections.abc import Callable

import pytest

from verify_service.errors import FieldError
from verify_service.rosters.model import RosterReport
from verify_service.rosters.rules.choices import parse_choice
from verify_service.rosters.rules.partner_names import parse_partner_name
from verify_service.tables.model import CellKind

BOY = ("林晓禾", "110000199003079874", "男", "19400001234", "某某培训学校")
PASSPORT = ("林晓禾", "EJ1234567", "男", "19400001234", "某某培训学校")

Check = Callable[..., RosterReport]


@pytest.mark.parametrize(
    ("stated", "row", "document_type"),
    [
        ("护照", PASSPORT, "passport_cn"),
        ("居民身份证", BOY, "resident"),
        ("", BOY, "resident"),  # a blank cell leaves the number to speak for itself
        ("\u3000", BOY, "resident"),
    ],
)
def test_the_document_type_is_the_one_stated_or_the_one_the_number_carries(
    check: Check, stated: str, row: tuple[str, ...], document_type: str
) -> None:
    (report,) = check((*row, stated), more_headings=["证件类型"]).rows

    assert (report.errors, report.value.document_type) == ((), document_type)


def test_without_a_stated_type_a_passport_number_is_refused(check: Check) -> None:
    (report,) = check(PASSPORT).rows

    assert [(issue.code, issue.field) for issue in report.errors] == [("CHARSET", "idNumber")]


def test_an_unknown_document_type_is_refused_in_its_own_column(check: Check) -> None:
    (report,) = check((*BOY, "学生证"), more_headings=["证件类型"]).rows

    assert [(issue.code, issue.field, issue.cell) for issue in report.errors] == [("PATTERN", "documentType", "F2")]


@pytest.mark.parametrize(
    ("text", "answer"), [("是", True), (" 是 ", True), ("否", False), ("", False), ("\u3000", False)]
)
def test_a_second_certificate_is_asked_for_with_yes_or_no(text: str, *, answer: bool) -> None:
    assert parse_choice(text) is answer


@pytest.mark.parametrize("text", ["√", "yes", "1", "不", "是否"])
def test_any_other_answer_is_refused(text: str) -> None:
    with pytest.raises(FieldError, match="PATTERN"):
        parse_choice(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("星河传媒学院", "星河传媒学院"),
        ("  Star \u3000River\u200b Media ", "Star River Media"),
        ("某某（北京）学校", "某某（北京）学校"),
    ],
)
def test_a_partner_name_is_tidied(text: str, name: str) -> None:
    assert parse_partner_name(text) == name
    assert parse_partner_name(name) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "EMPTY"),
        (" \u200b", "EMPTY"),
        ("星河?学院", "REPLACEMENT"),
        ("星河\ufffd", "REPLACEMENT"),
        ("星\x00河", "CHARSET"),
        ("星\ue000河", "CHARSET"),
        ("星" * 101, "TOO_LONG"),
    ],
)
def test_a_partner_name_that_cannot_be_one_is_refused(text: str, code: str) -> None:
    with pytest.raises(FieldError, match=f"^{code}$"):
        parse_partner_name(text)


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        (0, True, "CELL_TYPE"),
        (2, CellKind.FORMULA, "FORMULA"),
        (3, 1.94e18, "NUMERIC_CELL"),
        (4, 123, "CELL_TYPE"),
        (4, CellKind.ERROR, "CELL_TYPE"),
    ],
)
def test_a_cell_of_the_wrong_kind_is_refused_and_its_value_is_null(
    check: Check, column: int, cell: object, code: str
) -> None:
    row: list[object] = list(BOY)
    row[column] = cell

    (report,) = check(row).rows

    assert [issue.code for issue in report.errors] == [code]
    assert None in (report.value.name, report.value.sex, report.value.phone, report.value.partner)


def test_a_sex_coded_as_a_number_is_understood_with_a_warning(check: Check) -> None:
    (report,) = check((BOY[0], BOY[1], 1, *BOY[3:])).rows

    assert (report.errors, report.value.sex) == ((), "男")
    assert [issue.code for issue in report.warnings] == ["GENDER_CODE"]


def test_no_message_quotes_what_was_typed(check: Check) -> None:
    (report,) = check(("王小2", "110000199003079870", "未知", "010-65330000", "")).rows

    messages = "".join(issue.message for issue in report.errors)
    assert len(report.errors) == 5
    assert not any(typed in messages for typed in ("王小", "110000", "未知", "65330000"))
