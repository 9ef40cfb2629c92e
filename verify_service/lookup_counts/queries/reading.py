"""SQL that reads the counts of days."""

import datetime
from typing import Final

from verify_service.database import Connection
from verify_service.lookup_counts.model import DayCount, Outcome

SELECT_SINCE: Final = "select day, outcome, count from lookup_day where day >= $1 order by day, outcome"


async def list_since(connection: Connection, day: datetime.date) -> list[DayCount]:
    """Return the counts from a day on."""
    rows = await connection.fetch(SELECT_SINCE, day)
    return [DayCount(row["day"], Outcome(row["outcome"]), row["count"]) for row in rows]
