"""SQL on the working-day calendar."""

from typing import Final

from verify_service.database import Connection
from verify_service.working_days.model import Calendar, YearNotice

SELECT_YEARS: Final = "select year from working_day_year"
SELECT_EXCEPTIONS: Final = "select day, is_working_day from working_day_exception"
SELECT_NOTICES: Final = """
select year, source, amended_because,
       coalesce(array_agg(day order by day) filter (where not is_working_day), '{}') as off_weekdays,
       coalesce(array_agg(day order by day) filter (where is_working_day), '{}') as working_weekend_days
  from working_day_year
  left join working_day_exception on extract(year from day) = year
 group by year
 order by year
"""
LOCK_CALENDAR: Final = "select pg_advisory_xact_lock(hashtextextended('working_day_year', 0))"
INSERT_YEAR: Final = "insert into working_day_year (year, source) values ($1, $2)"
UPDATE_YEAR: Final = "update working_day_year set source = $2, amended_because = $3 where year = $1"
INSERT_EXCEPTIONS: Final = """
insert into working_day_exception (day, is_working_day) select * from unnest($1::date[], $2::boolean[])
"""
DELETE_EXCEPTIONS: Final = """
delete from working_day_exception where day between make_date($1, 1, 1) and make_date($1, 12, 31)
"""


async def load_calendar(connection: Connection) -> Calendar:
    """Return everything the register knows of working days."""
    years = await connection.fetch(SELECT_YEARS)
    exceptions = await connection.fetch(SELECT_EXCEPTIONS)
    return Calendar(
        years=frozenset(row["year"] for row in years),
        off_weekdays=frozenset(row["day"] for row in exceptions if not row["is_working_day"]),
        working_weekend_days=frozenset(row["day"] for row in exceptions if row["is_working_day"]),
    )


async def list_notices(connection: Connection) -> list[YearNotice]:
    """Return the known years in order."""
    days = ("off_weekdays", "working_weekend_days")
    return [
        YearNotice(**{**dict(row), **{member: frozenset(row[member]) for member in days}})
        for row in await connection.fetch(SELECT_NOTICES)
    ]


async def lock_calendar(connection: Connection) -> None:
    """Be the only one to change the calendar until the transaction ends."""
    await connection.execute(LOCK_CALENDAR)


async def add_year(connection: Connection, notice: YearNotice) -> None:
    """Enter a year that is not known yet."""
    await connection.execute(INSERT_YEAR, notice.year, notice.source)
    await _add_exceptions(connection, notice)


async def replace_year(connection: Connection, notice: YearNotice) -> None:
    """Replace the days of a known year, and say why."""
    await connection.execute(UPDATE_YEAR, notice.year, notice.source, notice.amended_because)
    await connection.execute(DELETE_EXCEPTIONS, notice.year)
    await _add_exceptions(connection, notice)


async def _add_exceptions(connection: Connection, notice: YearNotice) -> None:
    days = sorted(notice.exceptions)
    await connection.execute(INSERT_EXCEPTIONS, [day for day, _ in days], [is_worked for _, is_worked in days])
