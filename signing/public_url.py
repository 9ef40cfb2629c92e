"""The public URL of a service: the origin that stands in QR codes, record ids and the issuer's DID."""

import re
from typing import Final

from signing.errors import MalformedUrlError

_PORT: Final = (
    r"(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])(?![0-9])"  # 1 … 65535
)

ORIGIN_PATTERN: Final = (
    r"(?:https://[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
    rf"(?::(?!443(?![0-9])){_PORT})?"
    rf"|http://(?:127\.0\.0\.1|localhost)(?::(?!80(?![0-9])){_PORT})?)"
)
"""Lower-case host names, or plain http on loopback; one spelling each, because origins are compared as text: clients
drop a default port (443, 80), so it is not written."""

_ORIGIN: Final = re.compile(ORIGIN_PATTERN)


def require_public_url(text: str) -> str:
    """Return `text` unchanged if it is such an origin.

    Raises:
        MalformedUrlError: a path (also a lone `/`), a query, credentials, capitals, IPv6, http elsewhere, a default
            port spelled out, or a port above 65535.
    """
    if not _ORIGIN.fullmatch(text):
        raise MalformedUrlError("a public URL is https://host[:port], or http on 127.0.0.1 or localhost")
    return text
