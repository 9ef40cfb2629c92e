"""The page that checks files, with JavaScript: a file may be dropped or pasted, and one too large is not sent."""

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import VIEWPORTS, Visitor, watch
from tests.integration.web.artefacts import qr_picture
from tests.registers import Certificate

pytestmark = pytest.mark.browser

GIVE = """
([kind, encoded, names]) => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0));
    for (const name of names) data.items.add(new File([bytes], name, { type: 'image/png' }));
    const event = kind === 'paste'
        ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
        : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
    return !document.querySelector('h1').dispatchEvent(event);
}
"""
TOO_LARGE = 10 * 1024 * 1024 + 1


@pytest.fixture
def visitor(browser: Browser, home: str) -> Iterator[Visitor]:
    width, height = VIEWPORTS["desktop"]
    context = browser.new_context(viewport={"width": width, "height": height})
    visitor = Visitor(context.new_page(), width, home, [])
    watch(visitor)
    visitor.go("/verify")
    yield visitor
    context.close()
    assert visitor.faults == []


def give(visitor: Visitor, kind: str, content: bytes, *names: str) -> bool:
    """Drop, drag or paste files onto the page, not onto the card; return whether the page took the event as its own."""
    return bool(visitor.page.evaluate(GIVE, [kind, base64.b64encode(content).decode(), names]))


def chosen(visitor: Visitor) -> list[str]:
    names: list[str] = visitor.page.evaluate("[...document.getElementById('file').files].map(file => file.name)")
    return names


@pytest.mark.parametrize("kind", ["drop", "paste"])
def test_a_file_that_is_given_anywhere_on_the_page_is_checked(
    visitor: Visitor, certificates: Mapping[str, Certificate], kind: str
) -> None:
    assert give(visitor, kind, qr_picture(certificates["valid"].qr), "photo.png")
    assert chosen(visitor) == ["photo.png"]
    with visitor.page.expect_navigation():
        visitor.page.click("form:has(#file) button")

    assert visitor.page.inner_text("h1") == "证书有效"


def test_of_several_files_the_first_is_taken(visitor: Visitor) -> None:
    give(visitor, "drop", b"a", "first.png", "second.png")

    assert chosen(visitor) == ["first.png"]


def test_a_file_held_over_the_page_lights_the_card_up(visitor: Visitor) -> None:
    assert give(visitor, "dragover", b"a", "a.png")
    assert visitor.page.locator(".dropping #file").count() == 1

    give(visitor, "drop", b"a", "a.png")
    assert visitor.page.locator(".dropping").count() == 0


def test_pasted_text_stays_text(visitor: Visitor) -> None:
    visitor.page.focus("#qr")

    assert not give(visitor, "paste", b"")
    assert chosen(visitor) == []


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(visitor: Visitor, tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    large.write_bytes(bytes(TOO_LARGE))
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)

    visitor.page.set_input_files("#file", large)
    assert "超过 10 MB" in visitor.page.inner_text("#error-large")
    visitor.page.click("form:has(#file) button")
    visitor.page.wait_for_function("document.activeElement.id === 'file'")
    assert visitor.page.get_attribute("#file", "aria-invalid") == "true"
    assert sent == []

    give(visitor, "drop", b"a", "small.png")
    assert visitor.page.is_hidden("#error-large")
    assert visitor.page.get_attribute("#file", "aria-invalid") is None


def test_without_javascript_nobody_is_told_to_drop_anything(browser: Browser, home: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}/verify")

    assert page.is_hidden("#drop")
    assert page.is_visible("#file")
    context.close()
