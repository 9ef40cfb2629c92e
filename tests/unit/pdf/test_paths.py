"""Numbers and curves of the drawing language."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdf.paths import Point, circle, colour, curve, number


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (-0.0001, "0"),
        (1.5, "1.5"),
        (100, "100"),
        (0.0004, "0"),
        (1e-9, "0"),
        (-2.25, "-2.25"),
        (1 / 3, "0.333"),
    ],
)
def test_a_number_is_written_without_exponent_or_idle_zeros(value: float, written: str) -> None:
    assert number(value) == written


@given(st.floats(-1e6, 1e6))
def test_a_number_is_never_off_by_more_than_half_a_micrometre(value: float) -> None:
    assert float(number(value)) == pytest.approx(value, abs=0.000501)


def test_a_colour_is_three_shares_of_one() -> None:
    assert colour("#FF0080") == "1 0 0.502"


def test_a_circle_closes_where_it_began() -> None:
    words = circle(10, 20, 5).split()

    assert words[:3] == ["15", "20", "m"]
    assert words[-4:] == ["15", "20", "c", "h"]


def test_a_sine_of_four_knots_a_period_keeps_its_height() -> None:
    def wave(x: float) -> Point:
        return x, math.sin(x)

    segments = curve(wave, 0, 2 * math.pi, 4).splitlines()[1:]

    for index, segment in enumerate(segments):
        x0, y0 = wave(index * math.pi / 2)
        x1, y1, x2, y2, x3, y3 = map(float, segment.split()[:-1])
        middle = ((x0 + 3 * x1 + 3 * x2 + x3) / 8, (y0 + 3 * y1 + 3 * y2 + y3) / 8)
        assert middle[1] == pytest.approx(math.sin(middle[0]), abs=0.03)
