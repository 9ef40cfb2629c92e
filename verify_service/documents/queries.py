"""SQL on print_check."""

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.documents.model import Edition

# The newest word on a drawing counts: a later one may have found what an earlier one missed.
SELECT_PASSED: Final = """
select credential_id, drawing_digest
  from (
           select distinct on (credential_id, drawing_digest) credential_id, drawing_digest, held_for
             from print_check
            where credential_id = any($1::uuid[]) and edition = $2 and drawing_digest is not null
            order by credential_id, drawing_digest, print_check_id desc
       ) as newest
 where held_for is null
"""
INSERT_CHECK: Final = """
insert into print_check (credential_id, edition, drawing_digest, held_for) values ($1, $2, $3, $4)
"""


async def find_passed(
    connection: Connection, credential_ids: Collection[UUID], edition: Edition
) -> set[tuple[UUID, bytes]]:
    """Return which drawings of these credentials have passed."""
    rows = await connection.fetch(SELECT_PASSED, list(credential_ids), edition.value)
    return {(row["credential_id"], row["drawing_digest"]) for row in rows}


async def add_checks(
    connection: Connection, edition: Edition, checks: Iterable[tuple[UUID, bytes | None, str | None]]
) -> None:
    """Record what was found of each: credential, digest of its drawing, and why it is held if it is."""
    rows = [(credential_id, edition.value, digest, held_for) for credential_id, digest, held_for in checks]
    await connection.executemany(INSERT_CHECK, rows)
