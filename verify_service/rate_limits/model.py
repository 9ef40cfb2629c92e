"""Who is counted, and what a refusal says."""

import msgspec


class Client(msgspec.Struct, frozen=True):
    """The two names one request is counted under."""

    network: str
    """An IPv4 address or an IPv6 /64: the least that one subscriber holds."""
    neighbourhood: str
    """The IPv4 /24 or IPv6 /48 around it: the least that one customer of a hoster rents."""


class Refusal(msgspec.Struct, frozen=True):
    """The limit that is spent, in the terms of the RateLimit header fields (draft-ietf-httpapi-ratelimit-headers)."""

    limit: str
    """Which one: `network`, `neighbourhood` or `everyone`."""
    quota: int
    window_seconds: int
    reset_seconds: int
    """Until the window ends; at least 1, so that nobody is told to try again at once."""
