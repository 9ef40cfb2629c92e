"""Tables named on the command line: read, and handed back with their findings marked."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

import click
import msgspec

from verify_service.cli.output_files import require_new_file, write_new_file
from verify_service.cli.parameters import language_option
from verify_service.cli.session import open_file
from verify_service.errors import FileRefusedError
from verify_service.tables import service
from verify_service.tables.model import Sheet, Table, TableReport
from verify_service.tables.rules.annotation import annotation_of
from verify_service.tables.rules.explanations import explain_refusal
from verify_service.translations import Language

Command = TypeVar("Command", bound=Callable[..., Any])

PASTED: Final = "-.txt"
"""What comes in on standard input is a table's text, as a spreadsheet program copies it."""


class TableOptions(msgspec.Struct, frozen=True):
    """How a table is read and reported, as the options of a command say."""

    sheets: tuple[str, ...] = ()
    language: Language = Language.CHINESE
    annotate: str | None = None
    as_json: bool = False


class TableFile(msgspec.Struct, frozen=True):
    """A table's file while it is open."""

    file: BinaryIO
    name: str
    options: TableOptions

    def sheets(self) -> tuple[Sheet, ...]:
        """Return its visible sheets."""
        return service.read_tables(self.file, self.name)

    def annotate(self, report: TableReport[Any], table: Table, remarks: Sequence[str] = ()) -> None:
        """Write it as a workbook that shows what its report says, where the options ask for that."""
        if self.options.annotate is not None:
            annotation = annotation_of(report, table, remarks=remarks, language=self.options.language)
            write_new_file(Path(self.options.annotate), service.annotate(self.file, self.name, annotation))


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options every table has, and pass it `options`."""

    @wraps(command)
    def with_options(*, sheet: Sequence[str], **others: Any) -> object:  # noqa: ANN401  # click's
        chosen = {name: others.pop(name) for name in ("language", "annotate", "as_json")}
        return command(options=TableOptions(tuple(sheet), **chosen), **others)

    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        click.option("--annotate", metavar="OUT.xlsx", type=click.Path(), help="Write the table, bad cells marked."),
        language_option("Of the report."),
        click.option("--sheet", multiple=True, help="Title of the sheet to read; again for several."),
    ):
        with_options = option(with_options)
    return with_options


@contextmanager
def opened_table(path: str, options: TableOptions) -> Iterator[TableFile]:
    """Lend a table's file, or the text on standard input where the path is `-`.

    What refuses the whole file while it is lent says so in the language of the options; a path to write to that is
    taken refuses before anything is read.
    """
    if options.annotate is not None:
        require_new_file(options.annotate, ".xlsx")
    with open_file(path) as file:
        try:
            yield TableFile(file, PASTED if path == "-" else Path(path).name, options)
        except FileRefusedError as error:
            raise in_language(error, options.language) from None


def in_language(error: FileRefusedError, language: Language) -> FileRefusedError:
    """Return a refusal as its reader understands it."""
    message = explain_refusal(error, language)
    return FileRefusedError(error.code, message, about=error.about, details=error.details)
