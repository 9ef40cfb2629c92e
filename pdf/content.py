"""Everything one certificate shows. The caller decides what is true; nothing here is looked up or computed."""

import datetime
from typing import Annotated

import msgspec

from pdf.designs import Palette
from pdf.layouts import Orientation


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The caption of one field, in both languages of the page; neither may be blank where it is read from a file."""

    chinese: Annotated[str, msgspec.Meta(pattern=r"\S")]
    english: Annotated[str, msgspec.Meta(pattern=r"\S")]


class CertificateLabels(msgspec.Struct, frozen=True):
    """Captions of the four fields; the default is the customary wording."""

    name: Label = Label("姓名", "Name")
    sex: Label = Label("性别", "Sex")
    id_number: Label = Label("公民身份号码", "ID No.")
    certificate_number: Label = Label("证书编号", "Certificate No.")


class CertificateTexts(msgspec.Struct, frozen=True):
    """Every configurable string on the page. A text too long for its line is set smaller, down to 60 %."""

    issuer: str
    """Above the title, and again in the microtext of the frame."""
    title: str
    title_english: str
    subtitle_english: str
    statement: str
    """One sentence saying what was done and that this certificate is granted."""
    statement_english: str
    unit: str
    """Who signs: stands over the date, under the seal."""
    lookup_hint: str
    """How to check the certificate without the QR code."""
    lookup_hint_english: str
    scan_hint: str
    """Under the QR code."""
    scan_hint_english: str
    labels: CertificateLabels = CertificateLabels()


class Attachment(msgspec.Struct, frozen=True):
    """A file inside the file."""

    file_name: str
    media_type: str
    data: bytes


class CertificateContent(msgspec.Struct, frozen=True):
    """One certificate. Equal contents are drawn to equal bytes."""

    design: str
    """A code of `pdf.DESIGNS`."""
    texts: CertificateTexts
    name: str
    sex: str
    """As printed, 男 or 女; an empty text prints as `--`, never as a blank someone could fill in."""
    id_number: str
    """As printed: whole in the full edition, masked by the caller in the masked one."""
    certificate_number: str
    issued_on: datetime.date
    """Date in Asia/Shanghai, printed as 2026年11月23日; also the only date in the file's metadata."""
    qr: tuple[tuple[bool, ...], ...]
    """Rows from the top, True = dark, without the quiet zone."""
    photo_jpeg: bytes | None = None
    """Drawn to fill 25 x 35 mm, cropped at the centre; None leaves a neutral frame."""
    seal_png: bytes | None = None
    """Replaces the specimen ring: a square PNG with alpha, printed 42 mm wide."""
    logo_png: bytes | None = None
    """Beside the issuer's line; None leaves the place as it is, empty."""
    palette: Palette | None = None
    """Instead of the design's own colours."""
    orientation: Orientation = Orientation.LANDSCAPE
    attachments: tuple[Attachment, ...] = ()
    """Embedded byte for byte, each under a name of its own; nothing on the page shows them."""
