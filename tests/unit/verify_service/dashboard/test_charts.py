"""Columns: in proportion, inside the drawing, and visible however few."""

from hypothesis import given
from hypothesis import strategies as st

from verify_service.dashboard.rules.charts import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, Chart, stacked_columns

FLOOR = HEIGHT - BOTTOM


@st.composite
def charts(draw: st.DrawFn) -> tuple[Chart, list[list[int]]]:
    weeks = draw(st.integers(1, 20))
    values = st.lists(st.integers(0, 10**6), min_size=weeks, max_size=weeks)
    series = draw(st.lists(values, min_size=1, max_size=3))
    return stacked_columns([str(week) for week in range(weeks)], series), series


@given(charts())
def test_whatever_is_counted_stands_inside_the_drawing_and_upon_each_other(
    drawn: tuple[Chart, list[list[int]]],
) -> None:
    chart, series = drawn
    right = LEFT
    for column, values in zip(chart.columns, zip(*series, strict=True), strict=True):
        assert right <= column.x <= column.x + chart.bar_width <= WIDTH
        right = column.x + chart.bar_width
        assert [part.series for part in column.parts] == [place for place, value in enumerate(values) if value]
        floor = FLOOR
        for part in column.parts:
            assert part.y + part.height == floor
            assert part.height >= 1
            floor = part.y
        assert floor >= TOP - len(series)


def test_heights_are_in_proportion_and_the_axis_ends_at_a_round_number() -> None:
    chart = stacked_columns(["a", "b", "c"], [[50, 100, 0], [0, 60, 0]])

    assert [line.value for line in chart.lines] == [0, 100, 200]
    assert [line.y for line in chart.lines] == [FLOOR, (FLOOR + TOP) // 2, TOP]
    (half,), (whole, more), none = (column.parts for column in chart.columns)
    assert abs(whole.height - 2 * half.height) <= 1
    assert abs(more.height - 0.6 * whole.height) <= 1
    assert none == ()


def test_nothing_is_a_flat_drawing() -> None:
    assert stacked_columns(["a"], [[0]]).is_flat
    assert not stacked_columns(["a"], [[1]]).is_flat
