"""`budgets lift | alarms` and `canaries add | list | remove`."""

from typing import Final

import click

from verify_service.allowances import read_allowances
from verify_service.budgets.model import Alarm, Canary, LiftReport
from verify_service.budgets.queries import upkeep
from verify_service.budgets.service.canaries import plant_canary, remove_canary, require_nobody
from verify_service.budgets.service.lifting import lift
from verify_service.cli.parameters import explained_refusals
from verify_service.cli.printing import print_json, print_table
from verify_service.cli.session import OperatorSession, read_private_argument, run_as_operator
from verify_service.clock import today_in_shanghai
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.errors import UsageError
from verify_service.keys.rules import usable
from verify_service.sealing.model import SecretKey, SecretPurpose
from verify_service.subjects.rules.id_numbers import parse_lookup_id_number
from verify_service.subjects.rules.names import parse_name
from verify_service.subjects.rules.phones import parse_phone

MOST_ALARMS: Final = 100


@click.group()
def budgets() -> None:
    """Failed lookups, counted by what was typed (VERIFY_SERVICE_BUDGET_*)."""


@budgets.command("lift")
@click.option("--name", help="@FILE or -")
@click.option("--id-number", help="@FILE or -")
@click.option("--phone", help="@FILE or -")
@click.option("--token", help="of a QR code with which numbers were compared")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def lift_command(
    *, name: str | None, id_number: str | None, phone: str | None, token: str | None, as_json: bool
) -> None:
    """Answer again about somebody whose budgets are spent: forget every failure by these facts, or with this token.

    Give what the visitor typed, or scanned. Of an ID number and a phone the part before the last four is counted too,
    and that is forgotten with them. What is recorded is which kinds of budget were lifted, never whose.
    """
    facts = _read_facts(name=name, id_number=id_number, phone=phone)
    if facts == Facts() and token is None:
        raise click.UsageError("give at least one of --name, --id-number, --phone and --token")

    async def job(session: OperatorSession) -> LiftReport:
        allowances = read_allowances(session.settings.budgets)
        return await lift(session.connection, _secrets(session), session.actor, facts, allowances, token=token)

    report = run_as_operator(job)
    if as_json:
        print_json(report)
        return
    click.echo("lifted: " + ", ".join(report.lifted) if report.lifted else "nothing was counted by these facts")


@budgets.command("alarms")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def alarms_command(*, as_json: bool) -> None:
    """List the latest alarms: a canary was looked up, or far more lookups fail than usual."""

    async def job(session: OperatorSession) -> list[Alarm]:
        return await upkeep.list_alarms(session.connection, MOST_ALARMS)

    alarms = run_as_operator(job)
    if as_json:
        print_json(alarms)
        return
    lines = ((alarm.raised_at.isoformat(timespec="seconds"), alarm.alarm, alarm.about) for alarm in alarms)
    print_table(("raised", "alarm", "about"), lines)


@click.group()
def canaries() -> None:
    """Invented people: a lookup by their ID number or phone finds nobody, and raises an alarm."""


@canaries.command("add")
@click.argument("label")
@click.option("--id-number", required=True, help="@FILE or - : one that nobody has.")
@click.option("--phone", help="@FILE or - : one that nobody has.")
def add_command(*, label: str, id_number: str, phone: str | None) -> None:
    """Plant an invented person under LABEL, which stands in the alarm: say where this one was planted.

    Keep the file: after `keys rotate budget` the canary has to be planted again, for only its HMAC is stored.
    """
    facts = _read_facts(id_number=id_number, phone=phone)
    with explained_refusals():
        number = parse_lookup_id_number(facts.id_number or "", today=today_in_shanghai())

    async def job(session: OperatorSession) -> int:
        await require_nobody(session.connection, session.secrets(), number)
        return await plant_canary(session.connection, _secrets(session)[0], session.actor, label, facts)

    click.echo(f"{run_as_operator(job)} facts are watched from now on")


@canaries.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_command(*, as_json: bool) -> None:
    """List what is watched, by label; one under a secret that is no longer in use has to be planted again."""

    async def job(session: OperatorSession) -> list[Canary]:
        return await upkeep.list_canaries(session.connection)

    found = run_as_operator(job)
    if as_json:
        print_json(found)
        return
    lines = (
        (canary.label, str(canary.facts), canary.secret, canary.added_at.isoformat(timespec="seconds"))
        for canary in found
    )
    print_table(("label", "facts", "secret", "added"), lines)


@canaries.command("remove")
@click.argument("label")
def remove_command(*, label: str) -> None:
    """Watch the canaries of LABEL no longer."""

    async def job(session: OperatorSession) -> None:
        await remove_canary(session.connection, session.actor, label)

    run_as_operator(job)
    click.echo("no longer watched")


def _read_facts(*, name: str | None = None, id_number: str | None = None, phone: str | None = None) -> Facts:
    """Return the facts that options point at, read as a lookup reads them."""
    if [name, id_number, phone].count("-") > 1:
        raise click.UsageError("only one option can read standard input")
    with explained_refusals():
        return Facts(
            name=name and parse_name(read_private_argument("--name", name)).value,
            id_number=id_number
            and parse_lookup_id_number(
                read_private_argument("--id-number", id_number), today=today_in_shanghai()
            ).value,
            phone=phone and parse_phone(read_private_argument("--phone", phone)).value,
        )


def _secrets(session: OperatorSession) -> tuple[SecretKey, ...]:
    """Return the budget secrets that sites may be counting under, the newest first; refuse where none is here."""
    found = usable(session.directory.secrets(SecretPurpose.BUDGET), session.secret_states)
    if not found:
        raise UsageError("KEY_MISSING", "KEY_DIR has no budget secret in use: run `verify-service keys init`")
    return found
