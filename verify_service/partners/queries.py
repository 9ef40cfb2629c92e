"""SQL on partner and partner_alias."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from verify_service.database import Connection

SELECT_BY_FOLDED_NAMES: Final = "select folded_name, partner_id from partner_alias where folded_name = any($1)"
INSERT_PARTNER: Final = "insert into partner (partner_id, name) values ($1, $2)"
INSERT_ALIAS: Final = "insert into partner_alias (folded_name, partner_id) values ($1, $2)"


async def find_by_folded_names(connection: Connection, folded_names: Sequence[str]) -> dict[str, UUID]:
    """Return partner ids by folded name, for those known."""
    rows = await connection.fetch(SELECT_BY_FOLDED_NAMES, folded_names)
    return {row["folded_name"]: row["partner_id"] for row in rows}


async def add_partner(connection: Connection, partner_id: UUID, name: str, folded_name: str) -> None:
    """Register a partner under the first name it was seen with."""
    await connection.execute(INSERT_PARTNER, partner_id, name)
    await connection.execute(INSERT_ALIAS, folded_name, partner_id)
