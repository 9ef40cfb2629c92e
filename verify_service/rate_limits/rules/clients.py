"""Whose request it is: the peer, or whom one of our own proxies names."""

import ipaddress
from collections.abc import Sequence
from typing import Final

from verify_service.rate_limits.model import Client
from verify_service.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNKNOWN: Final = Client(network="bad-ip", neighbourhood="bad-ip-block")
"""One bucket for whoever comes without a readable address: junk must not buy a fresh one."""


def client_of(peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> Client:
    """Return who asks: the peer, or behind a trusted proxy the right-most hop that is not one of ours.

    `forwarded_for` are the values of X-Forwarded-For in the order received. Each proxy appends the address it saw, so
    everything left of the first stranger was written by that stranger and is not read. Total: what cannot be read is
    `UNKNOWN`, and so is the peer of a Unix socket.
    """
    address = address_of(peer, forwarded_for, trusted)
    if address is None:
        return UNKNOWN
    if address.version == 4:
        text = str(address)
        return Client(network=f"{text}/32", neighbourhood=f"{text.rpartition('.')[0]}.0/24")
    return Client(network=_block(address, 64), neighbourhood=_block(address, 48))


def address_of(peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """Return the address of whom `client_of` names; None where it cannot be read."""
    address = _parse(peer or "")
    if not forwarded_for or not _is_trusted(address, trusted):
        return address
    for hop in reversed(",".join(forwarded_for).split(",")):
        address = _parse(hop.strip())
        if not _is_trusted(address, trusted):
            break
    return address


def _is_trusted(address: Address | None, trusted: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in trusted)


def _parse(text: str) -> Address | None:
    """Return the address; an IPv4-mapped one as IPv4, or each client would have two buckets."""
    # A zone (`fe80::1%anything`) is free text in an address.
    if "%" in text:
        return None
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _block(address: ipaddress.IPv6Address, bits: int) -> str:
    """Return the network around an address, e.g. `2001:db8::/48`."""
    host_bits = address.max_prefixlen - bits
    return f"{ipaddress.IPv6Address(int(address) >> host_bits << host_bits)}/{bits}"
