"""The folder of fonts that an operator names."""

from pathlib import Path

import pytest

from tests.fonts import square_font
from verify_service.errors import UsageError
from verify_service.name_faces import load_name_faces
from verify_service.settings import load_settings

RARE = "𪚥"


def test_fonts_of_the_folder_draw_what_ours_lack(tmp_path: Path) -> None:
    (tmp_path / "rare.ttf").write_bytes(square_font(RARE))

    assert load_name_faces(load_settings({})).missing(RARE) == (RARE,)
    assert load_name_faces(load_settings({"VERIFY_SERVICE_FONT_DIR": str(tmp_path)})).missing(RARE) == ()


def test_a_damaged_font_stops_the_start_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "rare.ttf").write_bytes(square_font(RARE)[:200])

    with pytest.raises(UsageError, match=r"VERIFY_SERVICE_FONT_DIR: .*rare\.ttf") as refused:
        load_name_faces(load_settings({"VERIFY_SERVICE_FONT_DIR": str(tmp_path)}))

    assert refused.value.code == "BAD_SETTING"
