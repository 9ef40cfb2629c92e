"""Entering the State Council's yearly notices: a known year is replaced only on purpose, since due dates move."""

from collections.abc import Sequence
from typing import Any

import msgspec

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.errors import ConflictError
from verify_service.working_days import queries
from verify_service.working_days.model import YearChange, YearNotice
from verify_service.working_days.rules.files import conflicting_years


async def import_notices(
    connection: Connection, actor: Actor, notices: Sequence[YearNotice], *, amended_because: str | None = None
) -> dict[int, YearChange]:
    """Enter years, all or none, and return what each came to; with a reason, known years are replaced.

    Raises ConflictError where a year stands with other days and no reason is given.
    """
    async with connection.transaction():
        await queries.lock_calendar(connection)
        standing = {notice.year: notice for notice in await queries.list_notices(connection)}
        conflicts = conflicting_years(notices, standing)
        if conflicts and amended_because is None:
            raise ConflictError(
                "CALENDAR_KNOWN",
                f"{', '.join(map(str, conflicts))}: known with other days. Replacing them moves due dates, past ones "
                "included: compare with the notice, then give --amend and --note",
            )
        changes = {}
        for notice in notices:
            if notice.year not in standing:
                await _add(connection, actor, notice)
                changes[notice.year] = YearChange.IMPORTED
            elif notice.year in conflicts:
                amended = msgspec.structs.replace(notice, amended_because=amended_because)
                await _amend(connection, actor, standing[notice.year], amended)
                changes[notice.year] = YearChange.AMENDED
            else:
                changes[notice.year] = YearChange.UNCHANGED
    return changes


async def _add(connection: Connection, actor: Actor, notice: YearNotice) -> None:
    await queries.add_year(connection, notice)
    await record(connection, actor, _event("calendar_year_imported", notice))


async def _amend(connection: Connection, actor: Actor, before: YearNotice, after: YearNotice) -> None:
    await queries.replace_year(connection, after)
    # The days alone say which due dates moved; the reason stands with the year.
    changed = sorted({day.isoformat() for day, _ in before.exceptions ^ after.exceptions})
    detail = {"changedDays": changed, "formerSource": before.source}
    await record(connection, actor, _event("calendar_year_amended", after, **detail))


def _event(action: str, notice: YearNotice, **more: Any) -> AuditEvent:  # noqa: ANN401  # whatever JSON holds
    detail = {
        "year": notice.year,
        "source": notice.source,
        "workingDays": notice.working_days,
        "offWeekdays": len(notice.off_weekdays),
        "workingWeekendDays": len(notice.working_weekend_days),
    }
    return AuditEvent(action, "working_day_year", str(notice.year), detail | more)
