"""Columns by week as numbers a template can draw: user units of an SVG, whole ones."""

import math
from collections.abc import Sequence
from typing import Final

import msgspec

WIDTH: Final = 640
HEIGHT: Final = 190
LEFT: Final = 60
"""Of the labels of the vertical axis."""
BOTTOM: Final = 28
"""Of those of the weeks."""
TOP: Final = 12
FILLED: Final = 0.7
"""Of a column's place; the rest is between it and the next."""
LABELLED: Final = 3
"""Every third week has its label: on a phone they are drawn larger."""


class Part(msgspec.Struct, frozen=True):
    """One piece of a column: which of the series it belongs to, from 0, and where it stands."""

    series: int
    y: int
    height: int


class Column(msgspec.Struct, frozen=True):
    """One week."""

    label: str
    x: int
    middle: int
    parts: tuple[Part, ...]
    is_labelled: bool


class GridLine(msgspec.Struct, frozen=True):
    """A line across, with its value."""

    y: int
    value: int


class Chart(msgspec.Struct, frozen=True):
    """A drawing of stacked columns."""

    columns: tuple[Column, ...]
    lines: tuple[GridLine, ...]
    bar_width: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM

    @property
    def is_flat(self) -> bool:
        """Tell whether there is nothing to be seen."""
        return not any(column.parts for column in self.columns)


def stacked_columns(labels: Sequence[str], series: Sequence[Sequence[int]]) -> Chart:
    """Return the drawing of series that stand upon each other, a column for each label."""
    place = (WIDTH - LEFT) / max(1, len(labels))
    top = _round_up(max((sum(values) for values in zip(*series, strict=True)), default=0))
    columns = []
    for number, (label, values) in enumerate(zip(labels, zip(*series, strict=True), strict=True)):
        x = LEFT + round(number * place + place * (1 - FILLED) / 2)
        parts, middle = _parts(values, top), x + round(place * FILLED / 2)
        columns.append(Column(label, x, middle, parts, number % LABELLED == 0))
    lines = tuple(GridLine(_height_at(value, top), value) for value in _grid(top))
    return Chart(tuple(columns), lines, bar_width=max(1, round(place * FILLED)))


def _parts(values: Sequence[int], top: int) -> tuple[Part, ...]:
    """Return the pieces of one column from below; one of a few among thousands is still a line that can be seen."""
    parts, floor, upto = [], HEIGHT - BOTTOM, 0
    for number, value in enumerate(values):
        if value:
            upto += value
            y = min(_height_at(upto, top), floor - 1)
            parts.append(Part(number, y, floor - y))
            floor = y
    return tuple(parts)


def _height_at(value: int, top: int) -> int:
    return TOP + round((HEIGHT - BOTTOM - TOP) * (1 - value / top))


def _round_up(value: int) -> int:
    """Return the next of 4, 10, 20, 50, 100, 200, 500 … at or above a value."""
    if value <= 4:
        return 4
    magnitude = int(10 ** math.floor(math.log10(value)))
    return next(step * magnitude for step in (1, 2, 5, 10) if step * magnitude >= value)


def _grid(top: int) -> tuple[int, ...]:
    return (0, top // 2, top)
