"""SQL on the working-day calendar."""

from typing import Final

from verify_service.database import Connection
from verify_service.working_days.model import Calendar

SELECT_YEARS: Final = "select year from working_day_year"
SELECT_EXCEPTIONS: Final = "select day, is_working_day from working_day_exception"


async def load_calendar(connection: Connection) -> Calendar:
    """Return everything the register knows of working days."""
    years = await connection.fetch(SELECT_YEARS)
    exceptions = await connection.fetch(SELECT_EXCEPTIONS)
    return Calendar(
        years=frozenset(row["year"] for row in years),
        off_weekdays=frozenset(row["day"] for row in exceptions if not row["is_working_day"]),
        working_weekend_days=frozenset(row["day"] for row in exceptions if row["is_working_day"]),
    )
