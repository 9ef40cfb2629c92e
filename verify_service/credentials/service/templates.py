"""Templates: what a certificate is drawn with, frozen at issue under the digest its record names."""

import hashlib

import msgspec

from pdf import CertificateTexts
from signing import canonicalize
from verify_service.credentials.queries import templates as queries
from verify_service.database import Connection
from verify_service.errors import NotFoundError
from verify_service.institution import Institution


class Template(msgspec.Struct, frozen=True):
    """Every configurable word of one kind of certificate, in the record and on the paper."""

    kind: str
    design: str
    issuer_name: str
    title: str
    description: str
    criteria: str
    texts: CertificateTexts

    def content(self) -> bytes:
        """Return the canonical JSON (RFC 8785) that `digest` is taken of."""
        return canonicalize(msgspec.to_builtins(self))

    def digest(self) -> bytes:
        """Return SHA-256 of the content."""
        return hashlib.sha256(self.content()).digest()


def current_template(institution: Institution, kind: str) -> Template:
    """Return the template that certificates of a kind are issued with today."""
    texts = institution.certificates[kind]
    return Template(
        kind=kind,
        design=kind,
        issuer_name=institution.issuer.name,
        title=texts.title,
        description=texts.description,
        criteria=texts.criteria,
        texts=institution.paper(kind),
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
