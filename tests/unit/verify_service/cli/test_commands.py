"""The command line finds each command by its name, and imports no more than that one needs."""

import subprocess
import sys

import click
import pytest

from verify_service.cli import COMMANDS, cli

NOTHING = click.Context(cli)
ONLY_TO_SERVE = ("litestar", "uvicorn", "jinja2")
ONLY_FOR_WORKBOOKS = ("openpyxl",)
LOADED = "import sys; from verify_service.cli import cli; cli.get_command(None, sys.argv[1]); print(*sys.modules)"


def test_every_command_is_listed_and_found_under_its_own_name() -> None:
    assert cli.list_commands(NOTHING) == sorted(COMMANDS)
    found = {name: cli.get_command(NOTHING, name) for name in COMMANDS}
    assert {command.name for command in found.values() if command is not None} == set(COMMANDS)


def test_there_is_no_other_command() -> None:
    assert cli.get_command(NOTHING, "sign") is None


@pytest.mark.parametrize(
    ("name", "needless"),
    [
        ("signer", ONLY_TO_SERVE + ONLY_FOR_WORKBOOKS),
        ("webhooks", ONLY_TO_SERVE + ONLY_FOR_WORKBOOKS),
        ("verify", ONLY_TO_SERVE + ONLY_FOR_WORKBOOKS),
        ("keys", ONLY_TO_SERVE + ONLY_FOR_WORKBOOKS),
        ("serve", ONLY_FOR_WORKBOOKS),
    ],
)
def test_a_command_loads_nothing_that_only_others_need(name: str, needless: tuple[str, ...]) -> None:
    ended = subprocess.run([sys.executable, "-c", LOADED, name], capture_output=True, text=True, check=True)  # noqa: S603  # ours

    assert set(needless) & set(ended.stdout.split()) == set()
