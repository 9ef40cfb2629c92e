"""Names of every kind: how each is set, and what is copied from the page."""

from collections.abc import Callable

import pytest

from pdf import DESIGNS, CertificateContent, MissingGlyphError, Orientation, render_certificate
from pdf.layouts import LAYOUTS
from tests.name_sheet import golden_settings, setting

SETTINGS = golden_settings()
REFUSED = {name: reason for name, (reason, *others) in SETTINGS.items() if not others}
DRAWN = sorted(SETTINGS.keys() - REFUSED.keys())


def test_the_table_holds_names_of_every_length_and_kind() -> None:
    assert len(SETTINGS) >= 60
    assert {len(name) for name in SETTINGS} >= {2, 3, 4, 5, 6, 50}
    assert all(any(mark in name for name in SETTINGS) for mark in "·‧•・-' ’𠮷𪚥㛃𬍛𮧵䶮㙓镕堃喆昇𣲗")


@pytest.mark.parametrize("name", SETTINGS)
def test_a_name_is_set_as_agreed(name: str) -> None:
    assert setting(name) == SETTINGS[name], (
        "after a change: python -m tests.name_sheet FOLDER, and look at the pictures"
    )


@pytest.mark.parametrize("orientation", LAYOUTS)
@pytest.mark.parametrize("design", sorted(DESIGNS))
def test_every_name_is_copied_as_it_was_written(
    orientation: Orientation,
    design: str,
    make_content: Callable[..., CertificateContent],
    extract_text: Callable[[bytes], str],
) -> None:
    for name in DRAWN:
        text = extract_text(render_certificate(make_content(name=name, design=design, orientation=orientation)))

        assert f"Name {name} 性别" in text.replace("\n", " ")


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_face_draws_is_named_by_its_code_point(
    name: str, make_content: Callable[..., CertificateContent]
) -> None:
    with pytest.raises(MissingGlyphError, match=r"U\+") as refused:
        render_certificate(make_content(name=name))

    assert str(refused.value) == REFUSED[name]
    assert name not in str(refused.value)
