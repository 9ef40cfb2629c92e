"""Time that has passed, policies that end something by it, and what a register looks like before and after."""

from typing import Any, Final

from tests.office import Office
from verify_service.database import Connection
from verify_service.retention.model import DataClass

KEPT: Final = 100
"""Days, in the policies of these tests."""
DATED: Final = {
    "subject": "created_at",
    "enrolment": "created_at",
    "sitting": "held_on",
    "credential": "issued_at",
    "redemption_code": "issued_at",
}
TABLES: Final = """
select tablename::text from pg_tables where schemaname = 'public' order by tablename
"""


async def date_back(superuser: Connection, days: int, *tables: str) -> None:
    """Let every event of these tables, or of all, have happened so many days ago: no other role could."""
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")  # switches the guards off
        for table in tables or DATED:
            day = "(now() at time zone 'Asia/Shanghai')::date - $1::int"
            await superuser.execute(f"update {table} set {DATED[table]} = {day}", days)  # noqa: S608  # the names above


async def give_scores(superuser: Connection) -> None:
    """Let every sitting have scores."""
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")
        await superuser.execute("update sitting set theory_score_tenths = 905, practice_score_tenths = 800")


def keep(office: Office, *data_classes: DataClass) -> None:
    """Let the office keep these classes `KEPT` days, and the others for ever."""
    terms = {data_class: KEPT if data_class in data_classes else '"forever"' for data_class in DataClass}
    text = "\n".join(f'[{name}]\nkeep_days = {days}\nreason = "a test"' for name, days in terms.items())
    office.environment |= {"VERIFY_SERVICE_RETENTION_FILE": office.write("retention.toml", text)}


def retain(office: Office, *options: str) -> dict[str, Any]:
    """Return the lines of `retention run --json`, by class."""
    ran = office.run("retention", "run", "--json", *options)
    assert (ran.code, ran.err) == (0, "")
    return {line["class"]: line for line in ran.json["classes"]}


async def contents(superuser: Connection) -> dict[str, str]:
    """Return a digest of every row of every table."""
    names = [row["tablename"] for row in await superuser.fetch(TABLES)]
    return {
        name: await superuser.fetchval(f"select md5(string_agg(t::text, '|' order by t::text)) from {name} as t")  # noqa: S608  # names of the catalogue
        for name in names
    }
