"""How much of a table is read; what goes beyond is refused, never cut off."""

from typing import Final

MAX_FILE_BYTES: Final = 10 << 20
MAX_ROWS: Final = 10_000
MAX_SCANNED_ROWS: Final = 100_000
"""Blank ones included: a row number may claim far more."""
MAX_COLUMNS: Final = 64
MAX_TEXT_CHARACTERS: Final = 1_000
MAX_MERGED_RANGES: Final = 20_000
