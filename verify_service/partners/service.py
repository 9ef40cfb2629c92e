"""Finding and registering partners."""

from collections.abc import Iterable
from uuid import UUID

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, new_row_id
from verify_service.partners import queries
from verify_service.partners.rules import fold_partner_name


async def find_partners(connection: Connection, names: Iterable[str]) -> dict[str, UUID]:
    """Return partner ids by folded name, for those known under any spelling."""
    return await queries.find_by_folded_names(connection, [fold_partner_name(name) for name in names])


async def add_partner(connection: Connection, actor: Actor, name: str) -> UUID:
    """Register a new partner and return its id."""
    partner_id = new_row_id()
    await queries.add_partner(connection, partner_id, name, fold_partner_name(name))
    await record(connection, actor, AuditEvent("partner_added", "partner", str(partner_id)))
    return partner_id
