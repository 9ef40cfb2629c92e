"""SQL of whoever lifts and ends budgets and plants canaries."""

from collections.abc import Sequence
from typing import Final

from verify_service.budgets.model import Alarm, Canary
from verify_service.database import Connection

DELETE_BUDGETS: Final = "delete from budget where bucket = any($1) returning bucket"
COUNT_OLD_FAILURES: Final = """
select coalesce(sum(cardinality(failed_at) - cardinality(recent_failures(held))), 0)::bigint
  from budget as held
 where failures_until_then_are_old(held) >= any (failed_at)
"""
END_OLD_FAILURES: Final = "select buckets, failures from end_old_failures($1)"
INSERT_CANARY: Final = """
insert into canary (bucket, label, key_version) select bucket, $2, $3 from unnest($1::bytea[]) as bucket
    on conflict (bucket) do nothing
returning bucket
"""
SELECT_CANARIES: Final = """
select label, count(*)::integer as facts, 'budget-' || key_version as secret, min(added_at) as added_at
  from canary
 group by label, key_version
 order by label, key_version
"""
DELETE_CANARIES_OF_VERSION: Final = "delete from canary where key_version = $1"
DELETE_CANARY: Final = "delete from canary where label = $1 returning bucket"
SELECT_ALARMS: Final = """
select alarm, about, raised_at from lookup_alarm order by lookup_alarm_id desc limit $1
"""


async def delete_budgets(connection: Connection, buckets: Sequence[bytes]) -> set[bytes]:
    """Forget every failure of these buckets; return those that had any."""
    return {row["bucket"] for row in await connection.fetch(DELETE_BUDGETS, buckets)}


async def count_old_failures(connection: Connection) -> int:
    """Return how many failures have left the longest window of their bucket."""
    return int(await connection.fetchval(COUNT_OLD_FAILURES))


async def end_old_failures(connection: Connection, most: int) -> tuple[int, int]:
    """End those of up to so many buckets; return how many buckets had some, and how many failures these were."""
    row = await connection.fetchrow(END_OLD_FAILURES, most)
    assert row is not None  # noqa: S101  # sums have exactly one row
    return row["buckets"], row["failures"]


async def add_canary(connection: Connection, buckets: Sequence[bytes], label: str, key_version: int) -> int:
    """Watch these buckets under one label; return how many were not watched before."""
    return len(await connection.fetch(INSERT_CANARY, buckets, label, key_version))


async def list_canaries(connection: Connection) -> list[Canary]:
    """Return the canaries by label."""
    return [Canary(**dict(row)) for row in await connection.fetch(SELECT_CANARIES)]


async def delete_version(connection: Connection, key_version: int) -> None:
    """Forget the canaries of one version of the budget secret, which no question finds any more."""
    await connection.execute(DELETE_CANARIES_OF_VERSION, key_version)


async def delete_canary(connection: Connection, label: str) -> int:
    """Watch the canaries of a label no longer; return how many facts that were."""
    return len(await connection.fetch(DELETE_CANARY, label))


async def list_alarms(connection: Connection, most: int) -> list[Alarm]:
    """Return the latest alarms, newest first."""
    return [Alarm(**dict(row)) for row in await connection.fetch(SELECT_ALARMS, most)]
