"""What people see, at both widths and in both languages, in a browser without JavaScript."""

from collections.abc import Mapping
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no py.typed
from playwright.sync_api import Browser

from tests.browser.conftest import VIEWPORTS, Visitor, watch
from tests.office import Office
from tests.registers import Certificate
from verify_service.settings import Settings

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NOBODY = {"name": "无此人", "phone": "19400000009"}
ONE_FACT = {"name": "无此人"}
VERDICTS = {
    "zh": {
        "valid": "证书有效",
        "revoked-exam_misconduct": "证书已撤销",
        "old": "已更正换发",
        "nobody": "未查询到",
    },
    "en": {
        "valid": "Certificate valid",
        "revoked-exam_misconduct": "Certificate revoked",
        "old": "Corrected and reissued",
        "nobody": "Not found",
    },
}
SMALL_TARGETS = """
[...document.querySelectorAll('a, button, input, select, textarea, summary')]
    .filter(e => !e.classList.contains('skip'))
    .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
    .filter(([_, r]) => r.width && r.height && (r.width < 44 || r.height < 44))
    .map(([text, r]) => `${text} ${r.width}x${r.height}`)
"""

# The characters of each line, told by where they stand.
LINES_OF_THE_NAME = """
() => {
    const lines = new Map();
    const walker = document.createTreeWalker(document.querySelector('.person'), NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
        for (let place = 0; place < walker.currentNode.length; place++) {
            const range = document.createRange();
            range.setStart(walker.currentNode, place);
            range.setEnd(walker.currentNode, place + 1);
            const top = Math.round(range.getBoundingClientRect().top);
            lines.set(top, (lines.get(top) ?? '') + range.toString());
        }
    return [...lines.values()];
}
"""


@pytest.mark.parametrize("language", VERDICTS)
@pytest.mark.parametrize("case", VERDICTS["zh"])
def test_two_facts_bring_the_verdict(
    visitor: Visitor, certificates: Mapping[str, Certificate], case: str, language: str
) -> None:
    about = certificates["valid" if case == "nobody" else case]
    facts = about.facts("name", "idNumber")
    if case == "nobody":
        facts["name"] = "无此人"

    visitor.look_up(facts, language)

    assert _verdict(visitor) == VERDICTS[language][case].replace(" ", "")
    assert visitor.page.url == f"{visitor.home}/lookup" + ("" if language == "zh" else "?lang=en")


@pytest.mark.parametrize("language", VERDICTS)
@pytest.mark.parametrize("case", ["valid", "revoked-exam_misconduct", "old"])
def test_the_page_of_a_token_says_the_same(
    visitor: Visitor, certificates: Mapping[str, Certificate], case: str, language: str
) -> None:
    certificate = certificates[case]

    visitor.go(f"/v/{certificate.token}" + ("" if language == "zh" else "?lang=en"))

    text = visitor.page.inner_text("main")
    assert _verdict(visitor) == VERDICTS[language][case].replace(" ", "")
    assert certificate.name in text
    assert certificate.number in text
    assert f"{certificate.id_number[0]}{'*' * 16}{certificate.id_number[-1]}" in text
    assert certificate.id_number not in visitor.page.content()
    assert visitor.page.query_selector("main img") is None


def test_one_fact_brings_the_form_back_with_the_reason(visitor: Visitor) -> None:
    visitor.look_up({"name": "林晓禾"}, "zh")

    assert "至少填写两项" in visitor.page.inner_text("[role=alert]")
    assert visitor.page.input_value("#name") == "林晓禾"


def test_a_wrong_number_is_named_beside_its_field_and_not_repeated(visitor: Visitor) -> None:
    visitor.look_up({"name": "林晓禾", "idNumber": "11000019900307987"}, "zh")

    assert visitor.page.get_attribute("#idNumber", "aria-invalid") == "true"
    assert visitor.page.input_value("#idNumber") == ""
    assert "11000019900307987" not in visitor.page.content()


def test_a_printed_qr_code_opens_the_page_of_its_certificate(
    visitor: Visitor, tmp_path: Path, site: Settings, certificates: Mapping[str, Certificate]
) -> None:
    valid = certificates["valid"]
    file = tmp_path / "certificate.pdf"
    assert Office(site, tmp_path).run("certificates", "pdf", valid.number, "-o", str(file)).code == 0
    picture = pypdfium2.PdfDocument(file)[0].render(scale=150 / 72).to_pil()

    (code,) = zxingcpp.read_barcodes(picture)
    visitor.page.goto(code.text)

    assert _verdict(visitor) == "证书有效"
    assert valid.number in visitor.page.inner_text("main")


@pytest.mark.parametrize("width", VIEWPORTS)
@pytest.mark.parametrize("language", VERDICTS)
def test_every_page_is_accessible_and_fits(
    browser: Browser, home: str, certificates: Mapping[str, Certificate], width: str, language: str
) -> None:
    pixels, height = VIEWPORTS[width]
    context = browser.new_context(viewport={"width": pixels, "height": height}, bypass_csp=True)
    visitor = Visitor(context.new_page(), pixels, home, [])
    watch(visitor)
    suffix = "" if language == "zh" else "?lang=en"
    tokens = [certificates[case].token for case in ("valid", "revoked-exam_misconduct", "old")]
    for path in (
        "/",
        "/help",
        "/privacy",
        "/accessibility",
        "/no-such-page",
        *(f"/v/{token}" for token in (*tokens, "nothing")),
    ):
        visitor.go(path + suffix)
        require_accessible(visitor, path)
    for case in ("valid", "twofold-0", "revoked-exam_misconduct", "old"):
        visitor.look_up(certificates[case].facts("name", "phone"), language)
        require_accessible(visitor, case)
        visitor.page.click("summary")
        require_accessible(visitor, f"{case} with the form open")
    for what, facts in {"not found": NOBODY, "malformed": {**NOBODY, "idNumber": "1"}, "one fact": ONE_FACT}.items():
        visitor.look_up(facts, language)
        require_accessible(visitor, what)
    assert visitor.faults == []
    context.close()


def test_a_name_of_several_parts_is_broken_at_its_dot_on_a_phone(
    browser: Browser, home: str, certificates: Mapping[str, Certificate]
) -> None:
    context = browser.new_context(viewport={"width": 340, "height": 640})
    page = context.new_page()

    page.goto(f"{home}/v/{certificates['valid'].token}")

    lines = page.evaluate(LINES_OF_THE_NAME)
    context.close()
    assert certificates["valid"].name == "".join(lines)
    assert lines == ["迪丽拜尔·", "吐尔逊"]


def test_the_api_viewer_opens_and_asks_nobody_else(browser: Browser, home: str) -> None:
    context = browser.new_context()
    visitor = Visitor(context.new_page(), 1280, home, [])
    watch(visitor)

    visitor.go("/api/docs")
    visitor.page.wait_for_selector("[data-path='/api/v1/lookups']")

    assert visitor.faults == []
    context.close()


def _verdict(visitor: Visitor) -> str:
    """Return the word of the verdict, however its line is broken."""
    return "".join(visitor.page.inner_text("h1").split())


def require_accessible(visitor: Visitor, what: str) -> None:
    """Check the open page with axe, and that nothing of it is too wide or too small to touch."""
    page = visitor.page
    violations = Axe().run(page, options=RULES).response["violations"]
    assert [(found["id"], found["nodes"][0]["target"]) for found in violations] == [], what
    assert page.evaluate("document.documentElement.scrollWidth") <= visitor.width, what
    assert page.evaluate(SMALL_TARGETS) == [], what
