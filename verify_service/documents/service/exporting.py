"""A class as a ZIP, made while it is sent: it is never in memory or on disk as a whole."""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final

from verify_service.documents.model import HeldCertificate, PrintedCertificate
from verify_service.documents.rules.summary import SummaryLine, summary_workbook

SUMMARY_NAME: Final = "证书清单.xlsx"
MANIFEST_NAME: Final = "SHA256SUMS.txt"
"""As `sha256sum -c` reads it, and a person too."""


Prints = AsyncIterable[PrintedCertificate | HeldCertificate]


class ClassArchive:
    """The export of one cohort. Iterate over `chunks` once; the counts are right when it has ended."""

    def __init__(self, cohort_code: str, prints: Prints, opening: tuple[str, str] | None = None) -> None:
        """Name what `opening` puts in front: a file's name and text, which leave before anything is drawn."""
        self.held: list[HeldCertificate] = []
        self.without_photo = 0
        self._cohort_code, self._prints, self._opening = cohort_code, prints, opening
        self._lines: list[SummaryLine] = []
        self._digests: list[tuple[str, str]] = []

    @property
    def count(self) -> int:
        """How many certificates the archive has."""
        return len(self._lines)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the ZIP: a PDF for each valid certificate that passed the gate, the summary, the manifest."""
        outlet = _Outlet()
        # Without a way back, sizes follow each file; PDFs are compressed already.
        with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
            if self._opening is not None:
                name, text = self._opening
                self._add(archive, name, text.encode())
                yield outlet.take()
            async for one in self._prints:
                if isinstance(one, HeldCertificate):
                    self.held.append(one)
                    continue
                self._note(one)
                self._add(archive, one.drawn.file_name, one.drawn.data)
                yield outlet.take()
            self._add(archive, SUMMARY_NAME, await asyncio.to_thread(summary_workbook, self._cohort_code, self._lines))
            manifest = "".join(f"{digest}  {name}\n" for name, digest in self._digests)
            archive.writestr(MANIFEST_NAME, manifest.encode())
        yield outlet.take()

    def _note(self, one: PrintedCertificate) -> None:
        shown = one.drawn.expected
        self.without_photo += one.drawn.photo_ended
        self._lines.append(
            SummaryLine(
                name=shown.proven.name,
                sex=shown.proven.sex or "",
                id_number=shown.id_number,
                number=shown.proven.number,
                issued_on=shown.proven.issued_on.isoformat(),
                title=shown.proven.title or "",
                file_name=one.drawn.file_name,
            )
        )

    def _add(self, archive: zipfile.ZipFile, name: str, data: bytes) -> None:
        archive.writestr(name, data)
        self._digests.append((name, hashlib.sha256(data).hexdigest()))


class _Outlet(io.RawIOBase):
    """Where the archive is written to: forwards only, and emptied as it fills."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # any buffer, of which zipfile gives bytes
        self._written += data
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken
