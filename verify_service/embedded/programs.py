"""Running the programs of PostgreSQL, and plain system ones, as the user the server runs as."""

import os
import subprocess
from pathlib import Path

from verify_service.embedded.location import Location
from verify_service.errors import UnavailableError


def run_program(
    location: Location, program: str, *arguments: str, check: bool = True, stdin: str = "", password: str = ""
) -> int:
    """Run a program and return its exit status; raise `UnavailableError` with its last words unless `check` is off."""
    path = location.programs / program
    account = location.account
    quiet = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE  # a started server would keep a pipe open
    done = subprocess.run(  # noqa: S603  # our own programs with our own arguments
        [str(path) if path.exists() else program, *arguments],
        cwd=location.cluster,
        user=account.user_id if account else None,
        group=account.group_id if account else None,
        extra_groups=[] if account else None,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PGPASSWORD": password},
        input=stdin,
        stdout=quiet,
        stderr=quiet,
        text=True,
        check=False,
    )
    if check and done.returncode != 0:
        detail = (done.stderr or "").strip().splitlines()[-1:] or [f"see {location.cluster / 'server.log'}"]
        raise UnavailableError("DATABASE_START", f"{program} failed ({done.returncode}): {detail[0]}")
    return done.returncode


def write_private(file: Path, data: bytes) -> None:
    """Write a file that only the current user may read; it is on the disk when this returns."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
