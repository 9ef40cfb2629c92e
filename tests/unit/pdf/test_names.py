"""How a name fills its field."""

import pytest

from pdf import MissingGlyphError, TextTooLongError
from pdf.layouts import LANDSCAPE
from pdf.names import ONE_LINE_MIN_PT, set_name
from pdf.typesetting import Line, natural_width

NAME = LANDSCAPE.name


def texts(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(run.text for run in line.runs) for line in lines]


@pytest.mark.parametrize("name", ["王", "张𠮷", "欧阳堃喆", "José"])
def test_a_usual_name_has_its_full_size(name: str) -> None:
    (line,) = set_name(name, NAME)

    assert line.size_pt == NAME.size_pt


def test_two_characters_are_set_wider_apart() -> None:
    assert set_name("张伟", NAME)[0].tracking_pt > set_name("张小伟", NAME)[0].tracking_pt


def test_a_transcribed_name_shrinks_on_one_line() -> None:
    (line,) = set_name("阿卜杜热合曼·买买提明", NAME)

    assert ONE_LINE_MIN_PT <= line.size_pt < NAME.size_pt


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("吾尔开希·买买提·阿卜杜热合曼·艾合买提江·托合提", ["吾尔开希·买买提·阿卜杜热合曼·", "艾合买提江·托合提"]),
        ("Mary Ann Elizabeth Fitzgerald-Montgomery of Aberdeen", None),
        ("司马相如诸葛亮欧阳修上官婉儿夏侯惇公孙瓒东方朔令", ["司马相如诸葛亮欧阳修上官", "婉儿夏侯惇公孙瓒东方朔令"]),
    ],
)
def test_a_longer_name_breaks_after_a_dot_or_blank_else_in_the_middle(name: str, expected: list[str] | None) -> None:
    lines = texts(set_name(name, NAME))

    assert lines == (expected or ["Mary Ann Elizabeth Fitzgerald-", "Montgomery of Aberdeen"])


@pytest.mark.parametrize("name", ["汉" * length for length in (1, 5, 9, 12, 18, 25, 40, 50)] + ["W" * 50, "i" * 50])
def test_no_line_leaves_the_field(name: str) -> None:
    lines = set_name(name, NAME)

    for line in lines:
        assert natural_width(line.runs, line.size_pt, line.tracking_pt) <= NAME.width + 0.01
    assert "".join(texts(lines)) == name


def test_a_name_that_two_lines_cannot_hold_is_refused() -> None:
    with pytest.raises(TextTooLongError, match="name"):
        set_name("汉" * 90, NAME)


def test_characters_of_different_faces_stand_in_runs_of_their_own() -> None:
    (line,) = set_name("张\u3400\u3402伟", NAME)  # Extension A: only Song has 㐂

    faces = [run.face.name for run in line.runs]
    assert set(faces) == {"LXGWWenKai-Regular", "NotoSerifSC-Regular"}


def test_a_missing_character_is_refused_before_anything_is_set() -> None:
    with pytest.raises(MissingGlyphError):
        set_name("张\U0002ffff", NAME)
