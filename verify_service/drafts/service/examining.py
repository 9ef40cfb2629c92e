"""What a draft is found to be: by itself, beside the register as far as whoever asks may know it, and its photos.

A partner is told what its own file says and what the register says of people whom that partner enrolled itself.
Whether anybody else is registered, under which name, phone or partner, is for staff alone: the answer for a stranger's
ID number is the answer for one that nobody has.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeVar

import anyio.to_thread

from verify_service.cohorts.service import require_cohort
from verify_service.drafts.model import Content, CurrentTable, Examined, Matched
from verify_service.drafts.rules.current import current_table
from verify_service.drafts.rules.matching import match
from verify_service.drafts.service.clinic import Clinic, OpenedDraft
from verify_service.exams.rules.results_columns import RESULTS_LAYOUT
from verify_service.exams.rules.results_file import CheckedResults, check_results
from verify_service.exams.service.importing import compare_results
from verify_service.partners.rules import fold_partner_name
from verify_service.partners.service import list_names_of, suggest_partners
from verify_service.rosters.model import RosterImport, RosterReport
from verify_service.rosters.rules.checks import check_roster
from verify_service.rosters.rules.columns import ROSTER_LAYOUT
from verify_service.rosters.rules.photo_checks import photographed_people
from verify_service.rosters.service.comparing import compare_roster
from verify_service.tables.model import Difference, Finding, Layout, TableReport
from verify_service.tables.rules.reports import with_findings

Result = TypeVar("Result")

LAYOUTS: Final[Mapping[Content, Layout]] = {Content.ROSTER: ROSTER_LAYOUT, Content.RESULTS: RESULTS_LAYOUT}
NOT_FOR_PARTNERS: Final = frozenset({"PHONE_CHANGED"})
"""A phone that another partner handed in later would be told of."""


async def examine(clinic: Clinic, opened: OpenedDraft, *, register: bool = True) -> Examined:
    """Return what a draft is found to be now; without the register only what its files say."""
    current = current_table(opened.source.table, opened.changes)
    if opened.draft.content is Content.RESULTS:
        return await _examine_results(clinic, opened, current, register=register)
    report = await _in_thread(partial(check_current_roster, clinic, current))
    differences: tuple[Difference, ...] = ()
    if clinic.partner_id is not None:
        names = await list_names_of(clinic.connection, clinic.partner_id)
        report = with_findings(report, current.table, errors=_foreign(report, names), language=clinic.language)
    if register and opened.draft.kind is not None:
        asked = asked_import(clinic, opened, current, report, {})
        leaving_out = NOT_FOR_PARTNERS if clinic.partner_id is not None else ()
        compared = await compare_roster(clinic.connection, clinic.secrets, asked, leaving_out=leaving_out)
        report, differences = compared.report, compared.differences
    matched = await _in_thread(partial(matched_photos, clinic, opened, current, report))
    # What stands may be what another partner enrolled: staff are told.
    return Examined(current, report, matched, differences if clinic.partner_id is None else ())


def check_current_roster(clinic: Clinic, current: CurrentTable) -> RosterReport:
    """Return the current table as checked without the register.

    A character that no face can draw stops an import. It stops no partner: only staff can add a face.
    """
    return check_roster(
        current.table,
        today=clinic.today,
        missing_characters=clinic.missing_characters,
        glyphs_required=clinic.partner_id is None,
        language=clinic.language,
    )


def check_current_results(clinic: Clinic, current: CurrentTable) -> CheckedResults:
    """Return the current results as checked without the register."""
    return check_results(current.table, today=clinic.today, language=clinic.language)


def matched_photos(clinic: Clinic, opened: OpenedDraft, current: CurrentTable, report: TableReport[Any]) -> Matched:
    """Return whose photo is which now."""
    archive = opened.source.archive
    if archive is None or not isinstance(report, RosterReport):
        return Matched()
    assigned = opened.changes.assigned
    by_row = {row: assigned[number] for row, number in enumerate(current.numbers, start=1) if number in assigned}
    return match(archive, opened.judged, by_row, photographed_people(report), clinic.language)


def asked_import(
    clinic: Clinic,
    opened: OpenedDraft,
    current: CurrentTable,
    report: RosterReport,
    photos: Mapping[int, bytes],
) -> RosterImport:
    """Return a roster's draft as an import asks for it; no partner is ever created by one."""
    return RosterImport(
        roster=current.table,
        report=report,
        photos=photos,
        cohort_code=opened.draft.cohort_code,
        kind=str(opened.draft.kind),
        language=clinic.language,
        amendment=opened.amendment,
    )


async def partner_suggestions(clinic: Clinic, examined: Examined) -> dict[str, tuple[str, ...]]:
    """Return what a row's partner may mean: for staff the registered names it resembles, for a partner its own."""
    codes = {"UNKNOWN_PARTNER", "FOREIGN_PARTNER"}
    named = {
        row.value.partner
        for row in examined.report.rows
        if any(error.code in codes and error.field == "partner" for error in row.errors)
    }
    if clinic.partner_id is None:
        return await suggest_partners(clinic.connection, sorted(name for name in named if name))
    own, *_ = await list_names_of(clinic.connection, clinic.partner_id)
    return {name: (own,) for name in named if name}


async def _examine_results(clinic: Clinic, opened: OpenedDraft, current: CurrentTable, *, register: bool) -> Examined:
    checked = await _in_thread(partial(check_current_results, clinic, current))
    if not register:
        return Examined(current, checked.report)
    compared = await compare_results(
        clinic.connection,
        clinic.secrets,
        cohort_id=await require_cohort(clinic.connection, opened.draft.cohort_code),
        results=current.table,
        checked=checked,
        amending=opened.amendment is not None,
    )
    return Examined(current, compared.report, differences=compared.differences)


def _foreign(report: RosterReport, names: list[str]) -> Iterator[Finding]:
    """Yield FOREIGN_PARTNER for rows of any other partner, registered or not: the answer is the same."""
    own = {fold_partner_name(name) for name in names}
    for row in report.rows:
        if row.value.partner is not None and fold_partner_name(row.value.partner) not in own:
            yield Finding(row.row, "FOREIGN_PARTNER", "partner")


async def _in_thread(work: Callable[[], Result]) -> Result:
    """Check three thousand rows beside the loop: other pages are answered meanwhile."""
    return await anyio.to_thread.run_sync(work)
