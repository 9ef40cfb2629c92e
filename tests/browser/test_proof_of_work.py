"""The page that refuses a question, with JavaScript: the browser works, and the same question is answered once more."""

from collections.abc import Iterator, Mapping

import httpx
import msgspec
import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import VIEWPORTS, Visitor, watch
from tests.browser.test_pages import require_accessible
from tests.databases import lent_database
from tests.registers import Certificate
from tests.serving import serving
from verify_service.embedded.server import EmbeddedServer
from verify_service.settings import BudgetLimits, Settings

pytestmark = pytest.mark.browser

Certificates = Mapping[str, Certificate]
SOMEBODY_ELSE = "赵无人"
WITHOUT_CRYPTO = "Object.defineProperty(window, 'crypto', { value: undefined });"
BROKEN = "crypto.subtle.deriveBits = () => Promise.reject(new DOMException('', 'OperationError'));"


@pytest.fixture(scope="module")
def home(
    server: EmbeddedServer, published_template: str, site: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The origin of a server of this module alone, with the default budgets and work of a moment."""
    with lent_database(server, published_template) as name:
        settings = msgspec.structs.replace(site, database_url=server.urls(name).web, budgets=BudgetLimits())
        with serving(settings, tmp_path_factory.mktemp("work"), PROOF_OF_WORK="40") as served:
            yield served.url


@pytest.fixture
def visitor(browser: Browser, home: str) -> Iterator[Visitor]:
    width, height = VIEWPORTS["phone"]
    context = browser.new_context(viewport={"width": width, "height": height})
    visitor = Visitor(context.new_page(), width, home, [])
    watch(visitor)
    yield visitor
    context.close()
    assert [fault for fault in visitor.faults if "429 (Too Many Requests)" not in fault] == []


def refused(visitor: Visitor, facts: dict[str, str], language: str = "zh") -> None:
    """Let five others fail about this ID number, then ask rightly; nobody's budget is spent twice."""
    wrong = {**facts, "name": SOMEBODY_ELSE}
    with httpx.Client(base_url=visitor.home, trust_env=False) as others:
        while others.post("/api/v1/lookups", json=wrong).status_code == 200:
            pass
    visitor.look_up(facts, language)


@pytest.mark.parametrize(
    ("key", "language", "verdict"), [("valid", "zh", "证书有效"), ("third", "en", "Certificate valid")]
)
def test_the_browser_works_and_the_question_is_answered(
    visitor: Visitor, certificates: Certificates, key: str, language: str, verdict: str
) -> None:
    refused(visitor, certificates[key].facts("name", "idNumber"), language)
    assert visitor.page.is_visible("#work")
    require_accessible(visitor, key)

    with visitor.page.expect_navigation(url="**/lookup*"):
        visitor.page.click("#work button")

    assert verdict in visitor.page.inner_text("main")
    assert visitor.page.url == f"{visitor.home}/lookup" + ("" if language == "zh" else "?lang=en")


def test_what_fails_is_said_and_may_be_tried_again(visitor: Visitor, certificates: Certificates) -> None:
    visitor.page.add_init_script(BROKEN)
    refused(visitor, certificates["old"].facts("name", "idNumber"))

    visitor.page.click("#work button")
    visitor.page.wait_for_selector("#work-failed:visible")
    assert visitor.page.is_hidden("#work-doing")

    visitor.page.evaluate("delete crypto.subtle.deriveBits")
    with visitor.page.expect_navigation():
        visitor.page.click("#work button")
    assert "已更正换发" in visitor.page.inner_text("main")


def test_a_browser_that_cannot_work_is_offered_nothing(visitor: Visitor, certificates: Certificates) -> None:
    visitor.page.add_init_script(WITHOUT_CRYPTO)
    refused(visitor, certificates["old"].facts("name", "idNumber"))

    assert visitor.page.is_hidden("#work")
    assert "二维码" in visitor.page.inner_text("main")


def test_without_javascript_the_page_names_the_other_ways_and_shows_no_offer(
    browser: Browser, home: str, certificates: Certificates
) -> None:
    context = browser.new_context(java_script_enabled=False)
    visitor = Visitor(context.new_page(), 1280, home, [])

    refused(visitor, certificates["old"].facts("name", "idNumber"))

    assert visitor.page.is_hidden("#work")
    assert "二维码" in visitor.page.inner_text("main")
    context.close()
