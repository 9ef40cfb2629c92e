"""Filing a check as a person does: look somebody up, press the button, hand the file in again. Without JavaScript."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import VIEWPORTS, Visitor, watch
from tests.browser.test_pages import require_accessible
from tests.browser.test_verify_page import hand_in, verdict
from tests.registers import Certificate

pytestmark = pytest.mark.browser

Certificates = Mapping[str, Certificate]
BUTTON = ".receipt button"


def download(visitor: Visitor, folder: Path) -> Path:
    """Press the button and return the file that comes."""
    with visitor.page.expect_download() as coming:
        visitor.page.click(BUTTON)
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def test_an_answer_is_filed_and_checked_again(visitor: Visitor, certificates: Certificates, tmp_path: Path) -> None:
    visitor.look_up(certificates["valid"].facts("name", "idNumber"), "zh")

    file = download(visitor, tmp_path)

    assert file.name.startswith("receipt-R")
    assert file.read_bytes().startswith(b"%PDF-1.7")
    hand_in(visitor, file)
    assert verdict(visitor) == "回执属实"
    assert certificates["valid"].number in visitor.page.inner_text("main")


def test_so_is_the_page_of_a_code_and_one_that_found_nothing(
    visitor: Visitor, certificates: Certificates, tmp_path: Path
) -> None:
    visitor.go(f"/v/{certificates['old'].token}")
    of_a_code = download(visitor, tmp_path)
    visitor.look_up({"name": "林无此人", "phone": certificates["valid"].phone}, "zh")
    of_nothing = download(visitor, tmp_path)

    hand_in(visitor, of_a_code)
    assert verdict(visitor) == "回执属实"
    assert "已更正换发" in visitor.page.inner_text("main")
    hand_in(visitor, of_nothing)
    assert "未查询到" in visitor.page.inner_text("main")


def test_an_altered_one_is_called_so(visitor: Visitor, certificates: Certificates, tmp_path: Path) -> None:
    visitor.look_up(certificates["revoked-holder_request"].facts("name", "phone"), "zh")
    file = download(visitor, tmp_path)
    file.write_bytes(file.read_bytes() + b"%")

    hand_in(visitor, file)

    assert verdict(visitor) == "回执被改动"


@pytest.mark.parametrize("width", VIEWPORTS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_its_pages_are_accessible_and_fit(
    browser: Browser, home: str, certificates: Certificates, tmp_path: Path, width: str, language: str
) -> None:
    pixels, height = VIEWPORTS[width]
    context = browser.new_context(viewport={"width": pixels, "height": height}, bypass_csp=True)
    visitor = Visitor(context.new_page(), pixels, home, [])
    watch(visitor)
    visitor.look_up(certificates["twofold-0"].facts("idNumber", "phone"), language)
    require_accessible(visitor, "answer")
    file = download(visitor, tmp_path)
    for name, data in (("genuine", file.read_bytes()), ("altered", file.read_bytes() + b"%")):
        file.write_bytes(data)
        hand_in(visitor, file, language)
        visitor.page.screenshot(path=tmp_path / f"{name}-{language}-{width}.png", full_page=True)
        require_accessible(visitor, name)
    assert visitor.faults == []
    context.close()
