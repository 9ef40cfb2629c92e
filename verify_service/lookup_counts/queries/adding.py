"""SQL under the role of the public process, which may call one function and read nothing."""

from collections.abc import Mapping
from typing import Final

from verify_service.database import Connection
from verify_service.lookup_counts.model import Outcome

ADD: Final = "select count_lookups($1::text[], $2::bigint[])"


async def add(connection: Connection, counts: Mapping[Outcome, int]) -> None:
    """Add to the counts of today."""
    await connection.execute(ADD, [outcome.value for outcome in counts], list(counts.values()))
