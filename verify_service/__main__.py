"""`verify-service`: the command line. Every refusal is one line on standard error and an exit code of the contract."""

import sys

import click

from verify_service.cli import cli
from verify_service.errors import ServiceError


def main() -> None:
    """Run the command line and exit: 0 done, 1 some refused, 2 wrong usage, 4 not reachable, 5 conflict."""
    try:
        code = cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except ServiceError as error:
        click.echo(f"verify-service: {error.message} [{error.code}]", err=True)
        code = error.exit_code
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
