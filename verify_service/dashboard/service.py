"""Reading the dashboard."""

import datetime

from verify_service.clock import SHANGHAI
from verify_service.dashboard import queries
from verify_service.dashboard.model import AlarmKind, Dashboard
from verify_service.dashboard.rules.alarms import COMPANIONS, alarms_of
from verify_service.dashboard.rules.weeks import (
    LONGEST_WAY,
    due_dates,
    dues_of,
    monday_of,
    shown_weeks,
    waiting_of,
    weeks_of,
)
from verify_service.database import Connection
from verify_service.lookup_counts.queries.reading import list_since
from verify_service.working_days.queries import load_calendar
from verify_service.working_days.rules.counting import coverage


async def read_dashboard(connection: Connection, today: datetime.date, *, sends_webhooks: bool) -> Dashboard:
    """Return what the first page shows on a day; where no webhooks are sent, nobody misses who would send them."""
    mondays = shown_weeks(today)
    since = datetime.datetime.combine(mondays[0], datetime.time(), SHANGHAI)
    calendar = await load_calendar(connection)
    groups = await queries.list_passed(connection, mondays[0] - LONGEST_WAY)
    lookups = await list_since(connection, mondays[0])
    due = due_dates(calendar)
    waiting = waiting_of(groups, due, today)
    signals = await queries.read_signals(connection)
    awaited = frozenset(COMPANIONS) if sends_webhooks else frozenset(COMPANIONS) - {AlarmKind.WEBHOOKS_DOWN}
    return Dashboard(
        weeks=weeks_of(
            mondays,
            await queries.count_issued(connection, since),
            await queries.count_revoked(connection, since),
            dues_of(groups, due, today),
            lookups,
        ),
        waiting=waiting,
        open_proposals=signals.open_proposals,
        alarms=alarms_of(signals, waiting, coverage(calendar, today), lookups, today, awaited),
        this_week_on=monday_of(today),
    )
