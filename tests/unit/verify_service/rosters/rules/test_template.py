"""The roster template: what partners see, what it lets them enter, and that the service reads what they filled in."""

import io
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest
from openpyxl import Workbook

from tests.factories import trainee
from verify_service.errors import UsageError
from verify_service.rosters.model import RosterReport
from verify_service.rosters.rules.checks import check_roster, read_roster
from verify_service.rosters.rules.choices import CHOICES, parse_choice
from verify_service.rosters.rules.columns import ROSTER_LAYOUT
from verify_service.rosters.rules.template import (
    HEADING_ROW,
    TEMPLATE_VERSION,
    VERSION_PROPERTY,
    roster_template,
)
from verify_service.subjects.model import Sex
from verify_service.subjects.rules.document_types import TITLES, parse_document_type
from verify_service.tables.rules.files import read_tables
from verify_service.tables.rules.headings import fold_heading
from verify_service.tables.rules.limits import MAX_ROWS
from verify_service.translations import Language, catalogue

WOMAN, MAN = trainee(0), trainee(1)
PEOPLE = [
    (WOMAN.name, "女", WOMAN.id_number, WOMAN.phone, "星河传媒学院", "是", None),
    ("阿依古丽·买买提", "男", MAN.id_number, MAN.phone, "星河传媒学院", None, "居民身份证"),
    ("陈思齐", "男", "H12345678", "19400001236", "星河传媒学院", "否", "港澳居民来往内地通行证"),
]
IN_EVERY_LANGUAGE = pytest.mark.parametrize("language", list(Language))


def opened(language: Language = Language.CHINESE) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(roster_template(language)))


def filled(rows: Sequence[Sequence[str | None]], language: Language = Language.CHINESE) -> bytes:
    workbook = opened(language)
    for number, row in enumerate(rows, start=HEADING_ROW + 1):
        for column, value in enumerate(row, start=1):
            workbook.worksheets[0].cell(number, column, value)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def check(data: bytes) -> RosterReport:
    table = read_roster(read_tables(io.BytesIO(data), "roster.xlsx"))
    return check_roster(table, today=date(2026, 11, 23), missing_characters=lambda _: ())


def codes(report: RosterReport) -> list[str]:
    return [issue.code for row in report.rows for issue in (*row.errors, *row.warnings)]


@IN_EVERY_LANGUAGE
def test_a_filled_in_template_is_accepted(language: Language) -> None:
    report = check(filled(PEOPLE, language))

    assert codes(report) == []
    assert [row.value.name for row in report.rows] == [person[0] for person in PEOPLE]
    assert [row.value.also_online_host for row in report.rows] == [True, False, False]


@IN_EVERY_LANGUAGE
def test_an_untouched_template_says_that_nothing_is_filled_in(language: Language) -> None:
    with pytest.raises(UsageError) as refused:
        check(roster_template(language))

    assert refused.value.code == "NO_ROWS"


@IN_EVERY_LANGUAGE
def test_every_column_has_its_official_heading_starred_if_required(language: Language) -> None:
    row = next(opened(language).worksheets[0].iter_rows(min_row=HEADING_ROW, max_row=HEADING_ROW, values_only=True))

    assert [fold_heading(str(heading)) for heading in row] == [titles[0] for titles in ROSTER_LAYOUT.headings.values()]
    assert ["*" in str(heading) for heading in row] == [
        field in ROSTER_LAYOUT.required for field in ROSTER_LAYOUT.headings
    ]


@IN_EVERY_LANGUAGE
def test_the_version_can_be_read_by_people_and_programs(language: Language) -> None:
    workbook = opened(language)

    assert f"模板版本 {TEMPLATE_VERSION}" in str(workbook.worksheets[0]["A2"].value)
    assert workbook.custom_doc_props[VERSION_PROPERTY].value == TEMPLATE_VERSION  # type: ignore[attr-defined]


def test_whole_columns_are_open_text_and_the_heading_is_locked_without_a_password() -> None:
    sheet = opened().worksheets[0]
    columns = [sheet.column_dimensions[letter] for letter in "ABCDEFG"]

    assert {(column.number_format, column.protection.locked) for column in columns} == {("@", False)}
    assert sheet.column_dimensions["H"].protection.locked is False
    assert {sheet.cell(row, 1).protection.locked for row in (1, 2, HEADING_ROW)} == {True}
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    assert (sheet.protection.formatColumns, sheet.protection.formatRows, sheet.protection.deleteRows) == (False,) * 3
    assert sheet.max_row == HEADING_ROW


def test_columns_with_few_answers_offer_them_as_lists_the_service_accepts() -> None:
    lists = {
        str(rule.sqref)[0]: (str(rule.formula1).strip('"').split(","), rule.errorStyle)
        for rule in opened().worksheets[0].data_validations.dataValidation
        if rule.type == "list"
    }

    assert lists == {
        "B": (list(Sex), "stop"),
        "F": (list(CHOICES), "stop"),
        "G": (list(TITLES.values()), "stop"),
    }
    assert [parse_choice(choice) for choice in CHOICES] == [True, False]
    assert [parse_document_type(title) for title in TITLES.values()] == list(TITLES)


def test_unusual_lengths_are_doubted_not_refused() -> None:
    lengths = {
        str(rule.sqref)[0]: (rule.formula1, rule.formula2, rule.errorStyle)
        for rule in opened().worksheets[0].data_validations.dataValidation
        if rule.type == "textLength"
    }

    assert lengths == {"C": ("15", "18", "warning"), "D": ("11", "11", "warning")}


@IN_EVERY_LANGUAGE
def test_every_column_says_what_to_enter_as_far_down_as_rows_are_read(language: Language) -> None:
    rules = opened(language).worksheets[0].data_validations.dataValidation

    assert [str(rule.sqref) for rule in rules] == [
        f"{c}{HEADING_ROW + 1}:{c}{HEADING_ROW + MAX_ROWS}" for c in "ABCDEFG"
    ]
    # What spreadsheet programs show at most; one character more and Excel calls the file damaged.
    assert all(len(rule.promptTitle) <= 32 and 0 < len(rule.prompt) <= 255 for rule in rules)
    assert all(len(rule.error or "") <= 225 and rule.showInputMessage for rule in rules)
    assert all(len(rule.formula1 or "") <= 257 for rule in rules)


@IN_EVERY_LANGUAGE
def test_the_notes_cover_every_column_and_how_photos_are_named(language: Language) -> None:
    guide = opened(language).worksheets[1]
    text = "\n".join(str(cell) for row in guide.iter_rows(values_only=True) for cell in row)

    assert guide.title == catalogue(language, "roster_template")["guide"]
    assert all(titles[0] in text for titles in ROSTER_LAYOUT.headings.values())
    assert "某某+110101YYYYMMDDNNNX.jpg" in text


def test_languages_have_the_same_words() -> None:
    for topic in ("roster_template", "annotation"):
        assert catalogue(Language.CHINESE, topic).keys() == catalogue(Language.ENGLISH, topic).keys()
