"""slowapi 0.1, by its public interface, asked about one request at a time.

Its decorators and its middleware need a Starlette application. What it limits is only a function that takes a Starlette
request, so one such function stands here for the whole service, and the request handed to it is made here as well:
it carries the names to count and nothing else, no path, header or body that slowapi could log.
"""

import inspect
import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from limits.errors import ConfigurationError
from slowapi import Limiter
from slowapi.errors import RateLimitExceeded
from starlette.config import Config
from starlette.requests import Request

from verify_service.errors import UsageError
from verify_service.rate_limits.model import Client, Refusal
from verify_service.rate_limits.rules.limits import require_readable
from verify_service.settings import PREFIX, RateLimits

ENVIRONMENT_FILE: Final = Path(".env")
"""slowapi reads its own settings from this file of the working directory, if it is there."""


class Counter:
    """Counts requests against every edge limit in one store."""

    def __init__(self, limits: RateLimits, storage_uri: str, options: Mapping[str, Any] | None = None) -> None:
        require_readable(limits)
        require_no_overrides()
        self._limiter = _limiter(storage_uri, options or {})
        # Its warnings name the client's address; the request log already has the 429.
        self._limiter.logger.disabled = True
        self._admit = self._limited(limits)

    def count(self, client: Client) -> Refusal | None:
        """Count one request of a client; return the limit that was spent already, or None: it may pass.

        The narrowest limit comes first and ends the count, so that one network cannot spend what its neighbours and
        everyone else have left. Raises whatever the store's client library raises where the store is down.
        """
        request = Request({"type": "http", "path": "/", "headers": [], "state": {"client": client}})
        try:
            self._admit(request=request)
        except RateLimitExceeded as exceeded:
            return self._refusal(exceeded, request)
        return None

    def _limited(self, limits: RateLimits) -> Callable[..., None]:
        """Return the function slowapi guards. The limit that it is given first is counted first."""
        admit: Callable[..., None] = edge
        for text, key, name in (
            (limits.network, network, "network"),
            (limits.neighbourhood, neighbourhood, "neighbourhood"),
            (limits.everyone, everyone, "everyone"),
        ):
            # slowapi keeps the limits under the function's name: each guards it by all that were given, and a guard
            # around a guard would only find that all is counted. The store's keys carry the name too: processes that
            # share a store share the counts.
            admit = self._limiter.limit(text, key_func=key, error_message=name)(edge)
        return admit

    def _refusal(self, exceeded: RateLimitExceeded, request: Request) -> Refusal:
        item, identifiers = request.state.view_rate_limit
        window_ends_at = self._limiter.limiter.get_window_stats(item, *identifiers).reset_time
        return Refusal(
            limit=exceeded.detail,
            quota=item.amount,
            window_seconds=item.get_expiry(),
            reset_seconds=max(1, math.ceil(window_ends_at - time.time())),
        )


def edge(request: Request) -> None:
    """Stand for the whole service: one function, so that no path has buckets of its own. slowapi wants a request."""


def network(request: Request) -> str:
    """Return the key of the narrowest limit."""
    client: Client = request.state.client
    return client.network


def neighbourhood(request: Request) -> str:
    """Return the key of the limit around it."""
    client: Client = request.state.client
    return client.neighbourhood


def everyone(request: Request) -> str:  # noqa: ARG001  # slowapi passes it where the name stands
    """Return the one key of the whole service."""
    return "everyone"


for _key in (network, neighbourhood, everyone):
    # slowapi inspects each key function's signature for every request; here it finds the answer at once.
    setattr(_key, "__signature__", inspect.signature(_key))  # noqa: B010  # functions declare no such attribute


def require_no_overrides() -> None:
    """Refuse the start where slowapi would be steered past our settings: RATELIMIT_ENABLED=false switches it off."""
    try:
        config = Config(ENVIRONMENT_FILE if ENVIRONMENT_FILE.is_file() else None)
    except (OSError, UnicodeDecodeError):
        raise UsageError("BAD_SETTING", ".env in the working directory cannot be read as UTF-8: move it away") from None
    for name in (*config.environ, *config.file_values):
        if name.startswith("RATELIMIT_"):
            raise UsageError("BAD_SETTING", f"{name} is set, here or in .env: only {PREFIX}RATE_LIMIT_* are obeyed")


def _limiter(storage_uri: str, options: Mapping[str, Any]) -> Limiter:
    try:
        # "url", the default, counts each path on its own: a thousand tokens would be a thousand fresh buckets.
        return Limiter(key_func=network, key_style="endpoint", storage_uri=storage_uri, storage_options=dict(options))
    except (ConfigurationError, ValueError):
        # The URI may hold a password: it is not repeated.
        message = f"{PREFIX}RATE_LIMIT_STORAGE: not a store that can be used; redis:// needs the package redis"
        raise UsageError("BAD_SETTING", message) from None
