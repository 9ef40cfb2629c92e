"""Opening, planning and listing classes."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.cohorts import queries
from verify_service.cohorts.model import (
    Cohort,
    CohortList,
    CohortProgress,
    EntryGroup,
    MovedDue,
    PartnerPeople,
    Placed,
    PlanAsked,
    PlanChange,
    PlanOutcome,
)
from verify_service.cohorts.rules.classes import require_make_up_after_exam, size_problems_of
from verify_service.cohorts.rules.progress import deadlines_of, listed_cohort, moved_dues
from verify_service.database import Connection, new_row_id
from verify_service.errors import ConflictError, UsageError
from verify_service.partners.service import find_partners
from verify_service.subjects import service as subjects
from verify_service.working_days.model import YearNotice
from verify_service.working_days.queries import load_calendar
from verify_service.working_days.rules.counting import coverage
from verify_service.working_days.rules.files import calendar_with


async def open_cohort(connection: Connection, actor: Actor, code: str, partner_id: UUID | None = None) -> UUID:
    """Return the cohort of this code, opened if new: then as the own class of `partner_id`, or planned without one."""
    found = await queries.find_cohort(connection, code)
    if found is not None:
        return found
    cohort_id = new_row_id()
    await queries.add_cohort(connection, cohort_id, code, partner_id)
    detail = {"code": code} if partner_id is None else {"code": code, "partner": str(partner_id)}
    await record(connection, actor, AuditEvent("cohort_opened", "cohort", str(cohort_id), detail))
    return cohort_id


async def find_cohort_alone(connection: Connection, code: str) -> UUID | None:
    """Return the cohort of this code, or None; every other import waits until the caller's transaction ends."""
    await subjects.hold_registration(connection)
    return await queries.find_cohort(connection, code)


async def find_cohort(connection: Connection, code: str) -> UUID | None:
    """Return the cohort of this code as it is now, or None."""
    return await queries.find_cohort(connection, code)


async def require_cohort(connection: Connection, code: str) -> UUID:
    """Return the cohort of this code; refuse one that is not there."""
    found = await queries.find_cohort(connection, code)
    if found is None:
        raise _unknown(code)
    return found


async def plan_cohort(connection: Connection, actor: Actor, code: str, asked: PlanAsked) -> PlanOutcome:
    """Plan a class, opened if new, and return what is another now; planning the same again changes nothing.

    Raises UsageError for a partner that is not registered and a make-up not after the exam; ConflictError where a class
    that others are in, or another partner's, would become the partner's own.
    """
    async with connection.transaction():
        found = await find_cohort_alone(connection, code)
        partner_id = None if asked.partner is None else await _require_partner(connection, asked.partner)
        cohort_id = found or await open_cohort(connection, actor, code)
        (before,) = await queries.list_cohorts(connection, code)
        if partner_id is not None:
            await _require_own_class_possible(connection, before, partner_id)
        exam_on, make_up_on = asked.exam_on or before.exam_on, asked.make_up_on or before.make_up_on
        require_make_up_after_exam(exam_on, make_up_on)
        await queries.change_plan(
            connection,
            cohort_id,
            partner_id=partner_id or before.partner_id,
            exam_on=exam_on,
            make_up_on=make_up_on,
        )
        (after,) = await queries.list_cohorts(connection, code)
        changes = _changes(before, after)
        if changes:
            await record(connection, actor, AuditEvent("cohort_planned", "cohort", str(cohort_id), _detail(after)))
    return PlanOutcome(code, after.partner, after.exam_on, after.make_up_on, found is None, changes)


async def list_cohorts(connection: Connection, code: str | None, *, today: date) -> CohortList:
    """Return one class or all by code, counted at one instant; refuse a code that is not there."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        cohorts = await queries.list_cohorts(connection, code)
        if code is not None and not cohorts:
            raise _unknown(code)
        cohort_ids = [cohort.cohort_id for cohort in cohorts]
        people: defaultdict[UUID, list[PartnerPeople]] = defaultdict(list)
        for partner in await queries.list_people(connection, cohort_ids):
            people[partner.cohort_id].append(partner)
        groups: defaultdict[UUID, list[EntryGroup]] = defaultdict(list)
        for group in await queries.list_entry_groups(connection, cohort_ids):
            groups[group.cohort_id].append(group)
        calendar = await load_calendar(connection)
    lines = (listed_cohort(one, people[one.cohort_id], groups[one.cohort_id], calendar, today) for one in cohorts)
    return CohortList(tuple(lines), coverage(calendar, today))


async def open_progress(connection: Connection, code: str, *, today: date) -> CohortProgress | None:
    """Return how far one class has come, counted at one instant, or None where there is none."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = await queries.list_cohorts(connection, code)
        if not found:
            return None
        (cohort,) = found
        people = await queries.list_people(connection, [cohort.cohort_id])
        groups = await queries.list_entry_groups(connection, [cohort.cohort_id])
        calendar = await load_calendar(connection)
    return CohortProgress(
        cohort=cohort,
        listed=listed_cohort(cohort, people, groups, calendar, today),
        deadlines=deadlines_of(groups, calendar, today),
        placed=tuple(
            Placed(one.partner_id, one.partner, one.people, size_problems_of(cohort.partner_id, one)) for one in people
        ),
    )


async def preview_calendar(connection: Connection, notices: Iterable[YearNotice]) -> tuple[MovedDue, ...]:
    """Return which due dates of all classes would move if these years were entered."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        cohorts = await queries.list_cohorts(connection, None)
        groups: defaultdict[UUID, list[EntryGroup]] = defaultdict(list)
        for group in await queries.list_entry_groups(connection, [cohort.cohort_id for cohort in cohorts]):
            groups[group.cohort_id].append(group)
        before = await load_calendar(connection)
    after = calendar_with(before, notices)
    return moved_dues(((cohort, groups[cohort.cohort_id]) for cohort in cohorts), before, after)


def _unknown(code: str) -> UsageError:
    return UsageError("UNKNOWN_COHORT", f"there is no cohort {code}: plan it, or import its roster first")


async def _require_partner(connection: Connection, name: str) -> UUID:
    found = await find_partners(connection, [name])
    if not found:
        raise UsageError(
            "UNKNOWN_PARTNER", f"no partner {name} is registered: import its first roster, or check the name"
        )
    return next(iter(found.values()))


async def _require_own_class_possible(connection: Connection, cohort: Cohort, partner_id: UUID) -> None:
    others = [one for one in await queries.list_people(connection, [cohort.cohort_id]) if one.partner_id != partner_id]
    if others or cohort.partner_id not in {None, partner_id}:
        raise ConflictError("COHORT_PARTNER", f"cohort {cohort.code} is another partner's class, or others are in it")


def _changes(before: Cohort, after: Cohort) -> tuple[PlanChange, ...]:
    old, new = _plan(before), _plan(after)
    return tuple(PlanChange(member, old[member], value) for member, value in new.items() if value != old[member])


def _plan(cohort: Cohort) -> dict[str, str | None]:
    return {
        "partner": cohort.partner,
        "examOn": cohort.exam_on.isoformat() if cohort.exam_on else None,
        "makeUpOn": cohort.make_up_on.isoformat() if cohort.make_up_on else None,
    }


def _detail(cohort: Cohort) -> dict[str, str | None]:
    """Return the whole plan for the trail, so that the event before it says what was changed; a partner by its id."""
    partner = None if cohort.partner_id is None else str(cohort.partner_id)
    return _plan(cohort) | {"code": cohort.code, "partner": partner}
