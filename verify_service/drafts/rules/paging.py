"""A page of a draft's rows."""

from collections.abc import Mapping
from typing import Final

from verify_service.drafts.model import DraftPage, DraftRow, Examined, Fix, RowFilter
from verify_service.drafts.rules.current import cell_text
from verify_service.tables.model import Layout

ROWS: Final = 100
FORMS: Final = 25
"""Rows that are shown as forms, each with its findings, fill more of the page."""


def page_of(
    examined: Examined,
    layout: Layout,
    fixes: Mapping[int, tuple[Fix, ...]],
    removed: frozenset[int],
    *,
    shown: RowFilter | None,
    page: int,
) -> DraftPage:
    """Return one page of the rows that pass the filter; a number beyond the last page is the last.

    Without a filter: those that are looked at first. Among warnings, rows that change the register come before others.
    """
    report = examined.report
    shown = shown or examined.first_shown
    looked_at = examined.changed_rows.union(examined.matched.summary.missing if examined.matched.summary else ())
    is_warned = {row.row: bool(row.warnings) or row.row in looked_at for row in report.rows if not row.errors}
    passing = [
        row
        for row in report.rows
        if shown is RowFilter.ALL or (bool(row.errors) if shown is RowFilter.ERRORS else is_warned.get(row.row, False))
    ]
    if shown is RowFilter.WARNINGS:
        passing.sort(key=lambda row: row.row not in examined.changed_rows)
    size = ROWS if shown is RowFilter.ALL else FORMS
    pages = max(1, -(-len(passing) // size))
    page = min(max(page, 1), pages)
    return DraftPage(
        rows=tuple(row_of(examined, layout, fixes, row.row) for row in passing[(page - 1) * size : page * size]),
        page=page,
        pages=pages,
        shown=shown,
        summary=report.summary,
        warned=sum(is_warned.values()),
        removed=tuple(sorted(removed)),
    )


def row_of(examined: Examined, layout: Layout, fixes: Mapping[int, tuple[Fix, ...]], row: int) -> DraftRow:
    """Return one row of the current table."""
    number = examined.number(row)
    cells = examined.current.table.rows[row - 1].cells
    return DraftRow(
        number=number,
        report=examined.report.rows[row - 1],
        texts={field: cell_text(cells.get(field)) for field in layout.headings},
        photo=examined.matched.by_row.get(row),
        fixes=fixes.get(number, ()),
        differences=tuple(difference for difference in examined.differences if difference.row == row),
    )
