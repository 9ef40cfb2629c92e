"""Templates: what a certificate is drawn with, frozen at issue under the digest its record names."""

import datetime
import hashlib
from typing import Final

import msgspec
from msgspec.structs import replace

from pdf import (
    CertificateContent,
    CertificateTexts,
    FontError,
    Label,
    LogoError,
    Orientation,
    Palette,
    PdfError,
    SealError,
    render_certificate,
)
from signing import canonicalize
from verify_service.credentials.queries import templates as queries
from verify_service.database import Connection
from verify_service.errors import NotFoundError, UsageError
from verify_service.image_directory import ImageDirectory
from verify_service.institution import OTHER_DOCUMENT, Institution
from verify_service.settings import PREFIX

_ANY_QR: Final = ((False,) * 21,) * 21


class Template(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything configurable of one kind of certificate, in the record and on the paper.

    What came later than the first certificates has a default and is left out of the content while it has it: a template
    that uses none of it keeps its digest, and old ones are read and drawn as before. No default may ever change.
    """

    kind: str
    design: str
    issuer_name: str
    title: str
    description: str
    criteria: str
    texts: CertificateTexts
    other_document: Label = OTHER_DOCUMENT
    """The caption for the number of a document that is no resident identity card."""
    orientation: Orientation = Orientation.LANDSCAPE
    palette: Palette | None = None
    """Every colour, where one was configured; None: those of the design."""
    seal: str | None = None
    """SHA-256 of the image in hexadecimal; None: the specimen ring."""
    logo: str | None = None
    """The same of the logo; None: there is none."""

    def paper(self, *, is_resident: bool) -> CertificateTexts:
        """Return every text, the number captioned as of a resident identity card or of another document."""
        labels = self.texts.labels
        number = labels.id_number if is_resident else self.other_document
        return replace(self.texts, labels=replace(labels, id_number=number))

    def content(self) -> bytes:
        """Return the canonical JSON (RFC 8785) that `digest` is taken of."""
        return canonicalize(msgspec.to_builtins(self))

    def digest(self) -> bytes:
        """Return SHA-256 of the content."""
        return hashlib.sha256(self.content()).digest()


def current_templates(institution: Institution, images: ImageDirectory) -> dict[str, Template]:
    """Return by kind what certificates are issued with today.

    A specimen of each is drawn first: raise `UsageError` naming the setting, and the file or the text, that would leave
    certificates on the register which nobody can draw.
    """
    names = institution.images
    seal = None if names.seal is None else images.read(names.seal)
    logo = None if names.logo is None else images.read(names.logo)
    templates = {kind: _template(institution, kind, seal, logo) for kind in institution.certificates}
    for template in templates.values():
        try:
            for is_resident in (True, False):
                render_certificate(_specimen(template, seal, logo, is_resident=is_resident))
        except (SealError, LogoError) as error:
            name = names.seal if isinstance(error, SealError) else names.logo
            raise UsageError("IMAGE_UNUSABLE", f"{name} in {PREFIX}IMAGE_DIR: {error}") from None
        except FontError as error:
            raise UsageError("FONT_UNUSABLE", f"a font of this installation is unusable: {error}") from None
        except PdfError as error:
            place = f"$.certificates.{template.kind}"
            raise UsageError("NOT_DRAWN", f"{PREFIX}INSTITUTION_FILE: {error} - at `{place}`") from None
    return templates


def _template(institution: Institution, kind: str, seal: bytes | None, logo: bytes | None) -> Template:
    texts = institution.certificates[kind]
    return Template(
        kind=kind,
        design=kind,
        issuer_name=institution.issuer.name,
        title=texts.title,
        description=texts.description,
        criteria=texts.criteria,
        texts=institution.paper(kind),
        other_document=texts.labels.other_document,
        orientation=texts.orientation,
        palette=institution.palette(kind),
        seal=None if seal is None else hashlib.sha256(seal).hexdigest(),
        logo=None if logo is None else hashlib.sha256(logo).hexdigest(),
    )


def _specimen(template: Template, seal: bytes | None, logo: bytes | None, *, is_resident: bool) -> CertificateContent:
    """Return what nobody's certificate is drawn from."""
    return CertificateContent(
        design=template.design,
        texts=template.paper(is_resident=is_resident),
        name="",
        sex="",
        id_number="",
        certificate_number="",
        issued_on=datetime.date(2000, 1, 1),
        qr=_ANY_QR,
        seal_png=seal,
        logo_png=logo,
        palette=template.palette,
        orientation=template.orientation,
    )


async def freeze_template(connection: Connection, template: Template) -> bytes:
    """Make sure the template is kept for ever, and return its digest."""
    digest = template.digest()
    await queries.add_template(
        connection,
        digest=digest,
        kind=template.kind,
        title=template.title,
        issuer_name=template.issuer_name,
        content=template.content(),
    )
    return digest


async def get_template(connection: Connection, digest: bytes) -> Template:
    """Return the template of a digest."""
    content = (await queries.find_templates(connection, [digest])).get(digest)
    if content is None:
        raise NotFoundError("UNKNOWN_TEMPLATE", "no template has this digest")
    return msgspec.json.decode(content, type=Template)
