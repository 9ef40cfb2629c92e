"""Faces as they stand in a file: Type 0 with Identity-H, one subset a part of a document (ISO 32000-1, 9.7).

reportlab's own TTFont writes five hexadecimal digits into ToUnicode for characters beyond U+FFFF, so that 𠮷
is copied as something else; prints an empty box for a character the face lacks; and keeps seek state per face.
"""

import hashlib
from typing import Final

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFObjectReference, PDFString

from pdf.fonts import Face
from pdf.objects import deflated_stream, reference

_ENTRIES_PER_BLOCK: Final = 100  # the most a `beginbfchar` may hold (Adobe Technical Note 5014)
_SYMBOLIC: Final = 4
_CMAP_HEAD: Final = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
    "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def "
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def "
    "1 begincodespacerange <0000> <FFFF> endcodespacerange"
)
_CMAP_TAIL: Final = "endcmap CMapName currentdict /CMap defineresource pop end end"


class EmbeddedFace:
    """What one part of a document shows in one face.

    A character's code is its order of first use, not its glyph: two characters that share a glyph (⼀ and 一) are still
    copied as what was written.
    """

    def __init__(self, face: Face, resource: str) -> None:
        """`resource` is the font's name in content streams."""
        self.resource = resource
        self._face = face
        self._codes: dict[str, int] = {}

    def shows(self, text: str) -> bool:
        """Whether every character of the text has a code already."""
        return self._codes.keys() >= set(text)

    def encode(self, text: str) -> str:
        """Return the hexadecimal string that shows the text, four digits a character.

        Raises:
            MissingGlyphError: the face lacks a character.
        """
        if not self.shows(text):
            self._face.glyphs(text)
            for character in text:
                self._codes.setdefault(character, len(self._codes) + 1)
        return "".join(f"{self._codes[character]:04X}" for character in text)

    def write(self, doc: PDFDocument) -> PDFObjectReference:
        """Embed what was encoded until now."""
        return reference(doc, _composite_font(self._face, "".join(self._codes), doc))


class FontSet:
    """The embedded faces of one part of a document, which may use what another part `before` it has embedded."""

    def __init__(self, prefix: str, before: "FontSet | None" = None) -> None:
        """`prefix` begins the resource names, and must differ from that of the part before."""
        self._prefix = prefix
        self._before = before
        self._faces: dict[Face, EmbeddedFace] = {}

    def face_for(self, face: Face, text: str) -> EmbeddedFace:
        """Return the embedded face in which to encode this text."""
        if self._before is not None and self._before.shows(face, text):
            return self._before.face_for(face, text)
        if face not in self._faces:
            self._faces[face] = EmbeddedFace(face, f"{self._prefix}{len(self._faces) + 1}")
        return self._faces[face]

    def shows(self, face: Face, text: str) -> bool:
        """Whether this part alone has every character of the text in this face."""
        return face in self._faces and self._faces[face].shows(text)

    def write(self, doc: PDFDocument) -> dict[str, PDFObjectReference]:
        """Embed the faces of this part, and return them by resource name."""
        return {embedded.resource: embedded.write(doc) for embedded in self._faces.values()}


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


def _to_unicode(characters: str) -> bytes:
    """The CMap from codes to characters, in UTF-16BE: surrogate pairs beyond U+FFFF."""
    entries = [
        f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for code, character in enumerate(characters, start=1)
    ]
    blocks = [entries[at : at + _ENTRIES_PER_BLOCK] for at in range(0, len(entries), _ENTRIES_PER_BLOCK)]
    lines = [line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")]
    return "\n".join([_CMAP_HEAD, *lines, _CMAP_TAIL]).encode("ascii")


def _subset_tag(characters: str) -> str:
    """Six letters that differ between subsets (ISO 32000-1, 9.6.4), the same on every run."""
    digest = hashlib.sha256(characters.encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
