"""Checking a results file (考核成绩表): both kinds of certificate and both sittings may stand in one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from verify_service.exams.model import CertificateKindCode, Conclusion, Sitting, SittingKind
from verify_service.exams.rules.results import parse_conclusion, parse_score, parse_sitting_kind
from verify_service.exams.rules.results_columns import KIND_TITLES, RESULTS_LAYOUT, parse_exam_day, parse_kind
from verify_service.subjects.model import IdNumber
from verify_service.subjects.rules.id_numbers import parse_lookup_id_number
from verify_service.tables.model import Accepts, Sheet, Table, TableReport, TableRow
from verify_service.tables.rules.blanks import label_row_code
from verify_service.tables.rules.findings import RowFindings
from verify_service.tables.rules.people import duplicates, id_conflicts, read_id_number, read_name
from verify_service.tables.rules.reports import report_rows, summarise
from verify_service.tables.rules.sheet_choice import find_table
from verify_service.translations import Language


class ResultValue(msgspec.Struct, frozen=True, rename="camel"):
    """A row's values as they would be stored; None where a cell could not be read."""

    name: str | None = None
    id_number: str | None = None
    kind: CertificateKindCode | None = None
    sitting: SittingKind | None = None
    exam_on: date | None = None
    conclusion: Conclusion | None = None


class ResultsReport(TableReport[ResultValue], frozen=True, rename="camel"):
    """A checked results file, in the shape that `results import --json` prints."""


class CheckedResults(msgspec.Struct, frozen=True):
    """The report, and for each row whose own cells are all in order the sitting it records, with its scores."""

    report: ResultsReport
    sittings: Mapping[int, Sitting]
    language: Language = Language.CHINESE
    """Of the report's sentences."""


def read_results(file_sheets: Iterable[Sheet], *, sheets: Sequence[str] = ()) -> Table:
    """Return the results among a file's sheets, or on those of the given titles; refuses as `find_table` does."""
    return find_table(file_sheets, RESULTS_LAYOUT, sheets=sheets)


def check_results(
    results: Table,
    *,
    today: date,
    kinds: Mapping[str, CertificateKindCode] = KIND_TITLES,
    language: Language = Language.CHINESE,
) -> CheckedResults:
    """Return what is wrong with each row by itself and beside the others; enrolments are the register's to know.

    `kinds` are the titles column 证书类别 may hold, with or without 岗位合格证书. One person's same sitting twice is
    DUPLICATE on the later row, one ID number under two names ID_NAME_CONFLICT on each.
    """
    rules = _RowRules(today, kinds)
    findings = [RowFindings(number, row) for number, row in enumerate(results.rows, start=1)]
    checked = [rules.check(row, of_row) for row, of_row in zip(results.rows, findings, strict=True)]
    values = [value for value, _ in checked]
    errors = [error for of_row in findings for error in of_row.errors]
    rows = report_rows(
        values,
        results,
        errors=[*errors, *duplicates(values, key=_sitting_key), *id_conflicts(values)],
        warnings=[warning for of_row in findings for warning in of_row.warnings],
        language=language,
    )
    sittings = {number: sitting for number, (_, sitting) in enumerate(checked, start=1) if sitting is not None}
    report = ResultsReport(rows=rows, summary=summarise(rows), unknown_columns=results.unknown_columns)
    return CheckedResults(report=report, sittings=sittings, language=language)


class _RowRules:
    """What every row of one results file is checked against."""

    def __init__(self, today: date, kinds: Mapping[str, CertificateKindCode]) -> None:
        self._today = today
        self._kinds = kinds

    def check(self, row: TableRow, findings: RowFindings) -> tuple[ResultValue, Sitting | None]:
        """Return the values that could be read, and the sitting if the row's cells are all in order."""
        if (label := label_row_code(row, key="idNumber")) is not None:
            findings.refuse("", label)
            return ResultValue(), None
        id_number = read_id_number(findings, self._id_number)
        value = ResultValue(
            name=read_name(findings),
            id_number=id_number.value if id_number else None,
            kind=findings.read("kind", lambda text: parse_kind(text, self._kinds), is_shareable=True),
            exam_on=findings.read("examOn", self._exam_day, Accepts.DATES, is_shareable=True),
            sitting=findings.read("sitting", parse_sitting_kind, is_shareable=True),
            conclusion=findings.read("conclusion", parse_conclusion),
        )
        theory = findings.read("theoryScore", parse_score, Accepts.NUMBERS)
        practice = findings.read("practiceScore", parse_score, Accepts.NUMBERS)
        if findings.errors or not (value.sitting and value.exam_on and value.conclusion):
            return value, None
        sitting = Sitting(
            kind=value.sitting,
            held_on=value.exam_on,
            conclusion=value.conclusion,
            theory_score_tenths=theory,
            practice_score_tenths=practice,
        )
        return value, sitting

    def _exam_day(self, text: str) -> date:
        return parse_exam_day(text, today=self._today)

    def _id_number(self, text: str) -> IdNumber:
        # A number of any known shape passes: here it only finds an enrolment, which knows its document type.
        return parse_lookup_id_number(text, today=self._today)


def _sitting_key(value: ResultValue) -> tuple[object, ...]:
    return value.id_number, value.kind, value.sitting
