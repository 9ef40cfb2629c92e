"""Revoking: one event is added, nothing is changed."""

from verify_service.audit.model import Actor, ApprovedObject, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.credentials.model import RevocationReason, Standing
from verify_service.credentials.queries import standing as queries
from verify_service.database import Connection
from verify_service.errors import ConflictError, UsageError
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects


async def revoke(
    connection: Connection, secrets: Secrets, actor: Actor, *, number: str, reason: RevocationReason, note: str | None
) -> Standing:
    """Revoke a valid or superseded certificate and return it as it stood before; refuse one that is revoked already."""
    async with connection.transaction():
        standing = await hold_standing(connection, number)
        if await queries.find_unsigned_successor(connection, standing.credential_id) is not None:
            # Signed a moment later, the successor would be valid although its predecessor was found to be wrong.
            raise ConflictError(
                "CORRECTION_UNFINISHED",
                f"a correction of {number} is not finished: run `certificates issue` or `correct` again, then look",
            )
        people = await subjects.find_by_ids(connection, secrets, [standing.subject_id])
        person = people.get(standing.subject_id)
        if person is None and note is not None:
            raise ConflictError("ERASED", f"the person of {number} was erased, and no note can be sealed: leave it out")
        cipher = None if person is None else person.cipher
        about = ApprovedObject("certificate", number)
        approval = await approve(connection, actor, "revoke", about=about, note=note, cipher=cipher)
        added = await queries.add_revoked(
            connection, credential_id=standing.credential_id, reason=reason.value, approval_id=approval.approval_id
        )
        if not added:
            raise ConflictError("ALREADY_REVOKED", f"{number} is revoked already")
        detail = {"number": number, "reason": reason.value, "approval": str(approval.approval_id)}
        event = AuditEvent("credential_revoked", "credential", str(standing.credential_id), detail)
        await record(connection, actor, event)
    return standing


async def hold_standing(connection: Connection, number: str) -> Standing:
    """Return what `get_standing` returns, to be revoked or replaced by nobody else until the transaction ends."""
    await queries.lock_standing(connection, number)
    return await get_standing(connection, number)


async def get_standing(connection: Connection, number: str) -> Standing:
    """Return the signed certificate of a number; refuse a number that is not on the register."""
    standing = await queries.find_by_number(connection, number)
    if standing is None:
        raise UsageError("UNKNOWN_NUMBER", f"no certificate has the number {number}")
    return standing
