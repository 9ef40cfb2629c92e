"""`roster template`: the empty workbook that partners fill in."""

import click

from verify_service.cli.output_files import require_new_file, write_new_file
from verify_service.cli.parameters import language_option
from verify_service.rosters.rules.template import TEMPLATE_VERSION, roster_template
from verify_service.translations import Language


@click.command()
@click.argument("output", metavar="OUT.xlsx", type=click.Path())
@language_option("Of its notes and prompts; the headings are Chinese.")
def template(output: str, language: Language) -> None:
    """Write an empty roster for partners to fill in; needs no database, and overwrites no file."""
    path = require_new_file(output, ".xlsx")
    write_new_file(path, roster_template(language))
    click.echo(f"{output} (version {TEMPLATE_VERSION})")
