"""The composition root of the web process: settings, database, keys and pages become one application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ASGIApp

from verify_service.api_description import api_description
from verify_service.api_docs import show_api_docs
from verify_service.batch_lookups.routes import look_up_batch
from verify_service.budgets.queries.settling import is_breaker_open
from verify_service.consoles.forwarding import FORWARDED, PREFIXES, ConsoleForwarder
from verify_service.consoles.locating import endpoint as console_endpoint
from verify_service.database import connected
from verify_service.head_requests import HeadAsGet
from verify_service.health import is_alive, is_ready
from verify_service.institution import Institution, load_institution
from verify_service.keys.routes import get_did_document, get_jwks, show_keys
from verify_service.lookups.routes import LOOKUP_PATHS, answer_form, look_up, show_form
from verify_service.matches.routes.api import match_fields
from verify_service.matches.routes.forms import match_result, match_token
from verify_service.migrate import load_migrations, require_migrated
from verify_service.problem_pages import show_problem_type
from verify_service.problems import ProblemResponder
from verify_service.rate_limits.routes import EdgeGate
from verify_service.receipts.routes import give_receipt
from verify_service.request_bodies import StrictRequest
from verify_service.request_log import RequestLog
from verify_service.retention.model import Policy
from verify_service.retention.service.policy import load_policy
from verify_service.security_headers import security_headers
from verify_service.settings import Settings
from verify_service.site_pages import show_accessibility, show_help, show_privacy
from verify_service.site_texts import site_texts
from verify_service.static_files import get_asset
from verify_service.status_lists.routes import STATUS_PATHS, get_status_list
from verify_service.trust_reading import TrustReader
from verify_service.turns import Turns
from verify_service.verification.routes.open_badge import get_open_badge
from verify_service.verification.routes.token_page import get_record, verify_token
from verify_service.verification.routes.uploads import answer_upload_form, show_upload_form, verify_artefact
from verify_service.verifier_kit import get_kit_file, get_kit_vector, get_offline_page
from verify_service.web_context import WebContext
from verify_service.webhooks.routes import (
    count_watches,
    unwatch_certificates,
    unwatch_everything,
    watch_certificates,
)

ROUTES: Final = (
    *(show_form, answer_form, look_up, look_up_batch),
    give_receipt,
    *(match_fields, match_result, match_token),
    *(verify_token, get_record, get_open_badge),
    *(show_upload_form, answer_upload_form, verify_artefact),
    *(get_did_document, get_jwks, show_keys),
    *(show_help, show_privacy, show_accessibility),
    *(get_kit_file, get_kit_vector, get_offline_page),
    get_status_list,
    *(count_watches, watch_certificates, unwatch_certificates, unwatch_everything),
    *(is_alive, is_ready),
    *(get_asset, show_api_docs, show_problem_type),
)
SMALLEST_COMPRESSED_BYTES: Final = 1024
MAX_FORM_PARTS: Final = 8
"""Our forms have one; each part of a file may cost a temporary file."""


async def create_app(settings: Settings, database_url: str) -> ASGIApp:
    """Return the application; refuse to start on unmigrated tables, with keys or a public URL that are not theirs."""
    institution = load_institution(settings)
    context = await open_context(settings, database_url, institution)
    return RequestLog(HeadAsGet(assemble(context, institution, load_policy(settings))))


def assemble(context: WebContext, institution: Institution, policy: Policy) -> Litestar:
    """Return the routes with what surrounds all of them."""

    settings = context.settings
    forwarder = ConsoleForwarder(console_endpoint(settings).path, settings.trusted_proxies)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await context.open()
        refreshing = asyncio.create_task(context.keep_refreshing())
        try:
            yield
        finally:
            refreshing.cancel()
            with suppress(asyncio.CancelledError):
                await refreshing
            await context.close()
            await forwarder.close()

    def provide_context() -> WebContext:
        return context

    def provide_policy() -> Policy:
        return policy

    turns, drawing_turns = Turns(), Turns()

    def provide_turns() -> Turns:
        return turns

    def provide_drawing_turns() -> Turns:
        return drawing_turns

    dependencies = {
        "context": Provide(provide_context, sync_to_thread=False),
        "policy": Provide(provide_policy, sync_to_thread=False),
        "turns": Provide(provide_turns, sync_to_thread=False),
        "drawing_turns": Provide(provide_drawing_turns, sync_to_thread=False),
    }
    description = api_description(ROUTES, dependencies, institution, context.public_url)
    return Litestar(
        route_handlers=[*ROUTES, *FORWARDED, description],
        state=State({"console_forwarder": forwarder, "site": context.site}),
        request_class=StrictRequest,
        multipart_form_part_limit=MAX_FORM_PARTS,
        dependencies=dependencies,
        lifespan=[lifespan],
        middleware=[EdgeGate(context.settings, lambda: context.breaker_open, context.tally.count)],
        exception_handlers={Exception: ProblemResponder(context.public_url, context.site)},
        before_send=[security_headers(context.public_url)],
        compression_config=CompressionConfig(
            backend="gzip",
            minimum_size=SMALLEST_COMPRESSED_BYTES,
            exclude=[STATUS_PATHS, LOOKUP_PATHS, *(f"^{prefix}" for prefix in PREFIXES)],
        ),
        openapi_config=None,
        logging_config=None,
    )


async def open_context(settings: Settings, database_url: str, institution: Institution) -> WebContext:
    """Return what handlers are lent; refuse where keys are missing or not the register's."""
    reader = TrustReader(settings)
    async with connected(database_url, "DATABASE_URL") as connection:
        await require_migrated(connection, load_migrations())
        trust = await reader.read(connection)
    site = site_texts(institution, settings.require_public_url())
    return WebContext(
        settings, database_url, read_trust=reader.read, read_breaker=is_breaker_open, trust=trust, site=site
    )
