"""`roster check` of 5,000 rows and of 1,000 photos as a partner runs it, beside the bare libraries on the same."""

import io
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import msgspec
import openpyxl
import psutil
from PIL import Image

from ops.bench.people import invent_people
from verify_service.rosters.rules.columns import ROSTER_LAYOUT
from verify_service.subjects.model import Person

ROWS = 5_000
PHOTOS = 1_000
PHOTO_SIZE = (1_200, 1_600)
COMMAND = Path(sys.executable).with_name("verify-service")
BARE_ROSTER = """
import openpyxl, sys
for sheet in openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets:
    for row in sheet.iter_rows(values_only=True):
        [str(value) for value in row]
"""
BARE_PHOTOS = """
import io, sys, zipfile
from PIL import Image
with zipfile.ZipFile(sys.argv[1]) as archive:
    for name in archive.namelist():
        picture = Image.open(io.BytesIO(archive.read(name))).convert("RGB").resize((410, 574))
        picture.save(io.BytesIO(), "JPEG", quality=88)
"""


class Run(msgspec.Struct, frozen=True):
    """What one command took, all its processes together."""

    seconds: float
    megabytes: float


def main() -> None:
    """Print seconds and peak memory of both checks and of their baselines."""
    with tempfile.TemporaryDirectory() as folder:
        people = list(invent_people(ROWS))
        roster = _write_roster(Path(folder, "roster.xlsx"), people)
        small = _write_roster(Path(folder, "small.xlsx"), people[:PHOTOS])
        photos = _write_photos(Path(folder, "photos.zip"), people[:PHOTOS])
        checked = _run([str(COMMAND), "roster", "check", str(roster), "--json"])
        _print(f"roster check of {ROWS} rows", checked, _run([sys.executable, "-c", BARE_ROSTER, str(roster)]))
        without = _run([str(COMMAND), "roster", "check", str(small), "--json"])
        both = _run([str(COMMAND), "roster", "check", str(small), "--photos", str(photos), "--json"])
        checked = Run(both.seconds - without.seconds, both.megabytes)
        _print(
            f"{PHOTOS} photos more, {PHOTO_SIZE[0]} x {PHOTO_SIZE[1]}",
            checked,
            _run([sys.executable, "-c", BARE_PHOTOS, str(photos)]),
        )


def _print(what: str, checked: Run, bare: Run) -> None:
    print(f"{what:38} {checked.seconds:6.1f} s, {checked.megabytes:4.0f} MB")
    ratio = checked.seconds / bare.seconds
    print(f"  baseline {'the bare library':27} {bare.seconds:6.1f} s, {bare.megabytes:4.0f} MB   ratio {ratio:.1f}")


def _write_roster(path: Path, people: list[Person]) -> Path:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    fields = ("name", "sex", "idNumber", "phone", "partner", "alsoOnlineHost")
    sheet.append([ROSTER_LAYOUT.headings[field][0] for field in fields])
    for person in people:
        sheet.append([person.name, person.sex.value, person.id_number, person.phone, "测试学院", "否"])
    workbook.save(path)
    return path


def _write_photos(path: Path, people: list[Person]) -> Path:
    encoded = io.BytesIO()
    Image.effect_mandelbrot(PHOTO_SIZE, (-2.5, -1.5, 1.0, 1.5), 100).convert("RGB").save(encoded, "JPEG", quality=90)
    with zipfile.ZipFile(path, "w") as archive:
        for person in people:
            archive.writestr(f"{person.name}+{person.id_number}.jpg", encoded.getvalue())
    return path


def _run(command: list[str]) -> Run:
    started, most = time.perf_counter(), 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603  # our own commands
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            most = max(most, _resident(watched))
            time.sleep(0.02)
    assert process.returncode == 0, command
    return Run(time.perf_counter() - started, most / 1e6)


def _resident(process: psutil.Process) -> int:
    total = 0
    for one in (process, *_children(process)):
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


if __name__ == "__main__":
    main()
