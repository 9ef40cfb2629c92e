"""What the marks on the page mean, for screen readers: elements in reading order (ISO 32000-2, 14.7 and 14.8)."""

from typing import Any, Final

import msgspec
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObjectReference,
    PDFString,
)

from pdf.objects import reference

PARAGRAPH: Final = "P"
TITLE: Final = "H1"
HEADING: Final = "H2"
FIGURE: Final = "Figure"
ORNAMENT: Final = "/Artifact BMC"
"""Begins what means nothing and is passed over."""
END: Final = "EMC"
_ONLY_PAGE: Final = 0


class _Element(msgspec.Struct, frozen=True):
    role: str
    language: str | None
    alternative: str | None


class Structure:
    """The elements of the one page, numbered in the order in which they are drawn, which is that of reading."""

    catalog_entries: dict[str, Any]
    """What the document's catalogue says of the structure, once it is written."""

    def __init__(self) -> None:
        self._elements: list[_Element] = []

    def begin(self, role: str, *, language: str | None = None, alternative: str | None = None) -> str:
        """Return the operator that begins the marks of the next element.

        `language` is given where it is not that of the document, `alternative` is what is read out for a picture.
        """
        self._elements.append(_Element(role, language, alternative))
        return f"/{role} <</MCID {len(self._elements) - 1}>> BDC"

    def write(self, doc: PDFDocument, page: Any) -> None:  # noqa: ANN401  # reportlab's page, untyped
        """Write the tree, and tie the page to it."""
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        root_at = reference(doc, root)
        whole = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName("Document"), "P": root_at})
        whole_at = reference(doc, whole)
        page_at = doc.thisPageRef()
        numbered = enumerate(self._elements)
        elements = [reference(doc, _element(number, element, whole_at, page_at)) for number, element in numbered]
        whole.dict["K"] = PDFArray(elements)
        root.dict["K"] = whole_at
        root.dict["ParentTree"] = PDFDictionary({"Nums": PDFArray([_ONLY_PAGE, PDFArray(elements)])})
        root.dict["ParentTreeNextKey"] = _ONLY_PAGE + 1
        self.catalog_entries = {"StructTreeRoot": root_at, "MarkInfo": PDFDictionary({"Marked": "true"})}
        # reportlab writes only the entries of a page it knows.
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents = _ONLY_PAGE
        page.Tabs = PDFName("S")


def _element(number: int, element: _Element, parent: PDFObjectReference, page: PDFObjectReference) -> PDFDictionary:
    entries: dict[str, Any] = {
        "Type": PDFName("StructElem"),
        "S": PDFName(element.role),
        "P": parent,
        "Pg": page,
        "K": number,
    }
    if element.language is not None:
        entries["Lang"] = PDFString(element.language)
    if element.alternative is not None:
        entries["Alt"] = PDFString(element.alternative)
    return PDFDictionary(entries)
