"""The composition root of the console process."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from verify_service.account_pages.routes import ACCOUNT_PAGES_ROUTES
from verify_service.consoles.access import ACCESS, operations_of
from verify_service.consoles.context import ConsoleContext
from verify_service.consoles.guard import VISITOR, guard_with
from verify_service.consoles.responder import ConsoleResponder
from verify_service.consoles.visitors import Visitor
from verify_service.dashboard.routes import DASHBOARD_ROUTES
from verify_service.deliveries.routes import DELIVERIES_ROUTES
from verify_service.drafts.routes import DRAFTS_ROUTES
from verify_service.head_requests import HeadAsGet
from verify_service.institution import load_institution
from verify_service.jobs.routes import JOBS_ROUTES
from verify_service.people.routes import PEOPLE_ROUTES
from verify_service.portal.routes import PORTAL_ROUTES, portal_state
from verify_service.proposals.routes import PROPOSALS_ROUTES
from verify_service.registrar.routes import REGISTRAR_ROUTES
from verify_service.request_bodies import StrictRequest
from verify_service.request_log import RequestLog
from verify_service.searches.routes import SEARCHES_ROUTES
from verify_service.security_headers import security_headers
from verify_service.settings import Settings
from verify_service.site_texts import site_texts
from verify_service.trail_pages.routes import TRAIL_ROUTES
from verify_service.turns import Turns

CONSOLE_ROUTES: Final = (
    *ACCOUNT_PAGES_ROUTES,
    *DASHBOARD_ROUTES,
    *DELIVERIES_ROUTES,
    *DRAFTS_ROUTES,
    *JOBS_ROUTES,
    *PEOPLE_ROUTES,
    *PORTAL_ROUTES,
    *PROPOSALS_ROUTES,
    *REGISTRAR_ROUTES,
    *SEARCHES_ROUTES,
    *TRAIL_ROUTES,
)
SMALLEST_COMPRESSED_BYTES: Final = 1024
MAX_FORM_PARTS: Final = 64
MAX_BODY_BYTES: Final = 64 * 1024
"""Unless a route says that it reads more."""
NEVER_COMPRESSED: Final = r"/(events|certificates\.zip)$"
"""What is streamed line by line would wait in the compressor."""


def create_console_app(settings: Settings, console_url: str, portal_url: str) -> ASGIApp:
    """Return the application; refuse to start unless the table of access has its routes, and no other."""
    institution = load_institution(settings)
    site = site_texts(institution, settings.require_public_url())
    context = ConsoleContext(settings, console_url, portal_url, institution=institution, site=site)
    return RequestLog(HeadAsGet(assemble_console(context)))


def assemble_console(context: ConsoleContext) -> Litestar:
    """Return the routes with what surrounds all of them."""

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await context.open()
        try:
            yield
        finally:
            await context.close()

    def provide_console() -> ConsoleContext:
        return context

    def provide_visitor(request: Request[Any, Any, Any]) -> Visitor:
        visitor: Visitor = request.scope["state"][VISITOR]
        return visitor

    turns, upload_turns = Turns(), Turns()

    def provide_turns() -> Turns:
        return turns

    def provide_upload_turns() -> Turns:
        return upload_turns

    app = Litestar(
        route_handlers=CONSOLE_ROUTES,
        request_class=StrictRequest,
        multipart_form_part_limit=MAX_FORM_PARTS,
        request_max_body_size=MAX_BODY_BYTES,
        dependencies={
            "console": Provide(provide_console, sync_to_thread=False),
            "visitor": Provide(provide_visitor, sync_to_thread=False),
            "sign_in_turns": Provide(provide_turns, sync_to_thread=False),
            **portal_state(),
            "upload_turns": Provide(provide_upload_turns, sync_to_thread=False),
        },
        guards=[guard_with(context)],
        lifespan=[lifespan],
        exception_handlers={Exception: ConsoleResponder(context)},
        before_send=[security_headers(context.public_url)],
        compression_config=CompressionConfig(
            backend="gzip", minimum_size=SMALLEST_COMPRESSED_BYTES, exclude=[NEVER_COMPRESSED]
        ),
        openapi_config=None,
        logging_config=None,
    )
    require_complete_table(app)
    return app


def require_complete_table(app: Litestar) -> None:
    """Raise RuntimeError unless the table of access has exactly the operations of the application."""
    served = set(operations_served(app))
    if served != ACCESS.keys():
        missing, stray = sorted(served - ACCESS.keys()), sorted(ACCESS.keys() - served)
        raise RuntimeError(f"the table of access lacks {missing} and has {stray} that nothing answers")


def operations_served(app: Litestar) -> Iterable[str]:
    """Yield each operation of the application as the table names it."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler):
                methods = set(handler.http_methods) - {"OPTIONS"}
                yield from operations_of([route.path_format], methods)
