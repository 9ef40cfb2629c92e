"""The edge limits in front of every route that does not say it needs none."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from verify_service.lookup_counts.model import Outcome
from verify_service.problems import TOO_MANY_REQUESTS, ProblemError
from verify_service.rate_limits.model import Client, Refusal
from verify_service.rate_limits.rules.clients import client_of
from verify_service.rate_limits.rules.limits import stricter
from verify_service.rate_limits.service.admission import open_edge_limits
from verify_service.settings import Settings

UNLIMITED: Final[Mapping[str, Any]] = {"unlimited": True}
"""`opt=UNLIMITED` opens a route that tells nothing about a person: a form, a static file, did.json, a status list."""

APART: Final = "counted_apart"
ARTEFACTS: Final[Mapping[str, Any]] = {APART: "artefact"}
"""`opt=ARTEFACTS` counts a route apart from lookups, under the same limits: whoever has spent the lookups may still
scan the paper, and the 80 random bits of a token are not guessed at any rate."""

UPLOADS: Final[Mapping[str, Any]] = {APART: "upload"}
"""`opt=UPLOADS` counts a route apart from the others: checking a file costs half a second of processor time."""


BATCHES: Final[Mapping[str, Any]] = {APART: "batch"}
"""`opt=BATCHES` counts what needs an API key apart: a platform's own people, behind the same address, may still look up
one, and guessing at keys spends nothing else."""

WATCHES: Final[Mapping[str, Any]] = {APART: "watches"}
"""`opt=WATCHES` counts a route apart from all three: what a platform's server asks for its own webhook."""

RECEIPTS: Final[Mapping[str, Any]] = {"counted_apart": "receipt"}
"""`opt=RECEIPTS` counts a route apart from all: whoever has spent the lookups may still file the last answer."""


class EdgeGate(ASGIMiddleware):
    """Counts a request before its body is read, and answers 429 where a limit is spent.

    Every route is limited unless it opts out. The other way round a new route about people would be open until
    somebody noticed; this way whoever forgets sees a static file answer 429, and the opted-out routes can be listed.
    """

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = "unlimited"

    def __init__(
        self, settings: Settings, is_guessed_at: Callable[[], bool], count_outcome: Callable[[Outcome], None]
    ) -> None:
        self._trusted = settings.trusted_proxies
        self._is_guessed_at = is_guessed_at
        self._count_outcome = count_outcome
        stricter_settings = msgspec.structs.replace(settings, rate_limits=stricter(settings.rate_limits))
        self._limits, self._stricter_limits = (
            open_edge_limits(limited, on_error=lambda: count_outcome(Outcome.LIMITER_ERROR))
            for limited in (settings, stricter_settings)
        )

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass the request on, or raise the `too-many-requests` problem."""
        # Only lookups are guessed at: paper and files stay the way that is open to everybody else.
        is_lookup = APART not in scope["route_handler"].opt
        limits = self._stricter_limits if is_lookup and self._is_guessed_at() else self._limits
        refusal = await limits.count(self._client(scope))
        if refusal is not None:
            if is_lookup:
                self._count_outcome(Outcome.LIMITED)
            raise _too_many_requests(refusal)
        await next_app(scope, receive, send)

    def _client(self, scope: Scope) -> Client:
        peer = scope["client"]
        forwarded_for = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        client = client_of(peer[0] if peer else None, forwarded_for, self._trusted)
        apart = scope["route_handler"].opt.get(APART)
        return client if apart is None else Client(f"{apart} {client.network}", f"{apart} {client.neighbourhood}")


def _too_many_requests(refusal: Refusal) -> ProblemError:
    return ProblemError(
        TOO_MANY_REQUESTS,
        retry_after_seconds=refusal.reset_seconds,
        headers={
            "RateLimit-Policy": f'"{refusal.limit}";q={refusal.quota};w={refusal.window_seconds}',
            "RateLimit": f'"{refusal.limit}";r=0;t={refusal.reset_seconds}',
        },
    )
