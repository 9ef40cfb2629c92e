"""People enrolled and examined as the commands would do it, but from files of our own: no process is confined for them.

What the commands do with a file is theirs to prove; elsewhere a class is only what a test begins with.
"""

import io
from collections.abc import Mapping, Sequence
from functools import cache

from tests.databases import run_apart
from tests.factories import OPERATOR, Result, Trainee, photo, results_csv, roster_csv
from verify_service.cli.session import OperatorSession, operator_session
from verify_service.clock import today_in_shanghai
from verify_service.cohorts.service import require_cohort
from verify_service.database import lent_databases
from verify_service.embedded.server import DatabaseUrls
from verify_service.exams.rules.results_file import check_results, read_results
from verify_service.exams.service.importing import import_results
from verify_service.name_faces import load_name_faces
from verify_service.photos.rules.pictures import make_portrait
from verify_service.rosters.model import RosterImport
from verify_service.rosters.rules.checks import check_roster, read_roster
from verify_service.rosters.service.importing import import_roster
from verify_service.settings import Settings, load_settings
from verify_service.tables.rules.files import read_tables


def import_passed(environment: Mapping[str, str], people: Sequence[Trainee], cohort: str) -> None:
    """Import a roster with photos, and results that say that everybody passed; nothing may be refused."""
    settings = load_settings(environment)
    with lent_databases(settings) as urls:
        run_apart(_import(settings, urls, people, cohort))


async def _import(settings: Settings, urls: DatabaseUrls, people: Sequence[Trainee], cohort: str) -> None:
    async with operator_session(settings, urls) as session:
        roster = _roster(settings, people, cohort)
        enrolled = await import_roster(session.connection, session.secrets(), session.actor, roster)
        assert not enrolled.report.summary.rejected, enrolled.report
        await _pass(session, people, cohort)


async def _pass(session: OperatorSession, people: Sequence[Trainee], cohort: str) -> None:
    results = read_results(read_tables(io.BytesIO(results_csv(map(Result, people))), "results.csv"))
    examined = await import_results(
        session.connection,
        session.secrets(),
        session.actor,
        cohort_id=await require_cohort(session.connection, cohort),
        results=results,
        checked=check_results(results, today=today_in_shanghai()),
    )
    assert not examined.report.summary.rejected, examined.report


def _roster(settings: Settings, people: Sequence[Trainee], cohort: str) -> RosterImport:
    roster = read_roster(read_tables(io.BytesIO(roster_csv(people)), "roster.csv"))
    missing_characters = load_name_faces(settings).missing
    report = check_roster(
        roster, today=today_in_shanghai(), missing_characters=missing_characters, glyphs_required=True
    )
    return RosterImport(
        roster=roster,
        report=report,
        photos={row.row: _portrait() for row in report.rows},
        cohort_code=cohort,
        kind=OPERATOR,
        create_partners=True,
    )


@cache
def _portrait() -> bytes:
    return make_portrait(photo()).jpeg
