"""One field more is compared, in a browser without JavaScript, beneath a lookup and behind a QR code."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import VIEWPORTS, Visitor, watch
from tests.browser.test_pages import require_accessible
from tests.registers import Certificate

pytestmark = pytest.mark.browser

Certificates = Mapping[str, Certificate]
WORDS = {"zh": ("一致", "不一致"), "en": ("Match", "Mismatch")}
OTHER_PHONE = "19499999999"


def compare(visitor: Visitor, **fields: str) -> list[str]:
    """Open the form if it is closed, fill it in, send it, and return what is said of each field."""
    page = visitor.page
    if page.query_selector("details[open]") is None:
        page.click("summary")
    for field, value in fields.items():
        page.fill(f"#{field}", value)
    with page.expect_navigation():
        page.click("details button")
    return [said.inner_text() for said in page.query_selector_all(".outcome")]


@pytest.mark.parametrize("language", WORDS)
def test_a_third_fact_and_the_paper_are_compared_with_a_result(
    visitor: Visitor, certificates: Certificates, language: str
) -> None:
    valid, (match, mismatch) = certificates["valid"], WORDS[language]
    visitor.look_up(valid.facts("name", "idNumber"), language)
    issued_on = visitor.page.get_attribute("[data-fact=issuedOn]", "datetime")
    assert issued_on is not None

    assert compare(visitor, phone=valid.phone, number=valid.number, issuedOn=issued_on) == [match] * 3
    # The answer has the form again, with the facts that opened it.
    assert compare(visitor, phone=OTHER_PHONE) == [mismatch]
    assert compare(visitor) == []
    assert visitor.page.query_selector("[role=alert]") is not None
    visitor.page.select_option("#kind", index=1)
    visitor.page.select_option("#kind", index=2)
    assert len(compare(visitor)) == 1
    assert visitor.page.url == f"{visitor.home}/lookup/match" + ("" if language == "zh" else "?lang=en")
    assert [datum for datum in (valid.phone, valid.number) if datum in visitor.page.content()] == []


@pytest.mark.parametrize("language", WORDS)
def test_numbers_are_compared_with_the_certificate_of_a_code(
    visitor: Visitor, certificates: Certificates, language: str
) -> None:
    valid, (match, mismatch) = certificates["valid"], WORDS[language]
    suffix = "" if language == "zh" else "?lang=en"
    visitor.go(f"/v/{valid.token}{suffix}")

    assert compare(visitor, idNumber=valid.id_number, phone=OTHER_PHONE) == [match, mismatch]
    assert [datum for datum in (valid.id_number, valid.phone, valid.name) if datum in visitor.page.content()] == []
    visitor.page.click(".back a")
    visitor.page.wait_for_url(f"{visitor.home}/v/{valid.token}{suffix}")
    assert valid.number in visitor.page.inner_text("main")


@pytest.mark.parametrize("width", VIEWPORTS)
def test_every_state_of_comparing_is_accessible_and_fits(
    browser: Browser, home: str, certificates: Certificates, width: str
) -> None:
    pixels, height = VIEWPORTS[width]
    context = browser.new_context(viewport={"width": pixels, "height": height}, bypass_csp=True)
    visitor = Visitor(context.new_page(), pixels, home, [])
    watch(visitor)
    valid = certificates["valid"]

    for start in ("result", "code"):
        if start == "result":
            visitor.look_up(valid.facts("name", "idNumber"), "zh")
        else:
            visitor.go(f"/v/{valid.token}")
        visitor.page.click("summary")
        require_accessible(visitor, f"{start}: the form")
        for what, phone in {"right": valid.phone, "wrong": OTHER_PHONE, "malformed": "1", "empty": ""}.items():
            compare(visitor, phone=phone)
            require_accessible(visitor, f"{start}: {what}")
    assert visitor.faults == []
    context.close()
