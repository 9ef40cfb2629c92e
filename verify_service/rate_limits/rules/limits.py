"""What a limit may say: the notation of the `limits` library, `30/minute;300/hour`."""

from typing import Final

import msgspec
from limits import RateLimitItem, parse_many

from verify_service.errors import UsageError
from verify_service.settings import PREFIX, RateLimits

FALLBACK_SHARE: Final = 3
"""A process that counts alone admits one in so many: it cannot know what the others admit."""

LONGEST_WINDOW_SECONDS: Final = 86_400
"""The notice at /privacy says that no network is counted for longer."""


def require_readable(limits: RateLimits) -> None:
    """Refuse a misspelt, zero or too long limit, naming its setting: slowapi would only log it, and limit nothing."""
    for field, text in msgspec.structs.asdict(limits).items():
        setting = f"{PREFIX}RATE_LIMIT_{field.upper()}"
        try:
            items = parse_many(text)
        except ValueError:
            items = []
        if not items or any(item.amount < 1 for item in items):
            raise UsageError("BAD_SETTING", f"{setting}: write limits as 30/minute;300/hour")
        if any(item.get_expiry() > LONGEST_WINDOW_SECONDS for item in items):
            raise UsageError("BAD_SETTING", f"{setting}: no window may be longer than a day")


def stricter(limits: RateLimits) -> RateLimits:
    """Return limits of a third of the amounts, at least 1, over the same windows; refuse as `require_readable` does."""
    require_readable(limits)
    texts = msgspec.structs.asdict(limits)
    return RateLimits(**{field: ";".join(map(_third, parse_many(text))) for field, text in texts.items()})


def _third(item: RateLimitItem) -> str:
    return f"{max(1, item.amount // FALLBACK_SHARE)}/{item.multiples}{item.GRANULARITY.name}"
