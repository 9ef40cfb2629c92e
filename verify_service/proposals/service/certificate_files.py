"""A certificate as staff see it: whose it is, its chain of versions, and its paper."""

import datetime

import msgspec

from signing import format_token
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.credentials.model import Standing
from verify_service.credentials.queries import standing as standings
from verify_service.database import Connection
from verify_service.documents.model import Edition, HeldCertificate, PrintedCertificate
from verify_service.documents.service.drawing import Studio
from verify_service.documents.service.printing import print_certificates
from verify_service.errors import ConflictError, NotFoundError
from verify_service.proposals import queries
from verify_service.proposals.model import Proposal
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.rules.masks import mask_id_number, mask_phone


class Version(msgspec.Struct, frozen=True):
    """One certificate of a chain."""

    number: str
    version: int
    status: str
    issued_at: datetime.datetime
    revoked_at: datetime.datetime | None
    reason: str | None
    superseded_at: datetime.datetime | None


class CertificateFile(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of one certificate shows; nothing of the person once they were erased."""

    version: Version
    versions: tuple[Version, ...]
    kind: str
    token: str
    cohort: str
    partner: str
    name: str | None = None
    sex: str | None = None
    id_number_masked: str | None = None
    phone_masked: str | None = None
    open_proposal: Proposal | None = None


async def get_certificate_file(connection: Connection, secrets: Secrets, number: str) -> CertificateFile:
    """Return a certificate's page; refuse a number that is not on the register."""
    standing = await find_certificate(connection, number)
    people = await subjects.find_by_ids(connection, secrets, [standing.subject_id])
    subject = people.get(standing.subject_id)
    person = None if subject is None else subject.person
    cohort, partner = await queries.get_origin(connection, standing.exam_entry_id)
    versions = [_version(one) for one in await standings.list_versions(connection, standing.exam_entry_id)]
    return CertificateFile(
        version=_version(standing),
        versions=tuple(versions),
        kind=standing.kind,
        token=format_token(standing.token),
        cohort=cohort,
        partner=partner,
        name=None if person is None else person.name,
        sex=None if person is None else person.sex.value,
        id_number_masked=None if person is None else mask_id_number(person.id_number),
        phone_masked=mask_phone(person.phone) if person and person.phone else None,
        open_proposal=await queries.find_open_about(connection, "certificate", number),
    )


async def find_certificate(connection: Connection, number: str) -> Standing:
    """Return a signed certificate; raise `NotFoundError` for a number that none has."""
    standing = await standings.find_by_number(connection, number)
    if standing is None:
        raise NotFoundError("UNKNOWN_NUMBER", "no certificate has this number")
    return standing


async def draw_certificate(studio: Studio, actor: Actor, number: str, edition: Edition) -> PrintedCertificate:
    """Return the PDF of a certificate, whatever became of it, and note who took it; refuse one that the gate holds."""
    standing = await find_certificate(studio.connection, number)
    (printed,) = await print_certificates(studio, [standing], edition)
    if isinstance(printed, HeldCertificate):
        raise ConflictError(printed.reason, f"{number} is held by the print gate")
    event = AuditEvent("certificate_drawn", "certificate", number, {"edition": edition.value})
    await record(studio.connection, actor, event)
    return printed


async def note_shown(connection: Connection, actor: Actor, number: str) -> None:
    """Note that somebody saw a whole ID number."""
    event = AuditEvent("personal_data_shown", "certificate", number, {"fields": ["idNumber"]})
    await record(connection, actor, event)


def _version(standing: Standing) -> Version:
    return Version(
        standing.certificate_number,
        standing.version,
        standing.status,
        standing.issued_at,
        standing.revoked_at,
        standing.revocation_reason,
        standing.superseded_at,
    )
