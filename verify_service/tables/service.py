"""Reading a table's file where it can do no harm: in a process of its own, within limits."""

from typing import BinaryIO, Final

from verify_service.confinement.parent import ConfinedError, call_confined
from verify_service.confinement.protocol import Limits
from verify_service.tables.model import Annotation, Sheet
from verify_service.tables.rules import files
from verify_service.tables.rules.annotation import annotate_workbook
from verify_service.tables.rules.explanations import refusal

LIMITS: Final = Limits(memory_bytes=160 << 20, seconds=5)
ANNOTATION_LIMITS: Final = Limits(memory_bytes=512 << 20, seconds=60)
"""A whole workbook is loaded, not read row by row."""


def read_tables(file: BinaryIO, file_name: str) -> tuple[Sheet, ...]:
    """Return the sheets of a file on disk, as `rules.files.read_tables` reads them, in a confined process.

    Raises:
        UsageError: what that function refuses; FILE_EXHAUSTING where reading takes too long or too much memory,
            WORKBOOK_DAMAGED where the reader fell.

    """
    try:
        return call_confined(files.read_tables, LIMITS, file, file_name)
    except ConfinedError as error:
        raise refusal("WORKBOOK_DAMAGED" if error.reason == "crash" else "FILE_EXHAUSTING") from None


def annotate(file: BinaryIO, file_name: str, annotation: Annotation) -> bytes:
    """Return a checked file as a workbook with its findings marked, as `annotate_workbook` does, in a confined process.

    Raises:
        UsageError: what that function refuses; ANNOTATE_TOO_LARGE where it takes too long or too much memory,
            WORKBOOK_DAMAGED where it fell.

    """
    try:
        return call_confined(annotate_workbook, ANNOTATION_LIMITS, file, file_name, annotation)
    except ConfinedError as error:
        raise refusal("WORKBOOK_DAMAGED" if error.reason == "crash" else "ANNOTATE_TOO_LARGE") from None
