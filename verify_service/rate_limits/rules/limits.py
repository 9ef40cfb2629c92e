"""What a limit may say: the notation of the `limits` library, `30/minute;300/hour`."""

from typing import Final

import msgspec
from limits import RateLimitItem, parse_many

from verify_service.errors import UsageError
from verify_service.settings import PREFIX, RateLimits

FALLBACK_SHARE: Final = 3
"""A process that counts alone admits one in so many: it cannot know what the others admit."""


def require_readable(limits: RateLimits) -> None:
    """Refuse a misspelt or zero limit, naming its setting: slowapi would only log it, and limit nothing."""
    for field, text in msgspec.structs.asdict(limits).items():
        try:
            admits_nobody = any(item.amount < 1 for item in parse_many(text))
        except ValueError:
            admits_nobody = True
        if admits_nobody:
            raise UsageError("BAD_SETTING", f"{PREFIX}RATE_LIMIT_{field.upper()}: write limits as 30/minute;300/hour")


def stricter(limits: RateLimits) -> RateLimits:
    """Return limits of a third of the amounts, at least 1, over the same windows; refuse as `require_readable` does."""
    require_readable(limits)
    texts = msgspec.structs.asdict(limits)
    return RateLimits(**{field: ";".join(map(_third, parse_many(text))) for field, text in texts.items()})


def _third(item: RateLimitItem) -> str:
    return f"{max(1, item.amount // FALLBACK_SHARE)}/{item.multiples}{item.GRANULARITY.name}"
