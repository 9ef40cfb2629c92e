"""Where a delivery may go: an address of the public internet, under a name that TLS proves. Nowhere inside.

The networks are those of the IANA special-purpose registries, written out: what the standard library calls global has
changed between its patch releases. Of IPv6 only 2000::/3 is unicast of the internet (RFC 4291 §2.4), which leaves out
loopback, link-local, unique-local and multicast addresses and every embedding of an IPv4 address outside it
(IPv4-mapped, RFC 4291 §2.5.5; NAT64, RFC 6052 and 8215).
"""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from verify_service.errors import UsageError
from verify_service.webhooks.model import Destination, Scheme

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_URL_CHARACTERS: Final = 2_000
DEFAULT_PORTS: Final[dict[Scheme, int]] = {"https": 443, "http": 80}
FIRST_FREE_PORT: Final = 1024
"""Below it, besides 443, listen mail servers and others that a stranger's request has no business with."""
HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
UNSAFE: Final = re.compile(r"[^\x21-\x7e]|\\")
"""Blanks, control and non-ASCII characters, and the backslash: parsers of URLs disagree about all of them."""

CLOSED_IPV4: Final = tuple(
    map(
        ipaddress.IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
            *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
            *("224.0.0.0/4", "240.0.0.0/4"),
            "168.63.129.16/32",  # public by its number, and in Azure every machine's own metadata and DHCP service
        ),
    )
)
OPEN_IPV6: Final = ipaddress.IPv6Network("2000::/3")
CLOSED_IPV6: Final = tuple(
    map(
        ipaddress.IPv6Network,
        # Protocol assignments with Teredo and ORCHID, documentation, 6to4 (which embeds an IPv4 address).
        ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48"),
    )
)


def parse_destination(text: str, *, loopback: bool) -> Destination:
    """Return a webhook's URL in its parts; `loopback` also takes plain http to this machine.

    Raises:
        UsageError: WEBHOOK_URL, saying what is wrong and repeating nothing: a URL may hold a receiver's secret.

    """
    if len(text) > MAX_URL_CHARACTERS or UNSAFE.search(text):
        raise _refusal("has blanks, backslashes or non-ASCII characters, or is longer than 2000 characters")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _refusal("cannot be read") from None
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None or "#" in text:
        raise _refusal("has a user name, a password or a fragment")
    if not HOST.fullmatch(host):
        raise _refusal("names no host (a name, or an IPv4 address)")
    scheme = _scheme(parts.scheme, host, loopback=loopback)
    port = DEFAULT_PORTS[scheme] if port is None else port
    if port != DEFAULT_PORTS[scheme] and port < FIRST_FREE_PORT:
        raise _refusal("has a port other than 443 and below 1024")
    query = f"?{parts.query}" if parts.query else ""
    return Destination(scheme, host, port, (parts.path or "/") + query)


def _scheme(scheme: str, host: str, *, loopback: bool) -> Scheme:
    if scheme == "https":
        return "https"
    if scheme == "http" and loopback and host in {"127.0.0.1", "localhost"}:
        return "http"
    raise _refusal("is not https")


def is_open(address: Address, *, loopback: bool) -> bool:
    """Tell whether a delivery may go to an address; `loopback` opens this machine's own too."""
    if loopback and address.is_loopback:
        return True
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in CLOSED_IPV4)
    return address in OPEN_IPV6 and not any(address in network for network in CLOSED_IPV6)


def _refusal(what: str) -> UsageError:
    return UsageError("WEBHOOK_URL", f"the URL {what}")
