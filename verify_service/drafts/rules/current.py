"""The uploaded table with the changes people made: what is examined, shown, handed back and imported."""

from collections.abc import Iterator, Mapping

import msgspec

from verify_service.drafts.model import Changes, CurrentTable
from verify_service.tables.model import Cell, CellKind, Cover, Table, TableRow


def current_table(table: Table, changes: Changes) -> CurrentTable:
    """Return the table as it stands now; a corrected cell is text, at the place it always had."""
    kept = [(number, row) for number, row in enumerate(table.rows, start=1) if number not in changes.removed]
    rows = tuple(_corrected(row, changes.corrections.get(number, {})) for number, row in kept)
    return CurrentTable(msgspec.structs.replace(table, rows=rows), tuple(number for number, _ in kept))


def cell_text(cell: Cell | None) -> str:
    """Return what a cell says, as a form shows it and a person may type it again; empty where nobody sees a text."""
    return value_text(None if cell is None or cell.cover is Cover.HIDES else cell.value)


def value_text(value: object) -> str:
    """Return what a cell's value says: a whole number without a point, nothing for what is no text or number."""
    match value:
        case str():
            return value
        case bool() | None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


def corrected_cells(table: Table, changes: Changes) -> Iterator[tuple[Cell, str]]:
    """Yield the uploaded cells that say something else now; of a removed row every cell says nothing."""
    for number, row in enumerate(table.rows, start=1):
        if number in changes.removed:
            yield from ((cell, "") for cell in (*row.cells.values(), *row.others))
            continue
        for field, text in changes.corrections.get(number, {}).items():
            if field in row.cells:
                yield row.cells[field], text


def rows_beyond_the_file(table: Table, changes: Changes) -> list[int]:
    """Return the rows with a text in a column that the uploaded table does not have."""
    return [
        number
        for number, texts in sorted(changes.corrections.items())
        if number not in changes.removed and not texts.keys() <= table.rows[number - 1].cells.keys()
    ]


def with_texts(changes: Changes, row: TableRow, number: int, texts: Mapping[str, str]) -> Changes:
    """Return the changes after somebody filled in a row; what says what the uploaded cell says is no correction."""
    corrections = {**changes.corrections.get(number, {}), **texts}
    told = {field: text for field, text in corrections.items() if text != cell_text(row.cells.get(field))}
    others = {other: of_other for other, of_other in changes.corrections.items() if other != number}
    return msgspec.structs.replace(changes, corrections=others | ({number: told} if told else {}))


def _corrected(row: TableRow, texts: Mapping[str, str]) -> TableRow:
    if not texts:
        return row
    # Where a table lacks the column, findings point at the row's first cell, as they do for a whole row.
    first = next(iter(row.cells.values())).reference
    cells = {
        field: Cell(
            row.cells[field].reference if field in row.cells else first,
            CellKind.TEXT if text else CellKind.EMPTY,
            text or None,
        )
        for field, text in texts.items()
    }
    return msgspec.structs.replace(row, cells={**row.cells, **cells}, is_hidden=False)
