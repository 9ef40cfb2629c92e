"""From an openpyxl workbook to the bytes of an `.xlsx` file, without a temporary file.

openpyxl's own writer puts every sheet in one: people's data on a disk, in the clear, and more than a confined process
may write.
"""
# ruff: noqa: SLF001  # the names are openpyxl's own: this is its method, but for where the sheet is written

import io
import zipfile
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging import extended  # noqa: F401  # imported when saving otherwise: too late in a confined process
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter


def encode_workbook(workbook: Workbook) -> bytes:
    """Return the bytes of the `.xlsx` file that holds the workbook."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        _MemoryWriter(workbook, archive).save()
    return written.getvalue()


class _MemoryWriter(ExcelWriter):
    _archive: zipfile.ZipFile

    def write_worksheet(self, ws: Any) -> None:  # noqa: ANN401  # the type stubs lack most of what is needed here
        """Add one sheet to the archive; its drawing, links and comments are added after it, by what is set here."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        ws._drawing.images = ws._images
        writer: Any = WorksheetWriter(ws, io.BytesIO())
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)
