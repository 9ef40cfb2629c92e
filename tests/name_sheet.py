"""The names of `golden/pdf/names.txt` as pictures to look at, and their settings written anew.

    python -m tests.name_sheet FOLDER

After a change of setting: look at the pictures in FOLDER, then at the difference of the golden file.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from PIL import Image

from pdf import DESIGNS, MissingGlyphError, Orientation, open_name_faces, render_certificate
from pdf.layouts import LAYOUTS
from pdf.names import set_name
from pdf.typesetting import Line
from tests.unit.pdf.conftest import make_content, rasterise

GOLDEN = Path(__file__).parent / "golden" / "pdf" / "names.txt"
INDENT = "    "
DPI = 110
COLUMNS, ROWS = 3, 12


def golden_settings() -> Mapping[str, tuple[str, ...]]:
    """Return the golden settings of each name: a line not indented is a name, what follows says how it is set."""
    settings: dict[str, tuple[str, ...]] = {}
    name = ""
    for line in GOLDEN.read_text("utf-8").splitlines():
        if line.startswith(INDENT):
            settings[name] += (line.strip(),)
        else:
            name = line
            settings[name] = ()
    return settings


def setting(name: str) -> tuple[str, ...]:
    """Return for each layout the lines of a name: size, tracking, and what which face draws; or why there are none."""
    try:
        return tuple(f"{layout}: {' / '.join(_lines(name, layout))}" for layout in LAYOUTS)
    except MissingGlyphError as error:
        return (str(error),)


def _lines(name: str, orientation: Orientation) -> Iterator[str]:
    for line in set_name(name, LAYOUTS[orientation].name, open_name_faces()):
        yield f"{line.size_pt:.1f} +{line.tracking_pt:.0f} {_runs(line)}"


def _runs(line: Line) -> str:
    return " ".join(f"{run.face.name.partition('-')[0]}[{run.text}]" for run in line.runs)


def _tile(name: str, orientation: Orientation, design: str) -> Image.Image:
    layout = LAYOUTS[orientation]
    picture = rasterise(render_certificate(make_content(name=name, orientation=orientation, design=design)), DPI)
    above = layout.page.height - layout.name.baseline
    box_mm = (layout.name.x - 32, above - 13, layout.name.x + layout.name.width + 22, above + 5)
    return picture.crop(tuple(round(side / 25.4 * DPI) for side in box_mm))  # type: ignore[arg-type]  # four sides


def _sheets(orientation: Orientation, design: str) -> Iterator[Image.Image]:
    names = [name for name, lines in golden_settings().items() if len(lines) == len(LAYOUTS)]
    for at in range(0, len(names), COLUMNS * ROWS):
        tiles = [_tile(name, orientation, design) for name in names[at : at + COLUMNS * ROWS]]
        width, height = tiles[0].size
        sheet = Image.new("RGB", (COLUMNS * width, ROWS * height), "white")
        for place, tile in enumerate(tiles):
            sheet.paste(tile, (place // ROWS * width, place % ROWS * height))
        yield sheet


def main(folder: Path) -> None:
    """Write the golden file anew, and a picture for each layout, design and sheetful of names."""
    lines = [line for name in golden_settings() for line in (name, *(INDENT + one for one in setting(name)))]
    GOLDEN.write_text("\n".join(lines) + "\n", "utf-8")
    for orientation in LAYOUTS:
        for design in sorted(DESIGNS):
            for number, sheet in enumerate(_sheets(orientation, design), start=1):
                sheet.save(folder / f"{orientation}-{design}-{number}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
