"""A partner's classes, and what is missing from each."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from uuid import UUID

from verify_service.cohorts import queries as cohorts
from verify_service.cohorts.model import Cohort
from verify_service.cohorts.rules.progress import listed_cohort
from verify_service.database import Connection
from verify_service.errors import NotFoundError
from verify_service.portal.model import OwnCohort
from verify_service.portal.queries import people as queries
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects
from verify_service.working_days.queries import load_calendar

Missing = Callable[[str], tuple[str, ...]]
"""Returns the characters of a name that no font can print."""


async def list_own_cohorts(
    connection: Connection, secrets: Secrets, missing: Missing, partner_id: UUID, *, today: datetime.date
) -> tuple[OwnCohort, ...]:
    """Return the partner's classes, the newest first, each counted among its own people."""
    found = await queries.list_cohorts(connection, partner_id)
    return await _counted(connection, secrets, missing, partner_id, found, today)


async def get_own_cohort(
    connection: Connection, secrets: Secrets, missing: Missing, partner_id: UUID, code: str, *, today: datetime.date
) -> OwnCohort:
    """Return one class; refuse one that is not there, or in which the partner has nobody."""
    found = await queries.list_cohorts(connection, partner_id, code)
    (cohort,) = await _counted(connection, secrets, missing, partner_id, [require_one(found)], today)
    return cohort


async def require_own_cohort(connection: Connection, partner_id: UUID, code: str) -> UUID:
    """Return the id of one class; refuse one that is not there, or in which the partner has nobody."""
    return require_one(await queries.list_cohorts(connection, partner_id, code)).cohort_id


def require_one(found: Sequence[Cohort]) -> Cohort:
    """Return the only class found, or refuse."""
    if not found:
        raise NotFoundError("UNKNOWN_COHORT", "there is no such class, or nobody of the partner is in it")
    return found[0]


async def _counted(
    connection: Connection,
    secrets: Secrets,
    missing: Missing,
    partner_id: UUID,
    found: Sequence[Cohort],
    today: datetime.date,
) -> tuple[OwnCohort, ...]:
    ids = [cohort.cohort_id for cohort in found]
    people, groups = defaultdict(list), defaultdict(list)
    for partner in await cohorts.list_people(connection, ids, partner_id):
        people[partner.cohort_id].append(partner)
    for group in await cohorts.list_entry_groups(connection, ids, partner_id):
        groups[group.cohort_id].append(group)
    unprintable = await _unprintable(connection, secrets, missing, partner_id, ids)
    calendar = await load_calendar(connection)
    return tuple(
        OwnCohort(
            listed_cohort(one, people[one.cohort_id], groups[one.cohort_id], calendar, today),
            is_own=one.partner_id == partner_id,
            unprintable=unprintable[one.cohort_id],
        )
        for one in found
    )


async def _unprintable(
    connection: Connection, secrets: Secrets, missing: Missing, partner_id: UUID, cohort_ids: Sequence[UUID]
) -> Counter[UUID]:
    """Return by class how many names without a certificate yet cannot be printed; an issued one was."""
    waiting = await queries.list_uncertified(connection, partner_id, cohort_ids)
    persons = await subjects.find_by_ids(connection, secrets, list({subject_id for _, subject_id in waiting}))
    lacking = {subject_id for subject_id, subject in persons.items() if missing(subject.person.name)}
    return Counter(cohort_id for cohort_id, subject_id in waiting if subject_id in lacking)
