"""The text a cell stands for, where the kind of cell allows one."""

from typing import Final

from verify_service.errors import FieldError
from verify_service.tables.model import Accepts, Cell, CellKind

# A binary64 number holds 15 decimal digits for certain; of an 18-digit ID number the last three are lost.
EXACT_LIMIT: Final = 10**15


def read_text(cell: Cell, accepts: Accepts) -> tuple[str, tuple[str, ...]]:
    """Return a cell's text, "" for an empty one and an ISO date for a date, and its warnings.

    Raises:
        FieldError: FORMULA (nobody typed the value), TOO_LONG, NUMERIC_CELL (digits may be lost), CELL_TYPE (a
            boolean, an error, or a number or date where none belongs).

    """
    match cell.kind, cell.value:
        case CellKind.EMPTY, _:
            return "", ()
        case CellKind.TEXT, str(text):
            return text, ()
        case CellKind.FORMULA, _:
            raise FieldError("FORMULA")
        case CellKind.TOO_LONG, _:
            raise FieldError("TOO_LONG")
        case CellKind.DATE, str(day) if accepts is Accepts.DATES:
            return day, ()
        case CellKind.NUMBER, int() | float() as number if accepts is not Accepts.TEXT:
            warnings = ("NUMERIC_CELL",) if accepts is Accepts.WHOLE_NUMBERS_WITH_WARNING else ()
            return _digits(number, fraction_allowed=accepts is Accepts.NUMBERS), warnings
    raise FieldError("CELL_TYPE")


def _digits(number: float, *, fraction_allowed: bool) -> str:
    # The range comes first: an infinite number has no integer to compare with.
    if not 0 <= number < EXACT_LIMIT:
        raise FieldError("NUMERIC_CELL")
    if number == int(number):
        return str(int(number))
    if not fraction_allowed:
        raise FieldError("NUMERIC_CELL")
    return repr(number)
