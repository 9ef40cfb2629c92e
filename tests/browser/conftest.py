"""A real Chromium on a real server: the register `published`, served by a process of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import PUBLIC_URL
from verify_service.settings import PREFIX, Settings

# Chromium looks home and asks for updates by itself: nothing of that belongs in a test.
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
VIEWPORTS = {"phone": (375, 812), "desktop": (1280, 900)}
BAD = "400 (Bad Request)"
"""Chromium calls a form that comes back with status 400 an error of the console."""
READY_SECONDS = 30


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
        self.page.click("form button")


@pytest.fixture(scope="session")
def home(site: Settings) -> Iterator[str]:
    """The origin of a running server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    unlimited = {f"RATE_LIMIT_{name}": "1000000/minute" for name in ("NETWORK", "NEIGHBOURHOOD", "EVERYONE")}
    given = {"DATABASE_URL": site.database_url, "KEY_DIR": site.key_dir, "PUBLIC_URL": PUBLIC_URL, **unlimited}
    environment = {**os.environ, **{PREFIX + name: str(value) for name, value in given.items()}}
    command = [sys.executable, "-m", "verify_service", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603  # ours
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/readyz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
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
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" and BAD not in said.text else None)
    page.on("requestfailed", lambda failed: faults.append(f"failed: {failed.url}"))
    page.on("request", lambda sent: None if sent.url.startswith(ours) else faults.append(f"stranger: {sent.url}"))


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended at once"
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310  # this machine
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)
