"""What follows # in a QR code's address, compared with the page by the visitor's own browser."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import VIEWPORTS, Visitor, watch
from tests.browser.test_pages import require_accessible
from tests.conftest import PUBLIC_URL
from tests.registers import Certificate

pytestmark = pytest.mark.browser

Certificates = Mapping[str, Certificate]
GREEN = "rgb(11, 102, 71)"
# Each leaves the page as it would be without the script.
WITHOUT_CRYPTO = "Object.defineProperty(window, 'crypto', { value: undefined });"
WITHOUT_ED25519 = """
crypto.subtle.importKey = () => Promise.reject(new DOMException('unrecognised', 'NotSupportedError'));
"""


@pytest.fixture
def visitor(browser: Browser, home: str) -> Iterator[Visitor]:
    """A visitor with JavaScript, who scans."""
    width, height = VIEWPORTS["phone"]
    context = browser.new_context(viewport={"width": width, "height": height})
    visitor = Visitor(context.new_page(), width, home, [])
    watch(visitor)
    yield visitor
    context.close()
    assert visitor.faults == []


def scan(visitor: Visitor, text: str) -> None:
    """Open the address of a code and wait until nothing is being asked any more."""
    visitor.page.goto(text, wait_until="networkidle")


def shouted(page: Page) -> str:
    """Return what is shouted; an empty text where nothing is."""
    return page.locator(".shout").inner_text().strip()


def is_green(page: Page) -> bool:
    colour: str = page.evaluate("getComputedStyle(document.querySelector('.verdict')).backgroundColor")
    return colour == GREEN


def altered(qr: str, place: int = 3) -> str:
    """Return a code with one character changed, counted from the end."""
    at = len(qr) - place
    return qr[:at] + ("A" if qr[at] != "A" else "B") + qr[at + 1 :]


def alter_page(visitor: Visitor, token: str, change: Callable[[str], str]) -> None:
    """Let the server answer a token with something else."""

    def fulfil(route: Route) -> None:
        answer = route.fetch(url=f"{visitor.home}/v/{token}")
        route.fulfill(response=answer, body=change(answer.text()))

    visitor.page.route(f"{PUBLIC_URL}/v/{token}", fulfil)


@pytest.mark.parametrize("key", ["valid", "revoked-exam_misconduct", "old", "third"])
def test_a_genuine_code_adds_one_quiet_line(visitor: Visitor, certificates: Certificates, key: str) -> None:
    scan(visitor, certificates[key].qr)
    visitor.page.wait_for_selector("#code-match:visible")

    assert "由您的浏览器核对" in visitor.page.inner_text(".checks")
    assert shouted(visitor.page) == ""
    assert is_green(visitor.page) is (key in ("valid", "third"))


@pytest.mark.parametrize(
    "change",
    [
        lambda text, valid: text.replace(valid.number, "QMT2026000999X"),
        lambda text, _: text.replace(">迪丽拜尔·<wbr>吐尔逊<", ">别人<"),
        lambda text, _: text.replace('datetime="20', 'datetime="19'),
        lambda text, _: text.replace('data-kind="', 'data-kind="1'),
        lambda text, _: text.replace('data-status-index="', 'data-status-index="1'),
    ],
    ids=["number", "name", "date", "kind", "place in the status list"],
)
def test_a_code_that_signed_something_else_is_shouted_and_the_page_turns_grey(
    visitor: Visitor, certificates: Certificates, change: Callable[[str, Certificate], str]
) -> None:
    valid = certificates["valid"]
    alter_page(visitor, valid.token, lambda text: change(text, valid))

    scan(visitor, valid.qr)
    visitor.page.wait_for_selector("#code-differs:visible")

    assert shouted(visitor.page).startswith("二维码与登记不符")
    assert visitor.page.get_attribute(".shout", "role") == "alert"
    assert visitor.page.title() == "二维码与登记不符"
    assert not is_green(visitor.page)
    assert visitor.page.is_hidden("#code-match")


@pytest.mark.parametrize("place", [3, 100], ids=["the signature", "what it signed"])
def test_an_altered_code_is_shouted(visitor: Visitor, certificates: Certificates, place: int) -> None:
    scan(visitor, altered(certificates["valid"].qr, place))
    visitor.page.wait_for_selector("#code-broken:visible")

    assert not is_green(visitor.page)


def test_a_code_moved_to_the_address_of_another_certificate_is_shouted(
    visitor: Visitor, certificates: Certificates
) -> None:
    valid, other = certificates["valid"], certificates["third"]

    scan(visitor, other.qr.replace(other.token, valid.token))
    visitor.page.wait_for_selector("#code-broken:visible")

    assert shouted(visitor.page).startswith("二维码的签名不符")


def test_a_code_cut_short_is_shouted_and_told_to_scan_again(visitor: Visitor, certificates: Certificates) -> None:
    scan(visitor, certificates["valid"].qr[:-20])
    visitor.page.wait_for_selector("#code-broken:visible")

    assert "扫描证书原件" in shouted(visitor.page)


def test_a_signed_code_that_is_not_on_the_register_is_shouted(visitor: Visitor, certificates: Certificates) -> None:
    valid = certificates["valid"]
    nothing = visitor.page.request.get(f"{visitor.home}/v/0000000000000000", headers={"Accept": "text/html"}).text()
    alter_page(visitor, valid.token, lambda _: nothing)

    scan(visitor, valid.qr)
    visitor.page.wait_for_selector("#code-unregistered:visible")

    assert shouted(visitor.page).startswith("登记记录中没有这份证书")


@pytest.mark.parametrize("fragment", ["", "#", "#main", "#wechat_redirect", "#rd", "#%F0%9F%98%80"])
def test_what_is_no_code_of_ours_is_met_with_silence(
    visitor: Visitor, certificates: Certificates, fragment: str
) -> None:
    scan(visitor, f"{PUBLIC_URL}/v/{certificates['valid'].token}{fragment}")

    assert shouted(visitor.page) == ""
    assert visitor.page.is_hidden("#code-match")
    assert is_green(visitor.page)


@pytest.mark.parametrize("script", [WITHOUT_CRYPTO, WITHOUT_ED25519], ids=["no https", "an old browser"])
def test_a_browser_that_cannot_check_says_nothing_and_fetches_nothing(
    visitor: Visitor, certificates: Certificates, script: str
) -> None:
    asked: list[str] = []
    visitor.page.on("request", lambda sent: asked.append(sent.url))
    visitor.page.add_init_script(script)

    scan(visitor, altered(certificates["valid"].qr))

    assert shouted(visitor.page) == ""
    assert is_green(visitor.page)
    assert not [url for url in asked if "/kit/" in url or "/.well-known/" in url]


@pytest.mark.parametrize("missing", ["/.well-known/jwks.json", "/.well-known/did.json"])
def test_keys_that_cannot_be_fetched_are_met_with_silence(
    visitor: Visitor, certificates: Certificates, missing: str
) -> None:
    visitor.page.route(f"**{missing}", lambda route: route.fulfill(status=404, body=""))

    scan(visitor, altered(certificates["valid"].qr))

    assert shouted(visitor.page) == ""
    assert is_green(visitor.page)


def test_what_follows_the_hash_is_told_to_nobody(visitor: Visitor, certificates: Certificates) -> None:
    asked: list[str] = []
    visitor.page.on("request", lambda sent: asked.append(f"{sent.url} {sent.headers} {sent.post_data}"))
    valid = certificates["valid"]
    fragment = valid.qr.split("#")[1]

    scan(visitor, valid.qr)
    visitor.page.wait_for_selector("#code-match:visible")

    # The browser itself keeps the fragment of the address it shows; no request after that has it.
    assert not [request for request in asked[1:] if fragment in request or valid.name in request]


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [(lambda qr: qr, "#code-match", "checked by your browser"), (altered, "#code-broken", "The signature does not")],
    ids=["genuine", "altered"],
)
def test_the_other_language_compares_as_well(
    visitor: Visitor, certificates: Certificates, change: Callable[[str], str], place: str, said: str
) -> None:
    scan(visitor, change(certificates["valid"].qr))
    visitor.page.wait_for_selector(f"{place}:visible")

    with visitor.page.expect_navigation():
        visitor.page.click(".language")
    visitor.page.wait_for_selector(f"{place}:visible")

    assert said in visitor.page.inner_text(place)


def test_another_code_for_the_same_address_is_compared_anew(visitor: Visitor, certificates: Certificates) -> None:
    valid = certificates["valid"]
    scan(visitor, valid.qr)
    visitor.page.wait_for_selector("#code-match:visible")

    with visitor.page.expect_navigation(wait_until="load"):
        visitor.page.evaluate("hash => { location.hash = hash; }", altered(valid.qr).split("#")[1])
    visitor.page.wait_for_selector("#code-broken:visible")

    assert visitor.page.is_hidden("#code-match")


@pytest.mark.parametrize("width", VIEWPORTS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_on_a_page_that_shouts(
    browser: Browser, home: str, certificates: Certificates, width: str, language: str
) -> None:
    pixels, height = VIEWPORTS[width]
    context = browser.new_context(viewport={"width": pixels, "height": height}, bypass_csp=True)
    visitor = Visitor(context.new_page(), pixels, home, [])
    address, fragment = altered(certificates["valid"].qr).split("#")

    scan(visitor, f"{address}{'' if language == 'zh' else '?lang=en'}#{fragment}")
    visitor.page.wait_for_selector("#code-broken:visible")

    require_accessible(visitor, "broken")
    context.close()
