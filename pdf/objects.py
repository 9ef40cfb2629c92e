"""Objects of a file that reportlab has no words for."""

import zlib
from typing import Any

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObject,
    PDFObjectReference,
    PDFStream,
)


def reference(doc: PDFDocument, indirect: PDFObject, name: str | None = None) -> PDFObjectReference:
    """Make this an indirect object, under a name if it is to be found by it; return what refers to it."""
    made: PDFObjectReference = doc.Reference(indirect, name)  # type: ignore[no-untyped-call]  # untyped in the stubs
    return made


def deflated_stream(content: bytes, entries: dict[str, Any] | None = None) -> PDFStream:
    """A stream compressed here: reportlab would only do so with its ASCII85 filter on top, a quarter larger."""
    return compressed_stream(zlib.compress(content), entries or {})


def compressed_stream(deflated: bytes, entries: dict[str, Any]) -> PDFStream:
    """A stream of bytes that are deflated already."""
    return PDFStream(PDFDictionary({**entries, "Filter": PDFName("FlateDecode")}), deflated)


def form_entries(
    box: tuple[float, float, float, float], parts: dict[str, PDFObjectReference] | None = None
) -> dict[str, Any]:
    """The entries of a drawing (ISO 32000-1, 8.10) that places these others."""
    return {
        "Type": PDFName("XObject"),
        "Subtype": PDFName("Form"),
        "BBox": PDFArray(list(box)),
        "Resources": PDFDictionary({"XObject": PDFDictionary(parts)} if parts else {}),
    }


def image_entries(width: int, height: int, space: str) -> dict[str, Any]:
    """The entries of a picture of 8 bits a component, in pixels."""
    return {
        "Type": PDFName("XObject"),
        "Subtype": PDFName("Image"),
        "Width": width,
        "Height": height,
        "ColorSpace": PDFName(space),
        "BitsPerComponent": 8,
    }
