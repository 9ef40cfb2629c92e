"""Who issues, and everything configurable of certificates and pages, read from one TOML file."""

from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from pdf import DESIGNS, CertificateLabels, CertificateTexts, Label, Orientation, Palette
from verify_service.errors import UsageError
from verify_service.settings import PREFIX, Settings, read_settings_file

SAMPLE_FILE: Final = Path(__file__).resolve().parent.parent / "ops" / "institution.sample.toml"
OTHER_DOCUMENT: Final = Label("证件号码", "ID Document No.")
Text = Annotated[str, msgspec.Meta(pattern=r"\S")]
"""Something to read: each place of the page has a text, by which a changed page is told from ours."""
ImageName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*\.png\Z")]
"""Of a file inside IMAGE_DIR, not a path."""


class IssuerTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The issuing body, with the body above it that stands in smaller letters before its name."""

    line: str
    line_english: str
    name: Text
    name_english: str


class SiteTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the footer shows; a line that is not set is not shown."""

    icp: str | None = None
    public_security: str | None = None
    contact: str | None = None


class ImageNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The images on the paper; one that is not set leaves the specimen ring, and no logo."""

    seal: ImageName | None = None
    logo: ImageName | None = None


class PaperTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lines of one kind of certificate besides issuer and title."""

    title_english: Text
    subtitle_english: Text
    statement: Text
    statement_english: Text
    lookup_hint: Text
    lookup_hint_english: Text
    scan_hint: Text
    scan_hint_english: Text


class FieldLabels(CertificateLabels, frozen=True, forbid_unknown_fields=True):
    """The captions of the fields; one that is not set has its customary wording."""

    other_document: Label = OTHER_DOCUMENT
    """Over the number of a document that is no resident identity card."""

    def captions(self) -> CertificateLabels:
        """Return the captions of a holder with an identity card."""
        return CertificateLabels(
            name=self.name, sex=self.sex, id_number=self.id_number, certificate_number=self.certificate_number
        )


class KindTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of certificate: what the record says, and what the paper says and looks like."""

    title: Text
    description: Text
    criteria: Text
    texts: PaperTexts
    labels: FieldLabels = FieldLabels()
    orientation: Orientation = Orientation.LANDSCAPE
    colours: dict[str, str] = {}
    """Instead of those of the kind's design, by their names in `Palette`."""


class Institution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of the file."""

    issuer: IssuerTexts
    certificates: dict[str, KindTexts]
    site: SiteTexts = SiteTexts()
    images: ImageNames = ImageNames()

    def paper(self, kind: str) -> CertificateTexts:
        """Return every text the paper of one kind is drawn with."""
        texts = self.certificates[kind]
        return CertificateTexts(
            issuer=self.issuer.line + self.issuer.name,
            title=texts.title,
            unit=self.issuer.name,
            labels=texts.labels.captions(),
            **msgspec.structs.asdict(texts.texts),
        )

    def palette(self, kind: str) -> Palette | None:
        """Return every colour of one kind where one is configured; None: those of its design."""
        colours = self.certificates[kind].colours
        if not colours:
            return None
        return msgspec.convert({**msgspec.structs.asdict(DESIGNS[kind].palette), **colours}, Palette)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, the kinds of certificates not looked at yet: a fault of one is told with its name."""

    issuer: IssuerTexts
    certificates: dict[str, dict[str, Any]]
    site: SiteTexts = SiteTexts()
    images: ImageNames = ImageNames()


def load_institution(settings: Settings) -> Institution:
    """Return the institution of the settings, or the sample; a malformed file is refused with its place."""
    file = read_settings_file("INSTITUTION_FILE", settings.institution_file or SAMPLE_FILE, _File)
    kinds = {kind: _read_kind(kind, table) for kind, table in file.certificates.items()}
    institution = Institution(file.issuer, kinds, file.site, file.images)
    for kind in kinds:
        try:
            institution.palette(kind)
        except msgspec.ValidationError as error:
            raise _refusal(f"{error} - at `$.certificates.{kind}.colours`") from None
    return institution


def _read_kind(kind: str, table: dict[str, Any]) -> KindTexts:
    if kind not in DESIGNS:
        raise _refusal(f"{kind} is no kind of certificate - at `$.certificates`")
    try:
        return msgspec.convert(table, KindTexts)
    except msgspec.ValidationError as error:
        place = f"$.certificates.{kind}"
        raise _refusal(str(error).replace("$", place, 1) if "`$" in str(error) else f"{error} - at `{place}`") from None


def _refusal(reason: str) -> UsageError:
    return UsageError("BAD_SETTING", f"{PREFIX}INSTITUTION_FILE: {reason}")
