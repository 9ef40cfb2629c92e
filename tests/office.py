"""The operator at the command line: commands run in this process, as `verify-service` would run them."""

import io
import os
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec

from tests.enrolling import import_passed
from tests.factories import DATA, HOST, OPERATOR, Result, Trainee, results_csv, roster_csv
from verify_service.__main__ import main
from verify_service.settings import PREFIX, Settings


class Ran(msgspec.Struct, frozen=True):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401  # whatever the command prints
        return msgspec.json.decode(self.out)

    def codes(self, findings: str = "errors") -> dict[int, list[str]]:
        """Return the codes of the printed report by row, for rows that have any."""
        found = {row["row"]: [finding["code"] for finding in row[findings]] for row in self.json["rows"]}
        return {row: codes for row, codes in found.items() if codes}

    @property
    def counts(self) -> tuple[int, int]:
        """Return how many rows were imported and how many stood already."""
        return self.json["imported"], self.json["unchanged"]


class Office:
    """Commands on one register, with files handed in for them in a folder of the test."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.environment = environment_of(settings)
        self.folder = folder

    def run(self, *arguments: str, stdin: str = "") -> Ran:
        return run_command(self.environment, *arguments, stdin=stdin)

    def write(self, name: str, data: bytes | str) -> str:
        """Write a file and return its path."""
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    def private(self, text: str) -> str:
        """Return the argument that points at a personal datum."""
        return "@" + self.write("private.txt", text)

    def import_roster(
        self,
        people: Iterable[Trainee],
        *options: str,
        cohort: str = "C1",
        kind: str = OPERATOR,
        photos: bytes | None = None,
        create_partners: bool = True,
    ) -> Ran:
        arguments = ["roster", "import", self.write("roster.csv", roster_csv(people)), "--cohort", cohort, "--json"]
        if create_partners:
            arguments.append("--create-partners")
        if photos is not None:
            arguments += ["--photos", self.write("photos.zip", photos)]
        return self.run(*arguments, "--kind", kind, *options)

    def import_results(self, results: Iterable[Result], cohort: str = "C1", *options: str) -> Ran:
        path = self.write("results.csv", results_csv(results))
        return self.run("results", "import", path, "--cohort", cohort, "--json", *options)

    def enrol_passed(self, people: Iterable[Trainee], cohort: str = "C1") -> None:
        """Have people with photos enrolled in a class, all of whom passed."""
        import_passed(self.environment, list(people), cohort)

    def issue(self, cohort: str = "C1") -> Ran:
        return self.run("certificates", "issue", "--cohort", cohort, "--json")

    def list(self, *options: str) -> list[dict[str, Any]]:
        """Return what `certificates list --json` prints."""
        listed: list[dict[str, Any]] = self.run("certificates", "list", "--json", *options).json
        return listed

    def import_sample(self, which: str) -> tuple[Ran, Ran]:
        """Import a sample roster with its photos, and its results, into a cohort of the same name."""
        kind = {"operator": OPERATOR, "host": HOST}[which]
        roster = DATA / {"operator": "roster-operator.xlsx", "host": "roster-host.csv"}[which]
        options = ["--cohort", which, "--kind", kind, "--create-partners", "--json"]
        photos = str(DATA / f"photos-{which}.zip")
        enrolled = self.run("roster", "import", str(roster), "--photos", photos, *options)
        results = str(DATA / f"results-{which}.xlsx")
        return enrolled, self.run("results", "import", results, "--cohort", which, "--json")


def run_command(environment: Mapping[str, str], *arguments: str, stdin: str = "") -> Ran:
    """Run one command under exactly these settings."""
    typed, out, err = (io.TextIOWrapper(io.BytesIO(data), "utf-8") for data in (stdin.encode(), b"", b""))
    others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    with (
        patch.dict(os.environ, {**others, **environment}, clear=True),
        patch.multiple(sys, argv=["verify-service", *arguments], stdin=typed, stdout=out, stderr=err),
        ThreadPoolExecutor(1) as thread,  # in an asynchronous test, a loop is already running in this one
    ):
        code = thread.submit(_exit_code).result()
    return Ran(code, _written(out), _written(err))


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment that makes these settings."""
    databases = ("database_url", "operator_database_url", "migration_database_url", "signer_database_url")
    names = ["data_dir", "key_dir", "public_url", *databases]
    # Where they are, `serve` also keeps a sender running, or the consoles.
    names += [name for name in ("webhooks_database_url", "console_database_url") if getattr(settings, name) is not None]
    return {PREFIX + name.upper(): str(getattr(settings, name)) for name in names}


def _exit_code() -> int:
    try:
        main()
    except SystemExit as left:
        return int(left.code or 0)
    raise AssertionError("the command line always exits")


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()
