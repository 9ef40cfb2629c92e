"""`cohort plan | list`."""

from datetime import datetime
from typing import Final

import click

from verify_service.cli.calendar import print_coverage
from verify_service.cli.printing import print_json, print_table
from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.clock import today_in_shanghai
from verify_service.cohorts.model import CohortList, ListedCohort, PlanAsked, PlanOutcome
from verify_service.cohorts.rules.classes import require_cohort_code
from verify_service.cohorts.service import list_cohorts, plan_cohort
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language

DAY: Final = click.DateTime(["%Y-%m-%d"])
HEADINGS: Final = (
    *("cohort", "class of", "people", "entries", "exam", "make-up", "no photo", "results", "make-up open"),
    *("issued", "to issue", "due", "late", "problems"),
)


@click.group()
def cohort() -> None:
    """Plan classes (班次) and see how far each has come."""


@cohort.command()
@click.argument("code")
@click.option("--partner", help="Registered partner whose own class it is; planned for several without it.")
@click.option("--exam-on", type=DAY, help="Planned day of the exam.")
@click.option("--make-up-on", type=DAY, help="Planned day of the make-up, after the exam.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan(
    *, code: str, partner: str | None, exam_on: datetime | None, make_up_on: datetime | None, as_json: bool
) -> None:
    """Open a class before its roster comes, or plan one otherwise; what is not given stays as it stands."""
    cohort_code = require_cohort_code(code)
    asked = PlanAsked(
        partner=partner,
        exam_on=exam_on.date() if exam_on else None,
        make_up_on=make_up_on.date() if make_up_on else None,
    )

    async def job(session: OperatorSession) -> PlanOutcome:
        return await plan_cohort(session.connection, session.actor, cohort_code, asked)

    outcome = run_as_operator(job)
    if as_json:
        print_json(outcome)
        return
    click.echo(f"{outcome.code} is {'opened' if outcome.opened else 'there already'}")
    for change in outcome.changes:
        click.echo(f"{change.member}: {change.before or 'none'} -> {change.after}")
    if not (outcome.opened or outcome.changes):
        click.echo("nothing changed")


@cohort.command("list")
@click.option("--cohort", "cohort_code", help="Code of the class; all classes without it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(cohort_code: str | None, as_json: bool) -> None:
    """List classes: people, results, what is issued, what is due when, and what somebody should look at."""

    async def job(session: OperatorSession) -> CohortList:
        return await list_cohorts(session.connection, cohort_code, today=today_in_shanghai())

    listed = run_as_operator(job)
    if as_json:
        print_json(listed)
        return
    print_table(HEADINGS, map(_cells, listed.cohorts))
    for line in listed.cohorts:
        for problem in line.problems:
            click.echo(f"{line.code}: {explain(problem, language=Language.ENGLISH)} [{problem}]")
    print_coverage(listed.calendar)


def _cells(line: ListedCohort) -> tuple[str, ...]:
    results = line.results
    ended = {name: getattr(results, name) for name in results.__struct_fields__}
    partners = {partner.partner: partner.people for partner in line.partners}
    planned = [f"planned {day}" if day else "" for day in (line.exam_on, line.make_up_on)]
    return (
        line.code,
        line.partner or "several",
        f"{line.people} ({_counts(partners)})" if partners else "0",
        _counts(line.entries),
        ", ".join(map(str, line.held_on.first)) or planned[0],
        ", ".join(map(str, line.held_on.make_up)) or planned[1],
        str(line.photos_missing),
        _counts(ended),
        str(line.make_up_open),
        str(line.issued),
        str(line.to_issue),
        str(line.due_on or ""),
        str(line.late),
        " ".join(line.problems),
    )


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items() if count)
