"""Canaries: invented people whose numbers nobody has a reason to type."""

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.budgets.model import Counted
from verify_service.budgets.queries import upkeep as queries
from verify_service.budgets.rules import bucket_of
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.database import Connection
from verify_service.errors import ConflictError, NotFoundError
from verify_service.sealing.model import SecretKey, Secrets
from verify_service.subjects import service as subjects
from verify_service.subjects.model import IdNumber


async def require_nobody(connection: Connection, secrets: Secrets, number: IdNumber) -> None:
    """Refuse as a canary a number that somebody on the register has: that would watch a person."""
    if await subjects.find_id(connection, secrets, number) is not None:
        raise ConflictError("SOMEBODYS_NUMBER", "somebody on the register has this ID number: a canary must be nobody")


async def plant_canary(connection: Connection, secret: SecretKey, actor: Actor, label: str, facts: Facts) -> int:
    """Raise an alarm whenever this ID number or phone is asked about; return how many of the two were not watched yet.

    What is kept is an HMAC, and so it ends with the budget secret: whoever rotates that plants the canaries anew.
    """
    watched = [
        bucket_of(secret, counted, fact)
        for counted, fact in ((Counted.ID_NUMBER, facts.id_number), (Counted.PHONE, facts.phone))
        if fact is not None
    ]
    async with connection.transaction():
        added = await queries.add_canary(connection, watched, label, secret.version)
        if added:
            await _record_canary(connection, actor, "canary_added", label)
    return added


async def remove_canary(connection: Connection, actor: Actor, label: str) -> None:
    """Watch the canaries of a label no longer; refuse a label that none has."""
    async with connection.transaction():
        if not await queries.delete_canary(connection, label):
            raise NotFoundError("UNKNOWN_CANARY", "no canary has this label")
        await _record_canary(connection, actor, "canary_removed", label)


async def _record_canary(connection: Connection, actor: Actor, action: str, label: str) -> None:
    approval = await approve(connection, actor, "canaries")
    await record(connection, actor, AuditEvent(action, "canary", label, {"approval": str(approval.approval_id)}))
