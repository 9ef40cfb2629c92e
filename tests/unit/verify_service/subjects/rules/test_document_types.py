"""Column 证件类型."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verify_service.errors import FieldError
from verify_service.subjects.model import DocumentType
from verify_service.subjects.rules.document_types import parse_document_type


@pytest.mark.parametrize(
    ("text", "document_type"),
    [
        ("居民身份证", DocumentType.RESIDENT),
        (" 身份证\u200b", DocumentType.RESIDENT),
        ("港澳台居民居住证", DocumentType.HMT_RESIDENCE),
        ("外国人永久居留身份证", DocumentType.FOREIGN_PR),
        ("港澳居民来往内地通行证", DocumentType.HM_PERMIT),
        ("台湾居民来往大陆通行证", DocumentType.TW_PERMIT),
        ("护　照", DocumentType.PASSPORT_CN),
    ],
)
def test_a_document_is_known_by_its_chinese_name(text: str, document_type: DocumentType) -> None:
    assert parse_document_type(text) is document_type


@pytest.mark.parametrize(
    ("text", "code"), [("", "EMPTY"), ("驾驶证", "PATTERN"), ("外国护照", "PATTERN"), ("resident", "PATTERN")]
)
def test_another_document_is_refused(text: str, code: str) -> None:
    with pytest.raises(FieldError) as refusal:
        parse_document_type(text)

    assert refusal.value.code == code


@given(st.text(st.characters(exclude_categories=()), max_size=12))
@settings(max_examples=200)
def test_any_text_is_a_document_or_a_field_error(text: str) -> None:
    try:
        parse_document_type(text)
    except FieldError as refusal:
        assert refusal.code in {"EMPTY", "PATTERN"}  # noqa: PT017 - both outcomes are right, nothing else is
