"""SQL on partner and partner_alias."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.partners.model import Addressee, ListedPartner

SELECT_BY_FOLDED_NAMES: Final = "select folded_name, partner_id from partner_alias where folded_name = any($1)"
SELECT_NAMES: Final = """
select folded_name, name
  from partner_alias
  join partner on partner.partner_id = partner_alias.partner_id
"""
SELECT_ADDRESSEES: Final = "select partner_id, name from partner order by name"
SELECT_FOLDED_NAMES_OF: Final = "select folded_name from partner_alias where partner_id = $1 order by folded_name"
SELECT_NAME: Final = "select name from partner where partner_id = $1"
SELECT_NAMES_BY_ID: Final = "select partner_id, name from partner where partner_id = any($1)"
# Joining the key leaves out whoever was erased.
SELECT_LISTED: Final = """
select name,
       array(
           select folded_name from partner_alias where partner_alias.partner_id = partner.partner_id
            order by folded_name
       ) as aliases,
       (
           select count(distinct enrolment.subject_id)
             from enrolment
             join subject_key on subject_key.subject_id = enrolment.subject_id
            where enrolment.partner_id = partner.partner_id
       ) as trainees
  from partner
 order by name
"""
INSERT_PARTNER: Final = "insert into partner (partner_id, name) values ($1, $2)"
INSERT_ALIAS: Final = "insert into partner_alias (folded_name, partner_id) values ($1, $2)"
UPDATE_NAME: Final = "update partner set name = $2 where partner_id = $1"


async def find_by_folded_names(connection: Connection, folded_names: Sequence[str]) -> dict[str, UUID]:
    """Return partner ids by folded name, for those known."""
    rows = await connection.fetch(SELECT_BY_FOLDED_NAMES, folded_names)
    return {row["folded_name"]: row["partner_id"] for row in rows}


async def list_names(connection: Connection) -> dict[str, str]:
    """Return every partner's name by each folded name that finds it."""
    return {row["folded_name"]: row["name"] for row in await connection.fetch(SELECT_NAMES)}


async def find_names(connection: Connection, partner_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of these partners."""
    return {row["partner_id"]: row["name"] for row in await connection.fetch(SELECT_NAMES_BY_ID, partner_ids)}


async def list_addressees(connection: Connection) -> list[Addressee]:
    """Return every partner by name, to choose from."""
    return [Addressee(**dict(row)) for row in await connection.fetch(SELECT_ADDRESSEES)]


async def list_names_of(connection: Connection, partner_id: UUID) -> list[str]:
    """Return the folded names that find a partner."""
    return [row["folded_name"] for row in await connection.fetch(SELECT_FOLDED_NAMES_OF, partner_id)]


async def get_name(connection: Connection, partner_id: UUID) -> str:
    """Return the name of a registered partner."""
    return str(await connection.fetchval(SELECT_NAME, partner_id))


async def list_partners(connection: Connection) -> list[ListedPartner]:
    """Return every partner by name, its own folded name still among the aliases."""
    rows = await connection.fetch(SELECT_LISTED)
    return [ListedPartner(row["name"], tuple(row["aliases"]), row["trainees"]) for row in rows]


async def add_partner(connection: Connection, partner_id: UUID, name: str, folded_name: str) -> None:
    """Register a partner under the first name it was seen with."""
    await connection.execute(INSERT_PARTNER, partner_id, name)
    await add_alias(connection, partner_id, folded_name)


async def add_alias(connection: Connection, partner_id: UUID, folded_name: str) -> None:
    """Let another name find a partner."""
    await connection.execute(INSERT_ALIAS, folded_name, partner_id)


async def change_name(connection: Connection, partner_id: UUID, name: str) -> None:
    """Call a partner by another name."""
    await connection.execute(UPDATE_NAME, partner_id, name)
