"""`retention run`."""

import click

from verify_service.cli.printing import print_json, print_table
from verify_service.cli.session import OperatorSession, run_as_operator
from verify_service.retention.model import ClassReport, FailuresReport, RetentionReport
from verify_service.retention.service.policy import load_policy
from verify_service.retention.service.running import apply_retention, preview_retention


@click.group()
def retention() -> None:
    """End personal data by the dates of the policy (VERIFY_SERVICE_RETENTION_FILE)."""


@retention.command()
@click.option("--apply", is_flag=True, help="End what is due; without it nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def run(apply: bool, as_json: bool) -> None:
    """Say how much is due in each class of personal data, and end it with --apply.

    A run that was cut off has ended a part; the next one ends the rest.
    """

    async def job(session: OperatorSession) -> RetentionReport:
        policy = load_policy(session.settings)
        if apply:
            return await apply_retention(session.connection, session.actor, policy)
        return await preview_retention(session.connection, policy)

    report = run_as_operator(job)
    if as_json:
        print_json(report)
        return
    lines = (*map(_line, report.classes), _failures_line(report.failed_questions))
    print_table(("class", "kept", "due before", "due", "ended", "rule"), lines)
    is_any_due = report.failed_questions.due or any(line.due for line in report.classes)
    if is_any_due and not report.applied:
        click.echo("nothing was changed; --apply ends what is due, for good")


def _line(line: ClassReport) -> tuple[str, ...]:
    kept = "for ever" if line.keep_days is None else f"{line.keep_days} days"
    before = "" if line.cut_off_on is None else line.cut_off_on.isoformat()
    return line.data_class.value, kept, before, str(line.due), str(line.ended), line.rule


def _failures_line(line: FailuresReport) -> tuple[str, ...]:
    return "failed questions", "its windows", "", str(line.due), str(line.ended), line.rule
