"""Finding, registering, listing and renaming partners."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, new_row_id
from verify_service.errors import ConflictError, UsageError
from verify_service.partners import queries
from verify_service.partners.model import ListedPartner
from verify_service.partners.rules import fold_partner_name, similar_names
from verify_service.subjects.service import hold_registration


async def find_partners(connection: Connection, names: Iterable[str]) -> dict[str, UUID]:
    """Return partner ids by folded name, for those known under any spelling."""
    return await queries.find_by_folded_names(connection, [fold_partner_name(name) for name in names])


async def list_names_of(connection: Connection, partner_id: UUID) -> list[str]:
    """Return a partner's name, and after it the folded names that find it too."""
    name = await queries.get_name(connection, partner_id)
    return [name, *await queries.list_names_of(connection, partner_id)]


async def suggest_partners(connection: Connection, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each unknown name the registered partners it resembles: for staff only, never for a partner."""
    registered = await queries.list_names(connection)
    return {name: similar_names(name, registered) for name in names}


async def list_partners(connection: Connection) -> list[ListedPartner]:
    """Return every partner by name, with the other names that find it."""
    return [
        msgspec.structs.replace(
            partner, aliases=tuple(alias for alias in partner.aliases if alias != fold_partner_name(partner.name))
        )
        for partner in await queries.list_partners(connection)
    ]


async def add_partner(connection: Connection, actor: Actor, name: str) -> UUID:
    """Register a new partner and return its id."""
    partner_id = new_row_id()
    await queries.add_partner(connection, partner_id, name, fold_partner_name(name))
    await record(connection, actor, AuditEvent("partner_added", "partner", str(partner_id)))
    return partner_id


async def register_partner(connection: Connection, actor: Actor, name: str) -> UUID:
    """Register a partner before its first roster comes, and return its id. ConflictError where any bears the name."""
    async with connection.transaction():
        await hold_registration(connection)
        if await find_partners(connection, [name]):
            raise _taken(name)
        return await add_partner(connection, actor, name)


async def add_alias(connection: Connection, actor: Actor, name: str, alias: str) -> bool:
    """Let `alias` find the partner that `name` finds; return False where it did already.

    Raises UsageError for a name nobody bears, ConflictError for an alias that finds another partner.
    """
    async with connection.transaction():
        partner_id = await _require_partner(connection, name)
        added = await _add_alias(connection, partner_id, alias)
        if added:
            detail = {"alias": fold_partner_name(alias)}
            await record(connection, actor, AuditEvent("partner_alias_added", "partner", str(partner_id), detail))
    return added


async def rename_partner(connection: Connection, actor: Actor, name: str, new_name: str) -> bool:
    """Call the partner that `name` finds `new_name`; return False where it is called so already.

    Every name it had still finds it. Raises UsageError for a name nobody bears, ConflictError for one of another's.
    """
    async with connection.transaction():
        partner_id = await _require_partner(connection, name)
        former = await queries.get_name(connection, partner_id)
        if former == new_name:
            return False
        await _add_alias(connection, partner_id, new_name)
        await queries.change_name(connection, partner_id, new_name)
        detail = {"from": former, "to": new_name}
        await record(connection, actor, AuditEvent("partner_renamed", "partner", str(partner_id), detail))
    return True


async def _require_partner(connection: Connection, name: str) -> UUID:
    """Return the id of a partner; imports, which may add partners, wait until the caller's transaction ends."""
    await hold_registration(connection)
    for partner_id in (await find_partners(connection, [name])).values():
        return partner_id
    raise UsageError("UNKNOWN_PARTNER", f"no partner is called {name}: see `partner list`")


async def _add_alias(connection: Connection, partner_id: UUID, alias: str) -> bool:
    holder = next(iter((await find_partners(connection, [alias])).values()), None)
    if holder is None:
        await queries.add_alias(connection, partner_id, fold_partner_name(alias))
    elif holder != partner_id:
        raise _taken(alias)
    return holder is None


def _taken(name: str) -> ConflictError:
    return ConflictError("PARTNER_NAME_TAKEN", f"{name} is the name of another partner: see `partner list`")
