"""What a hostile file does to its reader, measured apart.

`python -m tests.hostile.measuring` reads the files named on standard input as `roster check` or `verify` would, and
prints a `Measured` of each. It is a program of its own because the peak memory of a child includes that of the process
it was started from; and it forks for each file, because a process never forgets the peak of its children.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from tests.artefacts import ISSUER
from tests.hostile.corpus import ARTEFACT, PHOTOS, HostileFile
from verify_service.clock import today_in_shanghai
from verify_service.errors import UsageError
from verify_service.photos.model import PhotoName
from verify_service.photos.service import prepare_photos
from verify_service.rosters.rules.checks import check_roster, read_roster
from verify_service.tables.service import read_tables
from verify_service.verification.rules.evidence import RefutedError, examine
from verify_service.verification.service.reading import read

ROOT: Final = Path(__file__).parents[2]
PERSON: Final = PhotoName("林晓禾", "110000199003079874")


class Measured(msgspec.Struct, frozen=True):
    """How one file ended, and what its confined processes used at most."""

    outcome: str
    seconds: float
    """Of processor time."""
    megabytes: float


@contextmanager
def measuring() -> Iterator[Callable[[HostileFile], Measured]]:
    """Lend what returns how a file ended in a process of its own."""
    command = [sys.executable, "-m", "tests.hostile.measuring"]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(  # noqa: S603  # our own module
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as program,
    ):
        asked, answers = program.stdin, program.stdout
        assert asked is not None
        assert answers is not None

        def measure(hostile: HostileFile) -> Measured:
            path = Path(folder, hostile.file_name)
            path.write_bytes(hostile.build())
            asked.write(f"{path}\n")
            asked.flush()
            return msgspec.json.decode(answers.readline(), type=Measured)

        yield measure


def _outcome(path: Path) -> str:
    with path.open("rb") as handed_in:
        try:
            if path.name.startswith(ARTEFACT):
                examine(read(handed_in), ISSUER)
                return ""
            if path.name.startswith(PHOTOS):
                summary = prepare_photos(handed_in, {1: PERSON}, keep=True).summary
                return ":" + ",".join(refused.code for refused in summary.refused)
            table = read_roster(read_tables(handed_in, path.name))
        except UsageError as refused:
            return refused.code
        except RefutedError as refuted:
            return refuted.check.detail
    report = check_roster(table, today=today_in_shanghai(), missing_characters=lambda _: ())
    return ":" + ",".join(error.code for row in report.rows for error in row.errors if error.field in {"name", ""})


def _measure(path: Path) -> None:
    outcome = _outcome(path)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    measured = Measured(outcome, round(used.ru_utime + used.ru_stime, 2), round(used.ru_maxrss / 1024, 1))
    sys.stdout.write(f"{msgspec.json.encode(measured).decode()}\n")


def main() -> None:
    """Measure the files named on standard input, one after the other; end where one cannot be."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _measure(Path(line.rstrip("\n")))
            return
        if os.waitpid(child, 0)[1] != 0:
            sys.exit(1)


if __name__ == "__main__":
    main()
