"""A real Chromium on a real server: the register `published`, served by a process of its own."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.conftest import PUBLIC_URL
from tests.serving import serving
from verify_service.settings import Settings

# Chromium looks home and asks for updates by itself: nothing of that belongs in a test.
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
VIEWPORTS = {"phone": (375, 812), "desktop": (1280, 900)}
REFUSALS = ("400 (Bad Request)", "404 (Not Found)")
"""Chromium calls a page with such a status an error of the console."""
LEFT_BEHIND = "net::ERR_ABORTED"
"""How Chromium ends what a page was still loading, its icon for one, when the visitor goes on to the next page."""


class Visitor(msgspec.Struct):
    """A page open at one width, and everything that went wrong in it."""

    page: Page
    width: int
    home: str
    faults: list[str]

    def go(self, path: str) -> None:
        self.page.goto(self.home + path)

    def look_up(self, facts: dict[str, str], language: str) -> None:
        """Fill in the form as a person would, and send it."""
        self.go("/" if language == "zh" else "/?lang=en")
        for field, value in facts.items():
            self.page.fill(f"#{field}", value)
        with self.page.expect_navigation():  # a click alone does not wait for the page it leads to
            self.page.click("form button")


@pytest.fixture(scope="session")
def home(site: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of a server that nobody's visit changes."""
    with serving(site, tmp_path_factory.mktemp("home")) as served:
        yield served.url


# Closed with its module: while it is open, an event loop runs in this thread, and no asynchronous test could.
@pytest.fixture(scope="module")
def browser(home: str) -> Iterator[Browser]:
    """A browser in which the public URL of QR codes leads to the running server."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("Chromium is not installed")
    public, served = urlsplit(PUBLIC_URL).netloc, urlsplit(home).netloc
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*ARGUMENTS, f"--host-resolver-rules=MAP {public} {served}"]
        )
        yield browser
        browser.close()


@pytest.fixture(params=VIEWPORTS)
def visitor(browser: Browser, home: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A visitor without JavaScript, at phone and at desktop width."""
    width, height = VIEWPORTS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
    visitor = Visitor(context.new_page(), width, home, [])
    watch(visitor)
    yield visitor
    context.close()
    assert visitor.faults == []


def watch(visitor: Visitor) -> None:
    """Note errors of the console, requests that failed, and requests to anybody but us."""
    ours = (visitor.home, PUBLIC_URL)
    page, faults = visitor.page, visitor.faults
    page.on("console", lambda said: faults.append(said.text) if _is_fault(said) else None)
    page.on("requestfailed", lambda failed: faults.append(f"failed: {failed.url}") if _is_failure(failed) else None)
    page.on("request", lambda sent: None if sent.url.startswith(ours) else faults.append(f"stranger: {sent.url}"))


def _is_failure(request: Request) -> bool:
    return request.failure != LEFT_BEHIND


def _is_fault(said: ConsoleMessage) -> bool:
    return said.type == "error" and not any(refusal in said.text for refusal in REFUSALS)
