"""`GET /staff`: the first page."""

import datetime
from collections.abc import Mapping
from typing import Final

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from verify_service.clock import today_in_shanghai
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.navigation import is_open
from verify_service.consoles.pages import console_page
from verify_service.consoles.visitors import Visitor
from verify_service.dashboard.model import AlarmKind, Dashboard, Week
from verify_service.dashboard.rules.charts import Chart, stacked_columns
from verify_service.dashboard.service import read_dashboard
from verify_service.pages.responses import parse_language

TOPIC: Final = "console_dashboard"
LEADS_TO: Final[Mapping[AlarmKind, str]] = {
    AlarmKind.TRAIL_BROKEN: "/staff/audit",
    AlarmKind.HEADS_OVERDUE: "/staff/audit",
    AlarmKind.LATE: "/staff/cohorts",
    AlarmKind.CALENDAR: "/staff/calendar",
    AlarmKind.PRINT_GATE: "/staff/jobs",
    AlarmKind.SIGNING_REFUSED: "/staff/audit",
    AlarmKind.JOBS_STALLED: "/staff/jobs",
}
"""Where something can be done about it in the console; about the others, at the command line."""
SERIES: Final[Mapping[str, tuple[str, ...]]] = {
    "issued": ("issued",),
    "due": ("in_time", "late"),
    "lookups": ("found", "not_found", "limited"),
    "revoked": ("revoked",),
}
"""The charts, each with what stands upon each other in it."""
AHEAD: Final = "due"


class DrawnChart(msgspec.Struct, frozen=True):
    """A chart with the table that stands beside it: the Monday of each week, and its counts."""

    name: str
    series: tuple[str, ...]
    chart: Chart
    rows: tuple[tuple[datetime.date, tuple[int, ...]], ...]


@get("/staff", include_in_schema=False)
async def show_dashboard(
    visitor: NamedDependency[Visitor], console: NamedDependency[ConsoleContext], lang: FromQuery[str | None] = None
) -> Response[bytes]:
    """Show how the work goes by week, and what has to be looked at."""
    async with console.connection() as connection:
        dashboard = await read_dashboard(connection, today_in_shanghai(), sends_webhooks=_sends_webhooks(console))
    return console_page(
        "console/dashboard.html",
        console,
        visitor,
        parse_language(lang),
        topic=TOPIC,
        dashboard=dashboard,
        charts=_charts(dashboard),
        links=_links(visitor),
        opens_proposals=is_open(visitor, "GET /staff/proposals"),
        here="/staff",
    )


def _sends_webhooks(console: ConsoleContext) -> bool:
    settings = console.settings
    return settings.database_url is None or settings.webhooks_database_url is not None


def _charts(dashboard: Dashboard) -> list[DrawnChart]:
    return [_chart(name, series, dashboard) for name, series in SERIES.items()]


def _chart(name: str, series: tuple[str, ...], dashboard: Dashboard) -> DrawnChart:
    """Return one chart: what is due is known for weeks ahead, everything else up to this one."""
    weeks = [week for week in dashboard.weeks if name == AHEAD or week.begins_on <= dashboard.this_week_on]
    labels = [f"{week.begins_on:%m-%d}" for week in weeks]
    counts = [[_count(week, one) for week in weeks] for one in series]
    rows = zip((week.begins_on for week in weeks), zip(*counts, strict=True), strict=True)
    return DrawnChart(name, series, stacked_columns(labels, counts), tuple(rows))


def _count(week: Week, series: str) -> int:
    count: int = week.due - week.late if series == "in_time" else getattr(week, series)
    return count


def _links(visitor: Visitor) -> dict[str, str]:
    """Return where the alarms lead somebody: only where the table of access lets them in."""
    return {kind.value: path for kind, path in LEADS_TO.items() if is_open(visitor, f"GET {path}")}


DASHBOARD_ROUTES: Final = (show_dashboard,)
