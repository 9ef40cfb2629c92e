"""slowapi 0.1, by its public interface, asked about one request at a time.

Its decorators and its middleware need a Starlette application. What they do for a request, they do with a `Limiter`,
which holds the store and the way of counting, and with `Limit`s, which hold what is counted. Both are used here as they
are; the loop over them is ours, for theirs is given a request, whose path, headers and body it could log.
"""

import math
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from limits.errors import ConfigurationError
from slowapi import Limiter
from slowapi.wrappers import Limit, LimitGroup
from starlette.config import Config

from verify_service.errors import UsageError
from verify_service.rate_limits.model import Client, Refusal
from verify_service.rate_limits.rules.limits import require_readable
from verify_service.settings import PREFIX, RateLimits

ENVIRONMENT_FILE: Final = Path(".env")
"""slowapi reads its own settings from this file of the working directory, if it is there."""
SCOPE: Final = "edge"
"""Of every key in the store: no path has buckets of its own, or a thousand tokens would be a thousand fresh ones."""


class Counter:
    """Counts requests against every edge limit in one store."""

    def __init__(self, limits: RateLimits, storage_uri: str, options: Mapping[str, Any] | None = None) -> None:
        require_readable(limits)
        require_no_overrides()
        self._strategy = _limiter(storage_uri, options or {}).limiter
        self._limits = (
            *_limits("network", limits.network, network),
            *_limits("neighbourhood", limits.neighbourhood, neighbourhood),
            *_limits("everyone", limits.everyone, everyone),
        )

    def count(self, client: Client) -> Refusal | None:
        """Count one request of a client; return the limit that was spent already, or None: it may pass.

        The narrowest limit comes first and ends the count, so that one network cannot spend what its neighbours and
        everyone else have left. Raises whatever the store's client library raises where the store is down.
        """
        for limit in self._limits:
            key = limit.key_func(client)
            if not self._strategy.hit(limit.limit, key, SCOPE):
                return self._refusal(limit, key)
        return None

    def _refusal(self, limit: Limit, key: str) -> Refusal:
        window_ends_at = self._strategy.get_window_stats(limit.limit, key, SCOPE).reset_time
        return Refusal(
            limit=str(limit.error_message),
            quota=limit.limit.amount,
            window_seconds=limit.limit.get_expiry(),
            reset_seconds=max(1, math.ceil(window_ends_at - time.time())),
        )


def network(client: Client) -> str:
    """Return the key of the narrowest limit."""
    return client.network


def neighbourhood(client: Client) -> str:
    """Return the key of the limit around it."""
    return client.neighbourhood


def everyone(_: Client) -> str:
    """Return the one key of the whole service."""
    return "everyone"


def _limits(name: str, text: str, key: Callable[[Client], str]) -> LimitGroup:
    """Return one limit for each window of a setting; `name` is what a refusal says."""
    return LimitGroup(
        text,
        key,
        scope=SCOPE,
        per_method=False,
        methods=None,
        error_message=name,
        exempt_when=None,
        cost=1,
        override_defaults=False,
    )


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
        return Limiter(key_func=everyone, storage_uri=storage_uri, storage_options=dict(options))
    except (ConfigurationError, ValueError):
        # The URI may hold a password: it is not repeated.
        message = f"{PREFIX}RATE_LIMIT_STORAGE: not a store that can be used; redis:// needs the package redis"
        raise UsageError("BAD_SETTING", message) from None
