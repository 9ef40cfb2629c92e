"""`--amend --note`: what an import may change of what stands, and why."""

from collections.abc import Callable
from functools import wraps

import click

from verify_service.cli.session import read_private_argument


def amendable(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command `--amend` and `--note`, and pass it `amendment`: the note, or None where nothing may be amended.

    One of them without the other, and an empty note, are wrong usage.
    """

    @wraps(command)
    def amending(*, amend: bool, note: str | None, **others: object) -> int:
        if amend != (note is not None):
            raise click.UsageError("--amend and --note belong together")
        text = None if note is None else read_private_argument("--note", note)
        if text == "":
            raise click.UsageError("--note is empty: write down why")
        return command(amendment=text, **others)

    noted = click.option("--note", help="@FILE or - : why; kept sealed beside the approval.")(amending)
    return click.option("--amend", is_flag=True, help="Change what stands otherwise; needs --note.")(noted)
