"""`/verify` and `/keys` as people see them: at both widths, in both languages, without JavaScript."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import VIEWPORTS, Visitor, watch
from tests.browser.test_pages import require_accessible
from tests.integration.web.artefacts import pdf_of, qr_picture
from tests.registers import Certificate
from verify_service.settings import Settings

pytestmark = pytest.mark.browser

Certificates = Mapping[str, Certificate]
VERDICTS = {"valid": "证书有效", "revoked-exam_misconduct": "证书已撤销", "old": "已更正换发"}


def hand_in(visitor: Visitor, file: Path, language: str = "zh") -> None:
    """Choose a file and send it, as a person would."""
    visitor.go("/verify" if language == "zh" else "/verify?lang=en")
    visitor.page.set_input_files("#file", file)
    with visitor.page.expect_navigation():
        visitor.page.click("form:has(#file) button")


def verdict(visitor: Visitor) -> str:
    return "".join(visitor.page.inner_text("h1").split())


@pytest.mark.parametrize("key", VERDICTS)
def test_a_photo_of_the_code_is_answered_in_one_word(
    visitor: Visitor, certificates: Certificates, tmp_path: Path, key: str
) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(qr_picture(certificates[key].qr))

    hand_in(visitor, photo)

    assert verdict(visitor) == VERDICTS[key]
    assert certificates[key].number in visitor.page.inner_text("main")


def test_the_pdf_that_was_sent_is_answered(
    visitor: Visitor, site: Settings, certificates: Certificates, tmp_path: Path
) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(pdf_of(certificates["valid"], site, tmp_path))

    hand_in(visitor, file)

    assert verdict(visitor) == "证书有效"
    assert visitor.page.locator(".checks li").count() == 7


def test_the_start_page_and_every_footer_lead_there(visitor: Visitor) -> None:
    visitor.go("/")
    with visitor.page.expect_navigation():
        visitor.page.click("text=收到的是 PDF 或照片")
    assert visitor.page.url == f"{visitor.home}/verify"

    with visitor.page.expect_navigation():
        visitor.page.click("footer >> text=公钥与离线核验")
    assert visitor.page.url == f"{visitor.home}/keys"


def test_an_empty_form_comes_back_with_its_field_named(visitor: Visitor) -> None:
    visitor.go("/verify")
    with visitor.page.expect_navigation():
        visitor.page.click("form:has(#qr) button")

    assert "请先填写二维码的内容" in visitor.page.inner_text("#error-qr")
    assert visitor.page.get_attribute("#qr", "aria-invalid") == "true"


@pytest.mark.parametrize("width", VIEWPORTS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_it_is_accessible_and_fits(
    browser: Browser, home: str, certificates: Certificates, tmp_path: Path, width: str, language: str
) -> None:
    pixels, height = VIEWPORTS[width]
    context = browser.new_context(viewport={"width": pixels, "height": height}, bypass_csp=True)
    visitor = Visitor(context.new_page(), pixels, home, [])
    watch(visitor)
    for path in ("/verify", "/keys"):
        visitor.go(path if language == "zh" else f"{path}?lang=en")
        require_accessible(visitor, path)
    artefacts = {key: qr_picture(certificates[key].qr) for key in VERDICTS} | {"text": b"text"}
    for key, artefact in artefacts.items():
        file = tmp_path / key
        file.write_bytes(artefact)
        hand_in(visitor, file, language)
        require_accessible(visitor, key)
    assert visitor.faults == []
    context.close()
