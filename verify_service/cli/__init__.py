"""The operator's hand: one module for each group of commands."""

import click

from verify_service.cli.accounts import account
from verify_service.cli.api_keys import api_keys
from verify_service.cli.budgets import budgets, canaries
from verify_service.cli.calendar import calendar
from verify_service.cli.certificates import certificates
from verify_service.cli.codes import codes
from verify_service.cli.cohorts import cohort
from verify_service.cli.consoles import console
from verify_service.cli.demo import demo
from verify_service.cli.keys import keys
from verify_service.cli.partners import partner
from verify_service.cli.people import person
from verify_service.cli.results import results
from verify_service.cli.retention import retention
from verify_service.cli.rosters import roster
from verify_service.cli.serving import migrate_command, serve
from verify_service.cli.signing import signer
from verify_service.cli.verify import verify
from verify_service.cli.webhooks import webhooks


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Issue signed certificates and answer whether one is real."""


for command in (
    cohort,
    partner,
    calendar,
    demo,
    serve,
    signer,
    console,
    account,
    migrate_command,
    keys,
    roster,
    results,
    certificates,
    codes,
    api_keys,
    budgets,
    canaries,
    retention,
    person,
    verify,
    webhooks,
):
    cli.add_command(command)
