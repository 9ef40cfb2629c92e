"""The offline page: downloaded once, opened from a disk, with no network at all."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no py.typed
from playwright.sync_api import Browser, Page

from tests.browser.test_pages import RULES, SMALL_TARGETS
from tests.registers import Certificate

pytestmark = pytest.mark.browser

Certificates = Mapping[str, Certificate]
VERDICTS = {"valid": "证书有效", "revoked-exam_misconduct": "证书已撤销", "old": "已更正换发", "third": "证书有效"}
DAY_LATER = """
const Real = Date;
const later = 25 * 3600 * 1000;
globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + later); }
};
"""
# What an old browser does when it is asked for Ed25519.
WITHOUT_ED25519 = """
crypto.subtle.importKey = () => Promise.reject(new DOMException('unrecognised', 'NotSupportedError'));
"""


@pytest.fixture(scope="module")
def saved(home: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as somebody saved it."""
    file = tmp_path_factory.mktemp("offline") / "offline.html"
    file.write_bytes(httpx.get(f"{home}/kit/offline.html", trust_env=False).content)
    return file


@pytest.fixture(params=[375, 1280])
def page(browser: Browser, saved: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The saved page, open without a network; every request but for the file itself is a fault."""
    context = browser.new_context(viewport={"width": request.param, "height": 812})
    context.set_offline(True)
    page = context.new_page()
    faults: list[str] = []
    page.on("request", lambda sent: faults.append(sent.url) if sent.url != saved.as_uri() else None)
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(saved.as_uri())
    yield page
    context.close()
    assert [fault for fault in faults if not fault.startswith("data:")] == []


def check(page: Page, text: str) -> str:
    """Type a text as a scanner does, with a line end, and return the Chinese word of the answer."""
    page.fill("#qr", text)
    page.press("#qr", "Enter")
    page.wait_for_selector("#answer:not([hidden])")
    page.wait_for_function("document.activeElement.id === 'answer'")
    return page.inner_text("#answer h2:visible span:not([lang])")


@pytest.mark.parametrize("key", VERDICTS)
def test_a_code_is_answered_in_both_languages(page: Page, certificates: Certificates, key: str) -> None:
    assert check(page, certificates[key].qr) == VERDICTS[key]
    text = page.inner_text("#answer")
    assert certificates[key].name in text
    assert certificates[key].number in text
    assert page.locator("#answer h2:visible [lang=en]").inner_text()


def test_a_changed_code_does_not_match_and_shows_nothing(page: Page, certificates: Certificates) -> None:
    valid, other = certificates["valid"], certificates["third"]

    assert check(page, valid.qr) == "证书有效"
    page.evaluate("document.getElementById('answer').blur()")
    assert check(page, valid.qr.replace(valid.token, other.token)) == "内容不符"
    assert valid.name not in page.inner_text("#answer")


def test_the_page_says_as_of_when_it_knows_and_is_accessible(page: Page, certificates: Certificates) -> None:
    assert "撤销与换发情况截至 " in page.inner_text("main")
    assert page.is_hidden("#stale")
    check(page, certificates["valid"].qr)

    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    assert page.evaluate(SMALL_TARGETS) == []


def test_axe_finds_nothing_on_it(browser: Browser, saved: Path, certificates: Certificates) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(saved.as_uri())
    for text in (None, certificates["valid"].qr, "text", certificates["old"].qr):
        if text is not None:
            page.evaluate("document.getElementById('answer').blur()")
            check(page, text)
        violations = Axe().run(page, options=RULES).response["violations"]
        assert [(found["id"], found["nodes"][0]["target"]) for found in violations] == []
    context.close()


@pytest.mark.parametrize(
    ("script", "reason"),
    [(DAY_LATER, "状态列表已过期"), (WITHOUT_ED25519, "不支持所需的签名算法")],
    ids=["a day later", "an old browser"],
)
def test_what_it_cannot_check_is_never_called_valid(
    browser: Browser, saved: Path, certificates: Certificates, script: str, reason: str
) -> None:
    context = browser.new_context()
    context.set_offline(True)
    page = context.new_page()
    page.add_init_script(script)
    page.goto(saved.as_uri())

    for key in ("valid", "revoked-exam_misconduct"):
        assert check(page, certificates[key].qr) == "暂时无法核验"
        assert reason in page.inner_text("#answer")
        page.evaluate("document.getElementById('answer').blur()")
    assert page.is_visible("#stale") is (script == DAY_LATER)
    context.close()


def test_without_javascript_it_says_so(browser: Browser, saved: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(saved.as_uri())

    assert "需要 JavaScript" in page.inner_text("main")
    assert page.is_hidden("#form")
    context.close()
