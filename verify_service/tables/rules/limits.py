"""How much of a table is read."""

from typing import Final

MAX_FILE_BYTES: Final = 10 << 20
MAX_ROWS: Final = 10_000
MAX_COLUMNS: Final = 64
MAX_TEXT_CHARACTERS: Final = 1_000
"""A longer text is cut here: no field may be so long, so it is still refused, and a 300 MB cell is not kept."""
