"""The public URL of a service: the origin that stands in QR codes, record ids and the issuer's DID."""

import re
from typing import Final

from signing.errors import MalformedUrlError

ORIGIN_PATTERN: Final = (
    r"(?:https://[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
    r"|http://(?:127\.0\.0\.1|localhost))(?::[1-9][0-9]{0,4})?"
)
"""Lower-case host names, or plain http on loopback; one spelling each, because origins are compared as text."""

_ORIGIN: Final = re.compile(ORIGIN_PATTERN)


def require_public_url(text: str) -> str:
    """Return `text` unchanged if it is such an origin.

    Raises:
        MalformedUrlError: a path (also a lone `/`), a query, credentials, capitals, IPv6, or http elsewhere.
    """
    if not _ORIGIN.fullmatch(text):
        raise MalformedUrlError("a public URL is https://host[:port], or http on 127.0.0.1 or localhost")
    return text
