"""`codes reissue | redeem`: redemption codes (兑换码) one by one; `list` is in `code_lists`."""

from typing import Final

import click

from verify_service.cli.code_lists import list_command
from verify_service.cli.parameters import explained_refusals
from verify_service.cli.printing import print_json
from verify_service.cli.session import OperatorSession, read_private_argument, run_as_operator
from verify_service.clock import today_in_shanghai
from verify_service.cohorts.service import require_cohort
from verify_service.errors import ConflictError, ServiceError
from verify_service.redemption_codes.model import Redemption, RedemptionOutcome
from verify_service.redemption_codes.rules.codes import parse_code
from verify_service.redemption_codes.service import redeem, reissue_code
from verify_service.subjects.rules.id_numbers import parse_lookup_id_number
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language

REFUSALS: Final = {
    RedemptionOutcome.ALREADY_REDEEMED: (ConflictError, "CODE_REDEEMED"),
    RedemptionOutcome.REPLACED: (ConflictError, "CODE_REPLACED"),
    RedemptionOutcome.UNKNOWN: (ServiceError, "CODE_UNKNOWN"),
}


@click.group()
def codes() -> None:
    """Hand out, replace and redeem redemption codes (兑换码)."""


codes.add_command(list_command)


@codes.command("reissue")
@click.option("--cohort", "cohort_code", required=True, help="Code of the class.")
@click.option("--id-number", required=True, help="@FILE or - : whose code was lost, or seen by another.")
@click.option("--note", required=True, help="@FILE or - : kept sealed beside the approval.")
def reissue_command(cohort_code: str, id_number: str, note: str) -> None:
    """Replace one person's code; the new one waits for the next `codes list`."""
    if [id_number, note].count("-") > 1:
        raise click.UsageError("only one option can read standard input")
    with explained_refusals():
        number = parse_lookup_id_number(read_private_argument("--id-number", id_number), today=today_in_shanghai())
    text = read_private_argument("--note", note)
    if not text:
        raise click.UsageError("--note is empty: write down why the code is replaced")

    async def job(session: OperatorSession) -> None:
        cohort_id = await require_cohort(session.connection, cohort_code)
        async with session.connection.transaction():
            await reissue_code(
                session.connection, session.secrets(), session.actor, cohort_id=cohort_id, id_number=number, note=text
            )

    run_as_operator(job)
    click.echo("the old code no longer counts; the new one is in the next `codes list`")


@codes.command("redeem")
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, also of a code that is refused.")
def redeem_command(source: str, as_json: bool) -> int:
    """Redeem a code, once; SOURCE is - or @FILE."""
    with explained_refusals():
        code = parse_code(read_private_argument("SOURCE", source))

    async def job(session: OperatorSession) -> Redemption:
        async with session.connection.transaction():
            return await redeem(session.connection, session.secrets(), session.actor, code)

    redemption = run_as_operator(job)
    refusal = _refusal(redemption)
    if as_json:
        print_json(redemption)
    elif refusal is not None:
        raise refusal
    else:
        click.echo(f"redeemed at {_instant(redemption)} for the cohort {redemption.cohort}")
    return 0 if refusal is None else refusal.exit_code


def _refusal(redemption: Redemption) -> ServiceError | None:
    if redemption.outcome is RedemptionOutcome.REDEEMED:
        return None
    kind, code = REFUSALS[redemption.outcome]
    return kind(code, explain(code, language=Language.ENGLISH).format(redeemed_at=_instant(redemption)))


def _instant(redemption: Redemption) -> str:
    return "" if redemption.redeemed_at is None else f"{redemption.redeemed_at:%Y-%m-%dT%H:%M:%SZ}"
