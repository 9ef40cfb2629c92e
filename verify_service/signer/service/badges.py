"""Twins for the certificates that were signed before there were any, a page at a time beside everything else."""

from typing import Final
from uuid import UUID

import structlog

from signing import SigningError, TrustedKeys, sign_badge, verify_record
from verify_service.audit.model import AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.errors import UnavailableError
from verify_service.sealing.rules import unwrap_data_key
from verify_service.signer import queries
from verify_service.signer.model import WithoutBadge
from verify_service.signer.service.signatory import ACTOR, KeyRing, Signatory, load_keys
from verify_service.signer.service.signing import FIRST, SEALED_BADGE

PAGE: Final = 500
"""About half a second: so long at most a revocation waits for its place behind the twins."""

log = structlog.get_logger()


class BadgeBacklog:
    """How far a signer has looked through the register: once from its beginning, since what it signs has its twin."""

    def __init__(self) -> None:
        self._after: UUID | None = FIRST

    async def sign_page(self, connection: Connection, signatory: Signatory) -> int:
        """Sign the twins of the next page of certificates that have none; return how many, 0 at the end as well.

        Left out are those of a retired key, and, logged, those whose key or record does not open or verify.
        """
        if self._after is None:
            return 0
        async with connection.transaction():
            await queries.lock_signing(connection)
            page = await queries.find_without_badge(connection, self._after, PAGE)
            signed = await _sign_page(connection, signatory, page) if page else 0
        self._after = page[-1].credential_id if len(page) == PAGE else None
        return signed


async def _sign_page(connection: Connection, signatory: Signatory, page: list[WithoutBadge]) -> int:
    named = frozenset(certificate.credential_key_id for certificate in page)
    keys = await load_keys(connection, signatory.signers, named)
    done, badges = list[WithoutBadge](), list[tuple[UUID, bytes]]()
    for certificate in page:
        sealed = _sign(certificate, signatory, keys)
        if sealed is not None:
            badges.append((certificate.credential_id, sealed))
            done.append(certificate)
    if len(done) < len(page):
        log.error("badges_left_out", count=len(page) - len(done), page_from=page[0].certificate_number)
    await queries.add_badges(connection, badges)
    await record(connection, ACTOR, *(_event(certificate) for certificate in done))
    return len(done)


def _sign(certificate: WithoutBadge, signatory: Signatory, keys: KeyRing) -> bytes | None:
    """Return the sealed signature, or None; nothing is signed anew but what this very key has signed before."""
    row_id, key_id = certificate.credential_id, certificate.credential_key_id
    if key_id not in keys.signers:
        return None
    try:
        cipher = unwrap_data_key(
            signatory.field_secrets, certificate.kek_id, certificate.wrapped, certificate.subject_id
        )
        signed = cipher.open(certificate.sealed_record, "credential_signature:sealed_record", row_id)
        verify_record(signed, TrustedKeys([keys.public[key_id]]), signatory.origin.did)
        return cipher.seal(sign_badge(signed, keys.signers[key_id]), SEALED_BADGE, row_id)
    except (SigningError, UnavailableError):
        return None


def _event(certificate: WithoutBadge) -> AuditEvent:
    return AuditEvent(
        "badge_signed", "credential", str(certificate.credential_id), {"number": certificate.certificate_number}
    )
