"""Whom the pages reach: by keyboard alone, with large text on a narrow screen, on paper, over a slow line."""

import io
from collections.abc import Iterator, Mapping

import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import VIEWPORTS, Visitor
from tests.browser.states import STATES, showing
from tests.browser.test_pages import require_accessible
from tests.registers import Certificate

pytestmark = pytest.mark.browser

Certificates = Mapping[str, Certificate]
ANSWERS = {
    name: state for name, state in STATES.items() if name.startswith(("landing-", "result-", "match-", "verdict-"))
}
ONE_OF_EACH = [
    f"{name} {language}"
    for language in ("zh-CN", "en")
    for name in (
        "landing-valid",
        "result-valid",
        "result-revoked",
        "result-several",
        "result-not-found",
        "match-result",
        "match-malformed",
        "verdict-valid",
        "problem-503",
    )
]
TO_BE_READ = ("/", "/help", "/privacy", "/accessibility", "/verify", "/keys", "/no-such-page")
WIRE_BYTES = 25_000
FOCUS = """
() => {
    const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
    return {
        id: at.id, text: at.textContent.trim(),
        ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && box.left >= 0 && box.bottom > 0 && box.top < innerHeight,
    };
}
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page at phone width in which the tests may measure."""
    width, height = VIEWPORTS["phone"]
    context = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True)
    yield context.new_page()
    context.close()


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until an element with this id or text has the focus; each on the way must show it."""
    for _ in range(40):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        assert at["ringed"], at
        assert at["seen"], at
        if wanted in (at["id"], at["text"]):
            return
    pytest.fail(f"{wanted} cannot be reached by keyboard")


@pytest.mark.parametrize("width", VIEWPORTS)
def test_a_certificate_is_looked_up_by_keyboard_alone(
    browser: Browser, home: str, certificates: Certificates, width: str
) -> None:
    pixels, height = VIEWPORTS[width]
    context = browser.new_context(viewport={"width": pixels, "height": height})
    page = context.new_page()
    valid = certificates["valid"]
    page.goto(home)

    tab_to(page, "跳到主要内容")
    page.keyboard.press("Enter")
    tab_to(page, "name")
    page.keyboard.insert_text(valid.name)
    tab_to(page, "idNumber")
    page.keyboard.insert_text(valid.id_number)
    tab_to(page, "查询证书")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.inner_text("h1") == "证书有效"

    tab_to(page, "查询另一份证书")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{home}/"
    context.close()


def test_an_error_is_read_first_and_leads_to_its_field_by_keyboard(page: Page, home: str) -> None:
    page.goto(home)
    page.fill("#name", "无此人")
    page.fill("#phone", "1")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    tab_to(page, "手机号码")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("19400000009")
    assert page.input_value("#phone") == "19400000009"


def test_a_file_is_checked_by_keyboard_alone(page: Page, home: str, certificates: Certificates) -> None:
    page.goto(f"{home}/verify")
    tab_to(page, "file")
    tab_to(page, "开始核验")
    tab_to(page, "qr")
    page.keyboard.insert_text(certificates["old"].qr)
    tab_to(page, "开始核验")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.inner_text("h1") == "已更正换发"


def require_no_sideways_scroll(page: Page, what: str) -> None:
    """Check a page on the narrowest screen, and with text of twice the size on a phone."""
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, what
    page.set_viewport_size({"width": 375, "height": 812})
    page.add_style_tag(content="html { font-size: 225% !important }")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375, what


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_nothing_scrolls_sideways_on_the_narrowest_screen_or_at_twice_the_text_size(
    page: Page, home: str, certificates: Certificates, language: str
) -> None:
    answers = [f"/v/{certificates[key].token}" for key in ("valid", "old", "revoked-exam_misconduct")]
    for path in (*TO_BE_READ, *answers):
        page.goto(home + path + language)
        require_no_sideways_scroll(page, path)


def pages_on_paper(page: Page) -> int:
    """Return how many sheets of A4 a page takes, as a visitor prints it."""
    return len(pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4"))))


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_an_answer_prints_on_one_page(page: Page, home: str, name: str) -> None:
    with showing(page, home, STATES[name]):
        assert pages_on_paper(page) == 1


def test_a_printed_answer_says_when_it_was_checked_and_where_to_check_again(
    page: Page, home: str, certificates: Certificates
) -> None:
    valid = certificates["valid"]
    page.goto(f"{home}/v/{valid.token}")
    printed = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4")))[0].get_textpage().get_text_range()

    assert f"/v/{valid.token}" in printed
    assert valid.number in printed
    assert "核验时间" in printed
    assert "不能代替在线核验" in printed


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_the_start_page_with_everything_it_loads_takes_25_kilobytes_of_the_line_heads_included(
    page: Page, home: str, language: str
) -> None:
    wire = page.context.new_cdp_session(page)
    taken: list[float] = []
    wire.on("Network.loadingFinished", lambda told: taken.append(told["encodedDataLength"]))
    wire.send("Network.enable")

    page.goto(f"{home}/{language}", wait_until="networkidle")

    assert len(taken) >= 5  # page, style sheet, ornament, a face, icon
    assert sum(taken) <= WIRE_BYTES


@pytest.mark.slow
@pytest.mark.parametrize("width", VIEWPORTS)
@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_in_any_state(browser: Browser, home: str, name: str, width: str) -> None:
    pixels, height = VIEWPORTS[width]
    context = browser.new_context(viewport={"width": pixels, "height": height}, bypass_csp=True)
    with showing(context.new_page(), home, STATES[name]) as shown:
        require_accessible(Visitor(shown, pixels, home, []), name)
    context.close()


@pytest.mark.parametrize(
    "name", [name if name in ONE_OF_EACH else pytest.param(name, marks=pytest.mark.slow) for name in STATES]
)
def test_no_state_scrolls_sideways(page: Page, home: str, name: str) -> None:
    with showing(page, home, STATES[name]):
        require_no_sideways_scroll(page, name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_prints_on_one_page(page: Page, home: str, name: str) -> None:
    with showing(page, home, ANSWERS[name]):
        assert pages_on_paper(page) == 1
