"""Arguments that are checked as they are read."""

from typing import Any

import click

from signing import MalformedCredentialError, parse_certificate_number


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
