"""Every state of every page, as a running site would show it: rendered here, and put in the place of an answer."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route

from tests.unit.verify_service.pages.conftest import Page as Rendered
from tests.unit.verify_service.pages.conftest import every_page

STATES = dict(sorted((f"{page.name} {page.language}", page) for page in every_page()))
"""By name and language; sorted, so that all workers collect the same tests."""
ADDRESS = "/state-of-a-test"
"""Below the origin of a running server, which has the style sheet and the fonts."""


@contextmanager
def showing(page: Page, home: str, state: Rendered) -> Iterator[Page]:
    """Open one state, and leave nothing of it behind."""

    def fulfil(route: Route) -> None:
        route.fulfill(body=state.html, content_type="text/html; charset=utf-8")

    page.route(home + ADDRESS, fulfil)
    page.goto(home + ADDRESS)
    yield page
    page.unroute(home + ADDRESS)
