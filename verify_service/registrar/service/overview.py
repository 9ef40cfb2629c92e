"""Every class on one page, what is late first."""

from datetime import date

import msgspec

from verify_service.cohorts.rules.progress import days_left
from verify_service.cohorts.service import list_cohorts
from verify_service.database import Connection
from verify_service.registrar.model import CohortLine
from verify_service.registrar.rules import by_urgency
from verify_service.working_days.model import Coverage
from verify_service.working_days.queries import load_calendar


class Overview(msgspec.Struct, frozen=True):
    """The classes as they want attention, and how far the calendar reaches."""

    lines: list[CohortLine]
    calendar: Coverage

    @property
    def late(self) -> int:
        """Return how many classes have something late."""
        return sum(line.listed.late > 0 for line in self.lines)


async def read_overview(connection: Connection, *, today: date) -> Overview:
    """Return every class with the working days it has left."""
    found = await list_cohorts(connection, None, today=today)
    calendar = await load_calendar(connection)
    lines = [
        CohortLine(
            listed,
            days_left(listed.due_on, today, calendar) if listed.due_on and (listed.to_issue or listed.late) else None,
        )
        for listed in found.cohorts
    ]
    return Overview(by_urgency(lines), found.calendar)
