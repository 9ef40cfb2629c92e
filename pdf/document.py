"""A file that begins with what all certificates of one sheet share, and goes on with what is one certificate's own."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFDocument, PDFIndirectObject, PDFObject

from pdf.embedding import FontSet


class Room(StrEnum):
    """Where a sheet leaves room on its page; the value is a comment in its content stream."""

    PHOTO = "%photo"
    NAME = "%name"
    SEX = "%sex"
    ID_NUMBER = "%id_number"
    CERTIFICATE_NUMBER = "%certificate_number"
    ISSUED_ON = "%issued_on"


class Gap(StrEnum):
    """An object that a sheet refers to and every certificate supplies, by its name in the document."""

    CATALOG = "catalog"
    INFO = "info"
    CONTENT = "content"
    FONTS = "BasicFonts"
    ANNOTATIONS = "annotations"
    PHOTO = "FormXob.photo"
    QR = "FormXob.qr"


class Sheet(msgspec.Struct, frozen=True):
    """A page whose constant part is drawn and written; nothing in it is anybody's own."""

    opening: bytes
    """The file's first bytes: header and constant objects."""
    offsets: Mapping[int, int]
    """Where in them each object begins, by its number; those missing from 1 to `objects` are the gaps."""
    objects: int
    numbers: Mapping[str, tuple[int, int]]
    """Number and generation of each object, gaps included, by its name in the document."""
    catalog: Mapping[str, Any]
    fonts: FontSet
    font_references: Mapping[str, Any]
    operators: tuple[str, ...]
    """The content stream, a `Room` in each place that is left."""


class CertificateDocument(PDFDocument):
    """The document of a sheet, going on: whatever is added follows the constant objects and may refer to them."""

    def __init__(self, sheet: Sheet) -> None:
        # Not reportlab's own, which begins an empty document. Its objects use no more of it than this.
        self.objectcounter = sheet.objects
        self.idToObjectNumberAndVersion = dict(sheet.numbers)
        self.idToObject: dict[str, PDFObject] = {}
        self.numberToId: dict[int, str] = {}
        self.catalog = dict(sheet.catalog)
        self.fonts = FontSet("N", sheet.fonts)
        self._sheet = sheet

    def fill(self, gap: Gap, supplied: PDFObject) -> None:
        """Supply the object that the sheet left out."""
        number, _ = self.idToObjectNumberAndVersion[gap]
        self.numberToId[number] = gap
        self.idToObject[gap] = supplied

    def content(self, filling: Mapping[Room, str]) -> str:
        """Return the content stream with the operators that belong in each room."""
        return "\n".join(
            filling[operator] if isinstance(operator, Room) else operator for operator in self._sheet.operators
        )

    def close(self, identity: bytes) -> bytes:
        """Return the whole file; `identity` is a digest of what makes it this one (ISO 32000-1, 14.4)."""
        self.fill(Gap.FONTS, PDFDictionary({**self._sheet.font_references, **self.fonts.write(self)}))
        self.fill(Gap.CATALOG, PDFDictionary(self.catalog))
        file = bytearray(self._sheet.opening)
        offsets = dict(self._sheet.offsets)
        for number, name in sorted(self.numberToId.items()):
            offsets[number] = len(file)
            file += PDFIndirectObject(name, self.idToObject[name]).format(self)
        return bytes(file + self._end(offsets, len(file), identity))

    def _end(self, offsets: Mapping[int, int], start: int, identity: bytes) -> bytes:
        """The cross-reference table and the trailer (ISO 32000-1, 7.5.4 and 7.5.5)."""
        entries = b"".join(b"%010d 00000 n \n" % offsets[number] for number in range(1, self.objectcounter + 1))
        root, info = (self.idToObjectNumberAndVersion[gap][0] for gap in (Gap.CATALOG, Gap.INFO))
        hexadecimal = identity.hex().encode("ascii")
        return (
            b"xref\n0 %d\n0000000000 65535 f \n%s" % (self.objectcounter + 1, entries)
            + b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R" % (self.objectcounter + 1, root, info)
            + b" /ID [<%s> <%s>] >>\nstartxref\n%d\n%%%%EOF\n" % (hexadecimal, hexadecimal, start)
        )
