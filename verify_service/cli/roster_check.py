"""`roster check`."""

import os

import click

from verify_service.cli.printing import print_json
from verify_service.cli.reports import Reporter
from verify_service.cli.roster_files import read_roster_file
from verify_service.cli.table_files import TableOptions, opened_table, table_options
from verify_service.settings import load_settings


@click.command()
@click.argument("file", type=click.Path())
@click.option("--photos", type=click.Path(), help="ZIP of photos named 姓名+身份证号.")
@table_options
def check(*, file: str, photos: str | None, options: TableOptions) -> int:
    """Say per row what is wrong; needs no database and changes nothing.

    FILE is .xlsx, .xls or .csv; - reads a table pasted into standard input.
    """
    reporter = Reporter(options.language)
    with opened_table(file, options) as table:
        read = read_roster_file(table, photos, load_settings(os.environ), for_import=False)
        table.annotate(read.report, read.roster, reporter.photo_remarks(read.report.photos))
    if options.as_json:
        print_json(read.report)
    else:
        reporter.print_findings(read.report)
        reporter.print_photos(read.report.photos)
        reporter.print_totals(read.report)
        if options.annotate is not None:
            reporter.say("annotated", file=options.annotate)
    return 1 if read.report.summary.rejected else 0
