"""Whether the page of a PDF shows what the signatures say.

Texts are found by where they are drawn. What this cannot see: a font whose glyphs draw other characters than it claims,
a drawing changed in the background or the QR symbol, a picture put in the place of the photo, the seal or the logo. So
the QR code is decoded from the drawn page and compared as well, and whoever is in doubt compares what they see with the
data of the verdict.
"""

from typing import Final

import msgspec

from pdf import Area, PageForm, Place, format_date, page_form
from verify_service.verification.model import Artefact, Check, PdfPage, PlacedPicture, PlacedText, ProvenCertificate
from verify_service.verification.rules.evidence import CERTIFICATE_ADDRESS
from verify_service.verification.rules.printed_id_numbers import Agreement, KnownIdNumber, compare_id_number

TOLERANCE_MM: Final = 0.5
DETAILS: Final = {
    "title": "TITLE_DIFFERS",
    "name": "NAME_DIFFERS",
    "sex": "SEX_DIFFERS",
    "certificate_number": "NUMBER_DIFFERS",
    "issued_on": "DATE_DIFFERS",
}
"""The fields that are compared letter by letter, with what is wrong when they differ."""
COMPARED: Final = (*DETAILS, "id_number")


class _Shown(msgspec.Struct, frozen=True):
    """What stands in one place of the page."""

    place: Place
    pieces: tuple[PlacedText, ...]

    @property
    def text(self) -> str:
        """The pieces in reading order, without blanks: tracking looks like some."""
        ordered = sorted(self.pieces, key=lambda piece: (-round(piece.baseline, 1), piece.x))
        return _folded("".join(piece.text for piece in ordered))


def check_text(artefact: Artefact, proven: ProvenCertificate, id_number_hash: str | None) -> Check:
    """Return whether a PDF shows a certificate's data, and nothing our pages have no place for.

    `id_number_hash` is the record's; None where only a QR code says what was signed.

    A file with the record attached claims to be as we made it, and must be. A copy without (printed, scanned, sent
    through an app) is compared as far as its texts stand where ours do, and skipped where none does.
    """
    page = artefact.page
    if page is None:
        return Check("text", "skipped", "NOT_A_PDF")
    is_original = artefact.record is not None
    if is_original and (altered := _find_alteration(artefact, page)) is not None:
        return altered
    shown = {place.place.field: place.text for place in _in_places(page) if is_original or place.pieces}
    compared = [field for field in COMPARED if field in shown]
    if not compared:
        return Check("text", "skipped", "NO_TEXT")
    for field in compared:
        if field in DETAILS and not _is_as_proven(shown[field], field, proven):
            return Check("text", "fail", DETAILS[field])
    known = KnownIdNumber(proven.id_number_masked, id_number_hash)
    return _check_id_number(shown.get("id_number"), known, artefact)


def _find_alteration(artefact: Artefact, page: PdfPage) -> Check | None:
    """Return what shows an original to be altered, whatever its fields say; None where nothing does."""
    if artefact.pages != 1 or not _is_laid_out_as_ours(page):
        return Check("text", "fail", "PAGE_ALTERED")
    if not all(piece.is_visible for piece in page.texts):
        return Check("text", "fail", "TEXT_HIDDEN")
    return None if _has_one_qr_code(artefact) else Check("text", "fail", "PAGE_ALTERED")


def _check_id_number(text: str | None, known: KnownIdNumber, artefact: Artefact) -> Check:
    """An original with the whole number has its salt; printing it to a new file leaves both attachments behind."""
    agreement = Agreement.AGREES if text is None else compare_id_number(text, known, artefact.salt)
    if agreement is Agreement.UNPROVEN and artefact.record is None:
        return Check("text", "error", "ID_NUMBER_UNPROVEN")
    if agreement is not Agreement.AGREES:
        return Check("text", "fail", "ID_NUMBER_DIFFERS")
    return Check("text", "pass", "TEXT_AGREES")


def _has_one_qr_code(artefact: Artefact) -> bool:
    """Whether the page's only code leads to a certificate: which one, and on whose site, its evidence tells.

    No file leaves us before the same reader, at the same resolution, has read the code on it (`inspect_print`).
    """
    return len(artefact.qr_texts) == 1 and CERTIFICATE_ADDRESS.match(artefact.qr_texts[0]) is not None


def _is_laid_out_as_ours(page: PdfPage) -> bool:
    form = page_form(page.width_mm, page.height_mm)
    off = max(abs(form.width_mm - page.width_mm), abs(form.height_mm - page.height_mm))
    if page.foreign or off > TOLERANCE_MM or not _are_pictures_of_ours(page.pictures, form):
        return False
    places = _in_places(page, only_visible=False)
    is_one_each = all(len(place.pieces) == 1 for place in places if place.place.is_one_piece)
    return is_one_each and sum(len(place.pieces) for place in places) == len(page.texts)


def _are_pictures_of_ours(pictures: tuple[PlacedPicture, ...], form: PageForm) -> bool:
    """Whether each picture stays inside a place for one, and no two are in the same."""
    taken = [next((area for area in form.pictures if _is_inside(picture, area)), None) for picture in pictures]
    return None not in taken and len(set(map(id, taken))) == len(taken)


def _is_inside(picture: PlacedPicture, area: Area) -> bool:
    return (
        picture.left >= area.left - TOLERANCE_MM
        and picture.bottom >= area.bottom - TOLERANCE_MM
        and picture.right <= area.right + TOLERANCE_MM
        and picture.top <= area.top + TOLERANCE_MM
    )


def _in_places(page: PdfPage, *, only_visible: bool = True) -> list[_Shown]:
    """Return what begins in each place; scanning programs put invisible texts where they believe to have read some."""
    texts = [piece for piece in page.texts if piece.text.strip() and (piece.is_visible or not only_visible)]
    places = page_form(page.width_mm, page.height_mm).places
    return [_Shown(place, tuple(piece for piece in texts if place.holds(piece.x, piece.baseline))) for place in places]


def _is_as_proven(text: str, field: str, proven: ProvenCertificate) -> bool:
    expected = {
        "title": proven.title,
        "name": proven.name,
        "sex": proven.sex,
        "certificate_number": proven.number,
        "issued_on": format_date(proven.issued_on),
    }[field]
    return expected is None or text == _folded(expected)


def _folded(text: str) -> str:
    return "".join(text.split())
