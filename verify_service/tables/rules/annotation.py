"""A checked file handed back as a workbook that shows, cell by cell, what is wrong with it."""

import io
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import msgspec
import openpyxl
from openpyxl import Workbook

from verify_service.errors import ServiceError, UsageError
from verify_service.tables.model import Annotation, Level, Mark, Table, TableReport
from verify_service.tables.rules.contents import ZIP_SIGNATURES
from verify_service.tables.rules.copies import copy_sheets
from verify_service.tables.rules.corrections import correct_cells
from verify_service.tables.rules.explanations import refusal
from verify_service.tables.rules.files import read_tables
from verify_service.tables.rules.findings_sheet import add_findings_sheet, remove_findings_sheets
from verify_service.tables.rules.limits import MAX_FILE_BYTES
from verify_service.tables.rules.marks import clear_marks, mark_cells
from verify_service.tables.rules.workbook_bytes import encode_workbook
from verify_service.tables.rules.workbook_parts import measured_copy
from verify_service.translations import Language


def annotation_of(
    report: TableReport[Any], table: Table, *, remarks: Sequence[str] = (), language: Language = Language.CHINESE
) -> Annotation:
    """Return what the workbook of a checked table is to show; `report` was made from `table`, in the same language."""
    return Annotation(
        marks=tuple(_marks(report)),
        summary=report.summary,
        sheet=table.title,
        unknown_columns=table.unknown_columns,
        remarks=tuple(remarks),
        language=language,
    )


def annotate_workbook(file: BinaryIO, file_name: str, annotation: Annotation) -> bytes:
    """Return the file's own workbook, or the same cells in a new one where it is none, with cells marked and listed.

    Whatever openpyxl can keep of the workbook is kept; marks of an earlier annotation go first. Only for a confined
    process: a whole workbook is loaded, and warnings are silenced for the process.

    Raises:
        UsageError: the file is refused, as reading refuses it; WORKBOOK_DAMAGED where only a part is broken that
            reading does without; ANNOTATE_TOO_LARGE where the annotated workbook could not be handed in again.

    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that openpyxl leaves out; some quote cells
            workbook = _open(file, file_name)
            remove_findings_sheets(workbook)
            clear_marks(workbook)
            annotation = _with_sheet(annotation, workbook)
            correct_cells(workbook, annotation)
            marked = mark_cells(workbook, annotation)
            add_findings_sheet(workbook, annotation, marked)
            annotated = encode_workbook(workbook)
    except (ServiceError, MemoryError):
        raise
    except Exception:
        # openpyxl lets through whatever broken XML leads to.
        raise refusal("WORKBOOK_DAMAGED") from None
    _require_readable(annotated)
    return annotated


def _marks(report: TableReport[Any]) -> Iterator[Mark]:
    for row in report.rows:
        yield from (Mark(row.row, Level.ERROR, issue) for issue in row.errors)
        yield from (Mark(row.row, Level.WARNING, issue) for issue in row.warnings)


def _open(file: BinaryIO, file_name: str) -> Workbook:
    data = file.read(MAX_FILE_BYTES + 1)
    if data.startswith(ZIP_SIGNATURES) and len(data) <= MAX_FILE_BYTES:
        return openpyxl.load_workbook(measured_copy(data), rich_text=True, keep_links=False)
    return copy_sheets(read_tables(io.BytesIO(data), file_name))


def _with_sheet(annotation: Annotation, workbook: Workbook) -> Annotation:
    """Name the sheet of cells that name none, before the list becomes the first one."""
    first = next(sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible")
    return msgspec.structs.replace(annotation, sheet=annotation.sheet or first)


def _require_readable(annotated: bytes) -> None:
    """Refuse what reading would: openpyxl spends more XML on a text than Excel does, and marks come on top."""
    try:
        if len(annotated) <= MAX_FILE_BYTES:
            measured_copy(annotated)
            return
    except UsageError:
        pass
    raise refusal("ANNOTATE_TOO_LARGE")
