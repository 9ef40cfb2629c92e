"""The operator's hand: one module for each group of commands."""

from importlib import import_module
from typing import Final

import click

COMMANDS: Final = {
    "account": "accounts.account",
    "api-keys": "api_keys.api_keys",
    "audit": "audit.audit",
    "budgets": "budgets.budgets",
    "calendar": "calendar.calendar",
    "canaries": "budgets.canaries",
    "certificates": "certificates.certificates",
    "codes": "codes.codes",
    "cohort": "cohorts.cohort",
    "console": "consoles.console",
    "demo": "demo.demo",
    "jobs": "jobs.jobs",
    "keys": "keys.keys",
    "migrate": "serving.migrate_command",
    "partner": "partners.partner",
    "person": "people.person",
    "results": "results.results",
    "retention": "retention.retention",
    "roster": "rosters.roster",
    "serve": "serving.serve",
    "signer": "signing.signer",
    "verify": "verify.verify",
    "webhooks": "webhooks.webhooks",
}
"""Each command's module in this package, and its name there."""


class LazyCommands(click.Group):
    """Commands that are imported when they are asked for: all of them take several times as long as most of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click passes it
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click passes it
        """Return the command of a name, or None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(".")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), attribute)
        return command


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Issue signed certificates and answer whether one is real."""
