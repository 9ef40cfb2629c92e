"""How a name fills its field."""

import pytest

from pdf import MissingGlyphError, Orientation, TextTooLongError, open_name_faces
from pdf.layouts import LANDSCAPE, LAYOUTS, Slot
from pdf.names import ONE_LINE_MIN_PT
from pdf.names import set_name as set_name_in
from pdf.typesetting import Line, natural_width

NAME = LANDSCAPE.name
FACES = open_name_faces()


def set_name(name: str, slot: Slot) -> tuple[Line, ...]:
    return set_name_in(name, slot, FACES)


def texts(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(run.text for run in line.runs) for line in lines]


@pytest.mark.parametrize("name", ["王", "张𠮷", "欧阳堃喆", "阿凡提·买买提"])
def test_a_usual_name_has_its_full_size(name: str) -> None:
    (line,) = set_name(name, NAME)

    assert line.size_pt == NAME.size_pt


@pytest.mark.parametrize("name", ["张伟", "张𠮷"])
def test_two_characters_stand_one_apart(name: str) -> None:
    assert set_name(name, NAME)[0].tracking_pt == NAME.size_pt


@pytest.mark.parametrize("name", ["José", "Bo", "王Anna"])
def test_latin_letters_are_smaller_and_not_tracked(name: str) -> None:
    (line,) = set_name(name, NAME)

    assert (line.size_pt, line.tracking_pt) == (24, 0)


def test_a_long_word_is_not_torn_apart() -> None:
    assert texts(set_name("Wolfeschlegelsteinhausenbergerdorff", NAME)) == ["Wolfeschlegelsteinhausenbergerdorff"]


def test_letters_of_one_word_are_of_one_face() -> None:
    assert [len(set_name(name, NAME)[0].runs) for name in ("Łukasz Weiß", "Nguyễn", "O'Neill", "A·B")] == [1] * 4


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


@pytest.mark.parametrize(
    "name",
    [
        *("汉" * length for length in (1, 5, 9, 12, 18, 25, 40, 50)),
        *(letter * 50 for letter in "WiǄ"),
        "Mary " * 9 + "Marie",
    ],
)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_line_leaves_the_field(name: str, layout: Orientation) -> None:
    slot = LAYOUTS[layout].name

    lines = set_name(name, slot)

    for line in lines:
        assert natural_width(line.runs, line.size_pt, line.tracking_pt) <= slot.width + 0.01
    assert "".join(texts(lines)) == name


def test_a_name_that_two_lines_cannot_hold_is_refused() -> None:
    with pytest.raises(TextTooLongError, match="name"):
        set_name("汉" * 120, NAME)


def test_characters_of_different_faces_stand_in_runs_of_their_own() -> None:
    (line,) = set_name("赵䨱", NAME)  # Extension A: only Song has 䨱

    faces = [run.face.name for run in line.runs]
    assert set(faces) == {"LXGWWenKai-Regular", "NotoSerifSC-Regular"}


def test_a_missing_character_is_refused_before_anything_is_set() -> None:
    with pytest.raises(MissingGlyphError):
        set_name("张\U0002ffff", NAME)
