"""Room for a signature over the whole file, and putting it there (ISO 32000-2, 12.8; ETSI EN 319 142-1, B level).

The signature stands in the first and only revision, so that there is no earlier one to go back to. What it consists of
is the caller's: this package writes where it goes, over which bytes it is made, and that nothing may change afterwards.
"""

import datetime
import hashlib
from typing import Final

import msgspec
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObject,
    PDFObjectReference,
    PDFString,
)

from pdf.document import CertificateDocument
from pdf.errors import SignatureError
from pdf.objects import reference

_FIELD_NAME: Final = "Issuer"
_PRINTED_AND_LOCKED: Final = 4 + 128
"""Flags of an annotation (ISO 32000-2, table 167)."""
_ALL_REVISIONS_SIGNED: Final = 1 + 2
"""SignaturesExist and AppendOnly (table 225)."""
_NO_CHANGES: Final = 1
"""DocMDP (table 257): any change makes the signature invalid."""
_OPENING: Final = b"/Contents <"
_RANGE: Final = b"/ByteRange [0 "
_RANGE_BYTES: Final = 36


class SignatureField(msgspec.Struct, frozen=True):
    """The signature that a drawing leaves room for."""

    claimed_at: datetime.datetime
    """When it is said to be made: aware. Nothing but a time stamp of somebody else proves it."""
    max_bytes: int
    """How large it may become, as DER."""


class _SignatureDictionary(PDFObject):
    """Written by hand: the two placeholders have a fixed length, which no dictionary of reportlab's promises."""

    def __init__(self, field: SignatureField) -> None:
        self._field = field

    def format(self, document: PDFDocument) -> bytes:
        claimed_at = PDFString(_pdf_date(self._field.claimed_at)).format(document)
        parameters = b"<< /Type /TransformParams /P %d /V /1.2 >>" % _NO_CHANGES
        return b"\n".join(
            (
                b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached",
                b"/M " + claimed_at,
                b"/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams " + parameters + b" >>]",
                _RANGE + b" " * (_RANGE_BYTES - 1) + b"]",
                _OPENING + b"0" * (2 * self._field.max_bytes) + b"> >>",
            )
        )


def reserve(doc: CertificateDocument, field: SignatureField) -> PDFObjectReference:
    """Make room for the signature, and return its widget, which nobody sees, for the page's annotations."""
    signature = reference(doc, _SignatureDictionary(field))
    entries = {
        "Type": PDFName("Annot"),
        "Subtype": PDFName("Widget"),
        "FT": PDFName("Sig"),
        "T": PDFString(_FIELD_NAME),
        "F": _PRINTED_AND_LOCKED,
        "Rect": PDFArray([0, 0, 0, 0]),
        "V": signature,
    }
    widget = reference(doc, PDFDictionary(entries))
    form = PDFDictionary({"Fields": PDFArray([widget]), "SigFlags": _ALL_REVISIONS_SIGNED})
    doc.catalog.update(AcroForm=form, Perms=PDFDictionary({"DocMDP": signature}))
    return widget


class UnsignedFile:
    """A drawing with room for a signature, on its way to become a file."""

    digest: bytes
    """SHA-256 of all bytes but the signature's own place: what is to be signed."""

    def __init__(self, drawing: bytes) -> None:
        """Refuse, by `SignatureError`, a drawing without room."""
        # Whatever else is in the file is compressed, or a text in which neither can stand unescaped.
        if drawing.count(_OPENING) != 1 or drawing.count(_RANGE) != 1:
            raise SignatureError("the drawing has no room for a signature")
        self._start = drawing.index(_OPENING) + len(_OPENING)
        self._end = drawing.index(b">", self._start)
        self._file = bytearray(drawing)
        # The angle brackets are left out as well: that is how readers compute it.
        byte_range = b"%d %d %d" % (self._start - 1, self._end + 1, len(drawing) - self._end - 1)
        at = drawing.index(_RANGE) + len(_RANGE)
        self._file[at : at + _RANGE_BYTES] = byte_range.ljust(_RANGE_BYTES - 1) + b"]"
        digest = hashlib.sha256(self._file[: self._start - 1])
        digest.update(self._file[self._end + 1 :])
        self.digest = digest.digest()

    def embed(self, signature: bytes) -> bytes:
        """Return the file with the signature of its digest, which is a CMS structure in DER.

        Raises:
            SignatureError: the signature is larger than its place.
        """
        written = signature.hex().encode("ascii")
        if len(written) > self._end - self._start:
            raise SignatureError("the signature is larger than its place in the drawing")
        self._file[self._start : self._start + len(written)] = written
        return bytes(self._file)


def _pdf_date(instant: datetime.datetime) -> str:
    """ISO 32000-2, 7.9.4."""
    return instant.astimezone(datetime.UTC).strftime("D:%Y%m%d%H%M%S+00'00'")
