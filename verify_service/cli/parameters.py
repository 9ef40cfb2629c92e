"""Arguments that are checked as they are read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from signing import MalformedCredentialError, parse_certificate_number
from verify_service.errors import FieldError, ServiceError
from verify_service.tables.rules.explanations import explain
from verify_service.translations import Language

Command = TypeVar("Command", bound=Callable[..., Any])


def language_option(of_what: str) -> Callable[[Command], Command]:
    """Give a command `--language` and pass it a `Language`; partners read Chinese unless they say otherwise."""

    def read(_context: click.Context, _parameter: click.Parameter, value: str) -> Language:
        return Language(value)

    return click.option(
        "--language",
        type=click.Choice([language.value for language in Language]),
        default=Language.CHINESE.value,
        show_default=True,
        callback=read,
        help=of_what,
    )


class CertificateNumber(click.ParamType[str]):
    """A certificate number, in capitals or not; anything else, such as a name typed by mistake, is not repeated."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401  # click's
        """Return the number in capitals, its check character verified."""
        number = str(value).strip().upper()
        try:
            parse_certificate_number(number)
        except MalformedCredentialError as error:
            self.fail(str(error), param, ctx)
        return number


@contextmanager
def explained_refusals() -> Iterator[None]:
    """Give the code of a refused value the sentence that says what to do."""
    try:
        yield
    except FieldError as error:
        raise ServiceError(error.code, explain(error.code, language=Language.ENGLISH)) from None
