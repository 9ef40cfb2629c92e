"""Findings become issues with a cell and a sentence, also those that only the register knows."""

import msgspec
import pytest

from verify_service.tables.model import Cell, CellKind, Finding, RowReport, Summary, Table, TableReport, TableRow
from verify_service.tables.rules.reports import report_rows, summarise, with_findings
from verify_service.translations import Language


class Value(msgspec.Struct, frozen=True):
    name: str | None = None


TABLE = Table(
    rows=tuple(
        TableRow(cells={"name": Cell(f"B{row}", CellKind.TEXT, "x"), "phone": Cell(f"C{row}")}, others=())
        for row in (4, 5, 6)
    ),
    unknown_columns=(),
)


@pytest.fixture
def report() -> TableReport[Value]:
    rows = report_rows(
        [Value("x")] * 3, TABLE, errors=[Finding(2, "EMPTY", "phone")], warnings=[Finding(1, "SHORT", "name")]
    )
    return TableReport(rows=rows, summary=summarise(rows))


def test_an_issue_names_its_cell_and_the_summary_counts_rows(report: TableReport[Value]) -> None:
    assert [(issue.code, issue.cell) for row in report.rows for issue in row.errors] == [("EMPTY", "C5")]
    assert [(issue.code, issue.cell) for row in report.rows for issue in row.warnings] == [("SHORT", "B4")]
    assert report.summary == Summary(rows=3, accepted=2, rejected=1)


def test_findings_of_the_register_are_added_and_counted(report: TableReport[Value]) -> None:
    enriched = with_findings(
        report,
        TABLE,
        errors=[Finding(3, "UNKNOWN_PARTNER", "partner"), Finding(2, "ID_NAME_CONFLICT", "name")],
        warnings=[Finding(1, "PHONE_CHANGED", "phone")],
        language=Language.ENGLISH,
    )

    assert [[issue.code for issue in row.errors] for row in enriched.rows] == [
        [],
        ["EMPTY", "ID_NAME_CONFLICT"],
        ["UNKNOWN_PARTNER"],
    ]
    assert enriched.rows[2].errors[0].cell == "B6"  # a field without a column: the row's first cell
    assert enriched.rows[0].warnings[-1].message.startswith("The phone differs")
    assert enriched.summary == Summary(rows=3, accepted=1, rejected=2)


def test_a_report_without_findings_is_accepted_whole() -> None:
    rows = report_rows([Value()], TABLE, errors=[], warnings=[])

    assert rows == (RowReport(row=1, errors=(), warnings=(), value=Value()),)
