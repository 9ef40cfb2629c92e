"""The fixed vocabulary of a results file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import FieldError
from verify_service.exams.model import Conclusion, SittingKind
from verify_service.exams.rules.results import format_score, parse_conclusion, parse_score, parse_sitting_kind

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=6)


@pytest.mark.parametrize(
    ("text", "conclusion"),
    [
        ("合格", Conclusion.PASSED),
        ("不合格", Conclusion.FAILED),
        (" 缺　考", Conclusion.ABSENT),
        ("作废\u200b", Conclusion.VOID),
    ],
)
def test_the_four_conclusions_are_read(text: str, conclusion: Conclusion) -> None:
    assert parse_conclusion(text) is conclusion


@pytest.mark.parametrize(("text", "kind"), [("首考", SittingKind.FIRST), ("补 考", SittingKind.MAKE_UP)])
def test_the_two_sittings_are_read(text: str, kind: SittingKind) -> None:
    assert parse_sitting_kind(text) is kind


@pytest.mark.parametrize(("text", "code"), [("", "EMPTY"), ("优秀", "PATTERN"), ("passed", "PATTERN")])
def test_another_word_is_refused(text: str, code: str) -> None:
    for parse in (parse_conclusion, parse_sitting_kind):
        with pytest.raises(FieldError) as refusal:
            parse(text)

        assert refusal.value.code == code


@pytest.mark.parametrize(
    ("text", "tenths"),
    [("", None), ("84", 840), ("84.0", 840), ("84.5", 845), ("０", 0), ("100", 1000), ("100.00", 1000)],
)
def test_a_score_is_kept_to_the_tenth(text: str, tenths: int | None) -> None:
    assert parse_score(text) == tenths
    assert parse_score(format_score(tenths)) == tenths


@pytest.mark.parametrize("text", ["84.55", "100.1", "101", "-1", "八十", "1e1", "84.", "٨٤"])
def test_a_score_that_cannot_be_kept_exactly_is_refused(text: str) -> None:
    with pytest.raises(FieldError) as refusal:
        parse_score(text)

    assert refusal.value.code == "PATTERN"


@given(ANY_TEXT)
@settings(max_examples=200)
def test_any_text_is_a_term_or_a_field_error(text: str) -> None:
    for parse in (parse_conclusion, parse_sitting_kind, parse_score):
        try:
            parse(text)
        except FieldError as refusal:
            assert refusal.code in {"EMPTY", "PATTERN"}  # noqa: PT017 - both outcomes are right, nothing else is
