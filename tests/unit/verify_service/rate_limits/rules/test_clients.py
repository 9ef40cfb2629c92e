"""Under which name a request is counted, whatever its headers claim."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_service.rate_limits.model import Client
from verify_service.rate_limits.rules.clients import UNKNOWN, client_of

PROXIES = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8:ffff::/48"))


@pytest.mark.parametrize(
    ("peer", "client"),
    [
        ("192.0.2.7", Client("192.0.2.7/32", "192.0.2.0/24")),
        ("2001:db8:1:2:3:4:5:6", Client("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("2001:db8:1:2:ffff::1", Client("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("2001:DB8:1:2:0:0:0:1", Client("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("::ffff:192.0.2.7", Client("192.0.2.7/32", "192.0.2.0/24")),
        ("'; drop", UNKNOWN),
        ("", UNKNOWN),
        (None, UNKNOWN),
        ("192.0.2.7:443", UNKNOWN),
        ("192.0.2.007", UNKNOWN),
        ("１９２.0.2.7", UNKNOWN),
        ("fe80::1%anything", UNKNOWN),
    ],
)
def test_a_peer_is_counted_as_its_network_and_neighbourhood(peer: str | None, client: Client) -> None:
    assert client_of(peer, (), ()) == client


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "network"),
    [
        # A stranger's header is not read at all.
        ("192.0.2.7", ["198.51.100.1"], "192.0.2.7/32"),
        # Behind a proxy the right-most stranger asks; what stands left of him is what he wrote.
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1/32"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1/32"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1"], "198.51.100.1/32"),
        ("10.0.0.1", ["198.51.100.1, 10.0.0.2, 10.9.9.9"], "198.51.100.1/32"),
        ("10.0.0.1", ["198.51.100.1, ::ffff:10.0.0.2"], "198.51.100.1/32"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1/32"),
        ("2001:db8:ffff::1", ["2001:db8:1:2::9"], "2001:db8:1:2::/64"),
        # A proxy that speaks for itself is its own client.
        ("10.0.0.1", [], "10.0.0.1/32"),
        ("10.0.0.1", ["10.0.0.2"], "10.0.0.2/32"),
        # Junk is never skipped: it would let the client choose what stands left of it.
        ("10.0.0.1", ["198.51.100.1, '; drop"], UNKNOWN.network),
        ("10.0.0.1", ["198.51.100.1,"], UNKNOWN.network),
        ("10.0.0.1", [""], UNKNOWN.network),
        ("10.0.0.1", ["198.51.100.1:80"], UNKNOWN.network),
    ],
)
def test_only_a_trusted_proxy_names_the_client(peer: str, forwarded_for: list[str], network: str) -> None:
    assert client_of(peer, forwarded_for, PROXIES).network == network


@given(st.text())
def test_nothing_a_client_writes_changes_who_it_is_behind_a_proxy(claim: str) -> None:
    assert client_of("10.0.0.1", [f"{claim}, 198.51.100.1"], PROXIES).network == "198.51.100.1/32"


@given(st.one_of(st.none(), st.text(), st.ip_addresses().map(str)), st.lists(st.text()))
def test_every_request_is_counted_under_names_that_are_not_empty(peer: str | None, forwarded_for: list[str]) -> None:
    client = client_of(peer, forwarded_for, PROXIES)

    assert client.network
    assert client.neighbourhood
    assert client.network != client.neighbourhood
