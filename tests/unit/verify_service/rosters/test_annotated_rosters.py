"""Rosters annotated and handed in again: the same findings, until the cells are corrected."""

from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

import openpyxl
import pytest

from tests.factories import DATA, roster_csv, trainee
from tests.hostile.corpus import PHOTOS, HostileFile, corpus
from verify_service.confinement.protocol import Limits
from verify_service.errors import UsageError
from verify_service.rosters.model import RosterReport
from verify_service.rosters.rules.checks import check_roster, read_roster
from verify_service.tables import service
from verify_service.tables.model import Annotation, Summary, Table
from verify_service.tables.rules.annotation import annotation_of
from verify_service.tables.service import annotate, read_tables

ROWS_ONLY: Final = [file for file in corpus() if file.outcome.startswith(":") and not file.file_name.startswith(PHOTOS)]

GROWING: Final = next(file for file in ROWS_ONLY if file.title == "one merged range over the whole sheet")
"""Two rows to a reader, sixteen thousand million cells to whoever loads all of it."""


def checked(file: BinaryIO, name: str) -> tuple[Table, RosterReport]:
    table = read_roster(read_tables(file, name))
    return table, check_roster(table, today=date(2026, 11, 23), missing_characters=lambda _: ())


def annotated(path: Path) -> Path:
    """Annotate a file in the confined process and write the workbook beside it."""
    with path.open("rb") as file:
        table, report = checked(file, path.name)
        data = annotate(file, path.name, annotation_of(report, table))
    out = path.with_name("annotated.xlsx")
    out.write_bytes(data)
    return out


def findings(path: Path) -> list[tuple[int, list[tuple[str, str, str]]]]:
    with path.open("rb") as file:
        _, report = checked(file, path.name)
    return [(row.row, [(i.code, i.field, i.cell) for i in (*row.errors, *row.warnings)]) for row in report.rows]


def copied(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes((DATA / name).read_bytes())
    return path


@pytest.mark.parametrize(
    "name", ["roster-messy.xlsx", "roster-operator.xlsx", "roster-host.csv", "roster-old-excel.xls"]
)
def test_an_annotated_roster_has_the_findings_of_the_original(tmp_path: Path, name: str) -> None:
    original = copied(tmp_path, name)
    once = annotated(original)

    assert findings(once) == findings(original)
    assert findings(annotated(once)) == findings(original)


def test_an_annotated_csv_roster_keeps_phones_with_a_plus_and_cells_like_formulas(tmp_path: Path) -> None:
    original = tmp_path / "roster.csv"
    people = [trainee(0, phone="+86 19411111111"), trainee(1, name="=1+1"), trainee(2, partner="@星河")]
    original.write_bytes(roster_csv(people))

    assert findings(annotated(original)) == findings(original)


def test_a_corrected_cell_is_no_longer_marked(tmp_path: Path) -> None:
    path = annotated(copied(tmp_path, "roster-messy.xlsx"))
    before = findings(path)
    workbook = openpyxl.load_workbook(path)
    workbook.worksheets[1]["E9"].value = "19411110006"
    workbook.save(path)

    again = openpyxl.load_workbook(annotated(path))

    assert again.worksheets[1]["E9"].comment is None
    assert len(before) == 16
    assert "NOT_MOBILE" not in {row[3] for row in again.worksheets[0].iter_rows(values_only=True)}


@pytest.mark.parametrize("file", ROWS_ONLY, ids=lambda file: file.title)
def test_a_hostile_file_that_can_be_read_is_annotated_with_its_own_findings_or_refused(
    tmp_path: Path, file: HostileFile
) -> None:
    original = tmp_path / file.file_name
    original.write_bytes(file.build())
    try:
        again = annotated(original)
    except UsageError as refused:
        assert refused.code == "ANNOTATE_TOO_LARGE"  # noqa: PT017  # either outcome is right
    else:
        assert findings(again) == findings(original)


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param(Limits(memory_bytes=128 << 20, seconds=60), id="memory"),
        pytest.param(Limits(memory_bytes=512 << 20, seconds=1), id="time"),
    ],
)
def test_a_workbook_beyond_the_limits_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limits: Limits
) -> None:
    monkeypatch.setattr(service, "ANNOTATION_LIMITS", limits)
    path = tmp_path / "roster.xlsx"
    path.write_bytes(GROWING.build())

    with path.open("rb") as file, pytest.raises(UsageError) as refused:
        annotate(file, path.name, Annotation(marks=(), summary=Summary(rows=1, accepted=1, rejected=0)))

    assert refused.value.code == "ANNOTATE_TOO_LARGE"
