"""What a hostile file does to its reader, measured apart.

`python -m tests.hostile.measuring FILE` reads one file as `roster check` or `verify` would and prints a `Measured`.
It is a program of its own because the peak memory of a child includes that of the process it was started from.
"""

import resource
import subprocess
import sys
import tempfile
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


def measure(hostile: HostileFile) -> Measured:
    """Return how a file ended in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, hostile.file_name)
        path.write_bytes(hostile.build())
        command = [sys.executable, "-m", "tests.hostile.measuring", str(path)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)  # noqa: S603  # our own module
    return msgspec.json.decode(ended.stdout, type=Measured)


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


def main() -> None:
    """Measure the file named by the first argument."""
    outcome = _outcome(Path(sys.argv[1]))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    measured = Measured(outcome, round(used.ru_utime + used.ru_stime, 2), round(used.ru_maxrss / 1024, 1))
    sys.stdout.write(msgspec.json.encode(measured).decode())


if __name__ == "__main__":
    main()
