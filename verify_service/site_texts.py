"""What the pages show of the institution."""

from urllib.parse import urlsplit

from verify_service.institution import Institution
from verify_service.pages.views import CertificateTitle, SiteTexts


def site_texts(institution: Institution, public_url: str) -> SiteTexts:
    """Return what the pages show of the institution."""
    issuer, site = institution.issuer, institution.site
    return SiteTexts(
        issuer_line=issuer.line,
        issuer_name=issuer.name,
        issuer_line_english=issuer.line_english,
        issuer_name_english=issuer.name_english,
        public_host=urlsplit(public_url).netloc,
        icp=site.icp,
        public_security=site.public_security,
        contact=site.contact,
        certificate_titles=tuple(
            CertificateTitle(texts.title, texts.texts.subtitle_english, kind)
            for kind, texts in institution.certificates.items()
        ),
    )
