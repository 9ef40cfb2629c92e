"""Which findings have an answer that a person need not type."""

from typing import Any

import pytest

from verify_service.drafts.model import CurrentTable, Examined, Fix, FixKind, Matched
from verify_service.drafts.rules.fixes import suggest_fixes
from verify_service.photos.model import PhotoSuggestion, PhotoSummary
from verify_service.rosters.model import RosterReport, RosterValue
from verify_service.subjects.model import DocumentType, Sex
from verify_service.tables.model import Issue, RowReport, Summary, Table

VALUE = RosterValue(
    name="林一芳",
    sex=Sex.MALE,
    id_number="110000199001019601",
    partner="某学院",
    document_type=DocumentType.RESIDENT,
)


def examined(*errors: tuple[str, str], warnings: tuple[tuple[str, str], ...] = (), matched: Matched = Matched()) -> Any:  # noqa: B008, ANN401
    row = RowReport(
        row=1,
        errors=tuple(Issue(code, field, "A1", "") for code, field in errors),
        warnings=tuple(Issue(code, field, "A1", "") for code, field in warnings),
        value=VALUE,
    )
    report = RosterReport(rows=(row,), summary=Summary(1, 0, 1))
    return Examined(CurrentTable(Table((), ()), (7,)), report, matched)


@pytest.mark.parametrize(
    ("code", "field", "text"),
    [
        ("SPACE", "name", "林一芳"),
        ("FULLWIDTH", "name", "林一芳"),
        ("PUA_MAPPED", "name", "林一芳"),
        ("X_LOOKALIKE", "idNumber", "110000199001019601"),
        ("GENDER_CODE", "sex", "男"),
    ],
)
def test_what_is_read_otherwise_than_written_is_written_so(code: str, field: str, text: str) -> None:
    fixes = suggest_fixes(examined(warnings=((code, field),)), {}, {})

    assert fixes == {7: (Fix(7, FixKind.SET, code, field, text),)}


@pytest.mark.parametrize(("code", "is_safe"), [("EMPTY", True), ("GENDER_VALUE", True), ("GENDER_MISMATCH", False)])
def test_a_sex_comes_from_the_id_number_and_a_contradiction_only_by_itself(code: str, *, is_safe: bool) -> None:
    (fix,) = suggest_fixes(examined((code, "sex")), {}, {})[7]

    assert (fix.text, fix.is_safe) == ("女", is_safe)


def test_a_name_with_two_slips_is_set_once() -> None:
    warnings = (("SPACE", "name"), ("DOT_VARIANT", "name"), ("SHORT", "name"))

    assert len(suggest_fixes(examined(warnings=warnings), {}, {})[7]) == 1


def test_rows_that_are_nobody_or_somebody_again_are_taken_out_one_by_one() -> None:
    for code in ("DUPLICATE", "FOOTER", "SAMPLE_ROW"):
        (fix,) = suggest_fixes(examined((code, "")), {}, {})[7]
        assert (fix.kind, fix.is_safe) == (FixKind.REMOVE, False)


def test_a_partner_is_one_of_those_it_may_mean() -> None:
    fixes = suggest_fixes(examined(("UNKNOWN_PARTNER", "partner")), {}, {"某学院": ("某某学院", "谋学院")})

    assert [(fix.text, fix.is_safe) for fix in fixes[7]] == [("某某学院", False), ("谋学院", False)]


def test_only_a_usable_picture_is_suggested() -> None:
    maybe = tuple(PhotoSuggestion(file, 1, "NAME_ONLY", "") for file in ("a.jpg", "b.gif"))
    summary = PhotoSummary(0, (1,), (), suggestions=maybe)

    (fix,) = suggest_fixes(examined(matched=Matched(summary)), {"a.jpg": 4}, {})[7]

    assert (fix.kind, fix.entry, fix.file, fix.is_safe) == (FixKind.ASSIGN, 4, "a.jpg", False)


@pytest.mark.parametrize("code", ["LENGTH", "CHECKSUM", "PUA", "REPLACEMENT", "ID_NAME_CONFLICT"])
def test_what_only_the_document_tells_has_no_fix(code: str) -> None:
    assert suggest_fixes(examined((code, "idNumber")), {}, {}) == {}
