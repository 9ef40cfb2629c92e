"""Faces as reportlab fonts: Type 0 with Identity-H, one subset a document (ISO 32000-1, 9.7).

reportlab's own TTFont writes five hexadecimal digits into ToUnicode for characters beyond U+FFFF, so that 𠮷
is copied as something else; prints an empty box for a character the face lacks; and keeps seek state per face.
"""

import hashlib
import weakref
import zlib
from functools import cache
from typing import Any, Final

import msgspec
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObject,
    PDFObjectReference,
    PDFStream,
    PDFString,
)

from pdf.fonts import Face

_ENTRIES_PER_BLOCK: Final = 100  # the most a `beginbfchar` may hold (Adobe Technical Note 5014)
_SYMBOLIC: Final = 4
_CMAP_HEAD: Final = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
    "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def "
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def "
    "1 begincodespacerange <0000> <FFFF> endcodespacerange"
)
_CMAP_TAIL: Final = "endcmap CMapName currentdict /CMap defineresource pop end end"


class _FaceName(msgspec.Struct, frozen=True):
    """What reportlab's registry asks of a typeface."""

    name: str
    builtIn: bool = False  # noqa: N815 - reportlab's protocol


class EmbeddedFont:
    """A face in the form reportlab's canvas expects of a "dynamic" font.

    A character's code is its order of first use in the document, not its glyph: two characters that share a glyph
    (⼀ and 一) are still copied as what was written.
    """

    _dynamicFont = True  # noqa: N815 - reportlab's protocol
    _multiByte = False  # noqa: N815
    shapable = False

    def __init__(self, face: Face) -> None:
        self.fontName = face.name
        self.face = _FaceName(face.name)
        self._face = face
        # Weak, because a document that was refused half-way never comes to `addObjects`.
        self._used: weakref.WeakKeyDictionary[PDFDocument, dict[str, int]] = weakref.WeakKeyDictionary()

    def splitString(self, text: str, doc: PDFDocument) -> list[tuple[int, bytes]]:  # noqa: N802
        """The one run of two-byte codes that shows this text.

        Raises:
            MissingGlyphError: the face lacks a character.
        """
        self._face.glyphs(text)
        codes = self._used.setdefault(doc, {})
        shown = bytearray()
        for character in text:
            shown += codes.setdefault(character, len(codes) + 1).to_bytes(2, "big")
        return [(0, bytes(shown))]

    def getSubsetInternalName(self, _subset: int, doc: PDFDocument) -> str:  # noqa: N802
        """The font's resource name in this document, announcing it for embedding at first use."""
        if self.fontName not in doc.fontMapping:
            doc.fontMapping[self.fontName] = f"/F{len(doc.fontMapping) + 1}"
            doc.delayedFonts.append(self)
        return str(doc.fontMapping[self.fontName])

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: ARG002, N802
        """Width in points, without tracking."""
        return self._face.width(text) * size

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802
        """Write the font's objects into the finished document."""
        characters = "".join(self._used.pop(doc))
        resource = str(doc.fontMapping[self.fontName]).removeprefix("/")
        fonts: dict[str, PDFObject] = doc.idToObject["BasicFonts"].dict  # type: ignore[attr-defined]  # a PDFDictionary
        fonts[resource] = reference(doc, _composite_font(self._face, characters, doc))


def _composite_font(face: Face, characters: str, doc: PDFDocument) -> PDFDictionary:
    name = PDFName(f"{_subset_tag(characters)}+{face.name}")
    return PDFDictionary(
        {
            "Type": PDFName("Font"),
            "Subtype": PDFName("Type0"),
            "BaseFont": name,
            "Encoding": PDFName("Identity-H"),
            "DescendantFonts": PDFArray([reference(doc, _descendant_font(face, name, characters, doc))]),
            "ToUnicode": reference(doc, deflated_stream(_to_unicode(characters))),
        }
    )


def _descendant_font(face: Face, name: str, characters: str, doc: PDFDocument) -> PDFDictionary:
    subset = face.subset(tuple(face.glyphs(characters)))
    glyph_map = b"\0\0" + b"".join(position.to_bytes(2, "big") for position in subset.positions)
    return PDFDictionary(
        {
            "Type": PDFName("Font"),
            "Subtype": PDFName("CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": PDFDictionary(
                {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
            ),
            "CIDToGIDMap": reference(doc, deflated_stream(glyph_map)),
            "DW": 1000,
            "W": PDFArray([1, PDFArray(face.advances(characters))]),
            "FontDescriptor": reference(doc, _descriptor(face, name, subset.program, doc)),
        }
    )


def _descriptor(face: Face, name: str, program: bytes, doc: PDFDocument) -> PDFDictionary:
    metrics = face.metrics
    return PDFDictionary(
        {
            "Type": PDFName("FontDescriptor"),
            "FontName": name,
            "Flags": _SYMBOLIC,
            "FontBBox": PDFArray(list(metrics.box)),
            "ItalicAngle": 0,
            "Ascent": metrics.ascent,
            "Descent": metrics.descent,
            "CapHeight": metrics.cap_height,
            "StemV": 80,
            "FontFile2": reference(doc, deflated_stream(program, {"Length1": len(program)})),
        }
    )


def reference(doc: PDFDocument, indirect: PDFObject) -> PDFObjectReference:
    """Make this an indirect object of the document and return what refers to it."""
    made: PDFObjectReference = doc.Reference(indirect)  # type: ignore[no-untyped-call]  # untyped in the stubs
    return made


def add_to_catalog(doc: PDFDocument, **entries: object) -> None:
    """Add entries to the document's catalogue; of most, reportlab does not know that they exist."""
    catalog: Any = doc.Catalog  # type: ignore[attr-defined]  # the stubs leave it out
    catalog.__NoDefault__ = [*catalog.__NoDefault__, *(name for name in entries if name not in catalog.__NoDefault__)]
    for name, entry in entries.items():
        setattr(catalog, name, entry)


def deflated_stream(content: bytes, entries: dict[str, Any] | None = None) -> PDFStream:
    """A stream compressed here: reportlab would only do so with its ASCII85 filter on top, a quarter larger."""
    return compressed_stream(zlib.compress(content), entries or {})


def compressed_stream(deflated: bytes, entries: dict[str, Any]) -> PDFStream:
    """A stream of bytes that are deflated already."""
    return PDFStream(PDFDictionary({**entries, "Filter": PDFName("FlateDecode")}), deflated)


def _to_unicode(characters: str) -> bytes:
    """The CMap from codes to characters, in UTF-16BE: surrogate pairs beyond U+FFFF."""
    entries = [
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>" for code, character in _coded(characters)
    ]
    blocks = [entries[at : at + _ENTRIES_PER_BLOCK] for at in range(0, len(entries), _ENTRIES_PER_BLOCK)]
    lines = [line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")]
    return "\n".join([_CMAP_HEAD, *lines, _CMAP_TAIL]).encode("ascii")


def _coded(characters: str) -> enumerate[str]:
    return enumerate(characters, start=1)


def _subset_tag(characters: str) -> str:
    """Six letters that differ between subsets (ISO 32000-1, 9.6.4), the same on every run."""
    digest = hashlib.sha256(characters.encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


@cache
def embedded(face: Face) -> str:
    """The name under which reportlab knows this face; registered at first use."""
    pdfmetrics.registerFont(EmbeddedFont(face))
    return face.name
