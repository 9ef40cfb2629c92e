"""Results on standard output: JSON for machines, tables for people."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table


def print_json(value: Any) -> None:  # noqa: ANN401  # whatever msgspec can encode
    """Print one JSON document, indented, in the member order of its structs."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table on a terminal; in a pipe, tab-separated lines that `cut` and `awk` understand."""
    if not sys.stdout.isatty():
        for line in (headings, *rows):
            click.echo("\t".join(line))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
