"""Who issues, and every configurable text of certificates and pages, read from one TOML file."""

from pathlib import Path
from typing import Final

import msgspec

from pdf import CertificateTexts
from verify_service.settings import Settings, read_settings_file

SAMPLE_FILE: Final = Path(__file__).resolve().parent.parent / "ops" / "institution.sample.toml"


class IssuerTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The issuing body, with the body above it that stands in smaller letters before its name."""

    line: str
    line_english: str
    name: str
    name_english: str


class SiteTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the footer shows; a line that is not set is not shown."""

    icp: str | None = None
    public_security: str | None = None
    contact: str | None = None


class PaperTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lines of one kind of certificate besides issuer and title."""

    title_english: str
    subtitle_english: str
    statement: str
    statement_english: str
    lookup_hint: str
    lookup_hint_english: str
    scan_hint: str
    scan_hint_english: str


class KindTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of certificate: what the record says, and what the paper says."""

    title: str
    description: str
    criteria: str
    texts: PaperTexts


class Institution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything of the file."""

    issuer: IssuerTexts
    certificates: dict[str, KindTexts]
    site: SiteTexts = SiteTexts()

    def paper(self, kind: str) -> CertificateTexts:
        """Return every text the paper of one kind is drawn with."""
        texts = self.certificates[kind]
        return CertificateTexts(
            issuer=self.issuer.line + self.issuer.name,
            title=texts.title,
            unit=self.issuer.name,
            **msgspec.structs.asdict(texts.texts),
        )


def load_institution(settings: Settings) -> Institution:
    """Return the institution of the settings, or the sample; a malformed file is refused with its place."""
    return read_settings_file("INSTITUTION_FILE", settings.institution_file or SAMPLE_FILE, Institution)
