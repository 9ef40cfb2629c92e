"""The texts of a page as it is drawn, whatever the file says they read as."""

import ctypes
from collections.abc import Iterator
from typing import Any, Final

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # ships no py.typed

from verify_service.tables.rules.explanations import refusal
from verify_service.verification.model import PdfPage, PlacedPicture, PlacedText

MM: Final = 72 / 25.4
MAX_OBJECTS: Final = 20_000
"""A certificate has about 1,000, in its ornaments."""
MAX_DEPTH: Final = 8
MAX_TEXTS: Final = 500
MAX_CHARACTERS: Final = 1_000
"""Of one piece of text."""
INVISIBLE_MODES: Final = frozenset({3, 7})
"""ISO 32000-1, table 106: neither filled nor stroked."""
SMALLEST_PT: Final = 2.0
LIGHTEST: Final = 0.8
"""Relative brightness; the lightest ink of a certificate, gold, has 0.55, its paper 0.99."""
LINE_END_HYPHEN: Final = "\x02"
"""What PDFium makes of a hyphen before the next line."""


def read_page(page: Any) -> PdfPage:  # noqa: ANN401  # the package is untyped
    """Return the texts of a page and what else is on it; refuse PDF_TOO_COMPLEX.

    ActualText and other marks are taken off the page first: they say what a reader copies, not what an eye sees.
    """
    objects = list(_objects(page))
    texts = [item for item in objects if item.type == pdfium.FPDF_PAGEOBJ_TEXT]
    if len(texts) > MAX_TEXTS:
        raise refusal("PDF_TOO_COMPLEX")
    for item in texts:
        _remove_marks(item)
    loaded = page.get_textpage()
    width, height = page.get_size()
    return PdfPage(
        width_mm=width / MM,
        height_mm=height / MM,
        texts=tuple(_placed(item, loaded) for item in texts if item.level == 0),
        pictures=tuple(_placed_picture(item) for item in objects if item.type == pdfium.FPDF_PAGEOBJ_IMAGE),
        foreign=sum(map(_is_foreign, objects)) + _shown_annotations(page) + _is_moved(page),
    )


def _objects(page: Any) -> Iterator[Any]:  # noqa: ANN401
    for number, item in enumerate(page.get_objects(max_depth=MAX_DEPTH)):
        if number == MAX_OBJECTS:
            raise refusal("PDF_TOO_COMPLEX")
        yield item


def _is_foreign(item: Any) -> bool:  # noqa: ANN401
    if item.type in {pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_IMAGE}:
        return bool(item.level > 0)
    return item.level == 0 and item.type in {pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING}


def _shown_annotations(page: Any) -> int:  # noqa: ANN401
    """Count the annotations that can show something: the field of our signature has no extent."""
    shown = 0
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        area = pdfium.FS_RECTF()
        pdfium.FPDFAnnot_GetRect(annotation, area)
        is_widget = pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET
        shown += not is_widget or area.left != area.right or area.bottom != area.top
        pdfium.FPDFPage_CloseAnnot(annotation)
    return shown


def _is_moved(page: Any) -> bool:  # noqa: ANN401
    left, bottom = page.get_cropbox()[:2]
    return page.get_rotation() != 0 or (left, bottom) != (0, 0)


def _remove_marks(item: Any) -> None:  # noqa: ANN401
    while pdfium.FPDFPageObj_CountMarks(item) > 0:
        if not pdfium.FPDFPageObj_RemoveMark(item, pdfium.FPDFPageObj_GetMark(item, 0)):
            raise refusal("PDF_TOO_COMPLEX")


def _placed(item: Any, loaded: Any) -> PlacedText:  # noqa: ANN401
    matrix = item.get_matrix()
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(item, size)
    size_pt = size.value * max(abs(matrix.a), abs(matrix.b), abs(matrix.c), abs(matrix.d))
    return PlacedText(
        text=_text(item, loaded),
        x=matrix.e / MM,
        baseline=matrix.f / MM,
        size_pt=size_pt,
        is_visible=size_pt >= SMALLEST_PT and _leaves_ink(item),
    )


def _placed_picture(item: Any) -> PlacedPicture:  # noqa: ANN401
    """Return what its windows leave of a raster: a photo of other proportions is larger than its frame."""
    left, bottom, right, top = item.get_bounds()
    for window in _windows(item):
        left, bottom = max(left, window[0]), max(bottom, window[1])
        right, top = min(right, window[2]), min(top, window[3])
    return PlacedPicture(left / MM, bottom / MM, right / MM, top / MM)


def _windows(item: Any) -> Iterator[tuple[float, float, float, float]]:  # noqa: ANN401
    """Yield the box around each path that clips an object, in points."""
    clip = pdfium.FPDFPageObj_GetClipPath(item)
    for path in range(max(pdfium.FPDFClipPath_CountPaths(clip), 0)):
        points = []
        for number in range(min(pdfium.FPDFClipPath_CountPathSegments(clip, path), MAX_OBJECTS)):
            x, y = ctypes.c_float(), ctypes.c_float()
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
            points.append((x.value, y.value))
        if points:
            across, up = zip(*points, strict=True)
            yield min(across), min(up), max(across), max(up)


def _text(item: Any, loaded: Any) -> str:  # noqa: ANN401
    length = pdfium.FPDFTextObj_GetText(item, loaded, None, 0)  # in bytes, with a final zero
    if length > 2 * MAX_CHARACTERS:
        raise refusal("PDF_TOO_COMPLEX")
    units = (ctypes.c_ushort * (length // 2))()
    pdfium.FPDFTextObj_GetText(item, loaded, units, length)
    text = bytes(units).decode("utf-16-le", "replace")
    return text.rstrip("\0").replace(LINE_END_HYPHEN, "-")


def _leaves_ink(item: Any) -> bool:  # noqa: ANN401
    if pdfium.FPDFTextObj_GetTextRenderMode(item) in INVISIBLE_MODES:
        return False
    if pdfium.FPDFClipPath_CountPaths(pdfium.FPDFPageObj_GetClipPath(item)) > 0:
        return False  # a window may show nothing of it; texts of ours have none
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return False
    brightness = (0.299 * red.value + 0.587 * green.value + 0.114 * blue.value) / 255
    return alpha.value == 255 and brightness < LIGHTEST
