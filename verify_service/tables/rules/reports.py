"""Turning findings into the report people read, row by row and cell by cell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from verify_service.tables.model import Finding, Issue, RowReport, Summary, Table, TableReport
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language

Value = TypeVar("Value", bound=msgspec.Struct)
Report = TypeVar("Report", bound=TableReport[Any])


def report_rows(
    values: Sequence[Value],
    table: Table,
    *,
    errors: Iterable[Finding],
    warnings: Iterable[Finding],
    language: Language = Language.CHINESE,
) -> tuple[RowReport[Value], ...]:
    """Return one report per data row: `values` in the rows' order, and the findings with cell and sentence."""
    errors_of = _issues_by_row(errors, table, language)
    warnings_of = _issues_by_row(warnings, table, language)
    return tuple(
        RowReport(row=row, errors=errors_of.get(row, ()), warnings=warnings_of.get(row, ()), value=value)
        for row, value in enumerate(values, start=1)
    )


def with_findings(
    report: Report,
    table: Table,
    *,
    errors: Iterable[Finding] = (),
    warnings: Iterable[Finding] = (),
    language: Language = Language.CHINESE,
) -> Report:
    """Return the report with more findings, such as what only the register knows, and its summary counted anew.

    `table` is the one the report was made from: it tells the findings' cells.
    """
    errors_of = _issues_by_row(errors, table, language)
    warnings_of = _issues_by_row(warnings, table, language)
    rows = tuple(
        msgspec.structs.replace(
            row,
            errors=row.errors + errors_of.get(row.row, ()),
            warnings=row.warnings + warnings_of.get(row.row, ()),
        )
        for row in report.rows
    )
    return msgspec.structs.replace(report, rows=rows, summary=summarise(rows))


def summarise(rows: Sequence[RowReport[Any]]) -> Summary:
    """Count the rows with and without errors."""
    rejected = sum(bool(row.errors) for row in rows)
    return Summary(rows=len(rows), accepted=len(rows) - rejected, rejected=rejected)


def _issues_by_row(findings: Iterable[Finding], table: Table, language: Language) -> Mapping[int, tuple[Issue, ...]]:
    issues: defaultdict[int, tuple[Issue, ...]] = defaultdict(tuple)
    for finding in findings:
        issue = Issue(
            code=finding.code,
            field=finding.field,
            cell=_reference(table, finding),
            message=explain(finding.code, about=finding.field, language=language).format(**finding.details),
        )
        issues[finding.row] += (issue,)
    return issues


def _reference(table: Table, finding: Finding) -> str:
    """Return the cell of a finding; for a whole row, or a field without a column, its first cell."""
    row = table.rows[finding.row - 1]
    cell = row.cells.get(finding.field) or next(iter(row.cells.values()))
    return cell.reference
