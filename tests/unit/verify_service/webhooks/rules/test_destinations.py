"""Where a delivery may go: an https URL, read in one way only, and addresses of the public internet alone."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify_service.errors import UsageError
from verify_service.webhooks.model import Destination
from verify_service.webhooks.rules.destinations import is_open, parse_destination

READ = {
    "https://example.com": ("https", "example.com", 443, "/"),
    "https://example.com:443/hook": ("https", "example.com", 443, "/hook"),
    "https://EXAMPLE.com:8443/a/b?c=d&e": ("https", "example.com", 8443, "/a/b?c=d&e"),
    "https://xn--fiq228c.example/%E4%B8%AD": ("https", "xn--fiq228c.example", 443, "/%E4%B8%AD"),
    "https://8.8.8.8/hook": ("https", "8.8.8.8", 443, "/hook"),
    "HTTPS://example.com?x": ("https", "example.com", 443, "/?x"),
}
REFUSED = [
    *("", "example.com", "//example.com", "https:", "https://", "https:///hook", "https:example.com", "https://.com"),
    *("http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "unix:/run/x"),
    *("https://me@example.com/", "https://me:pa55@example.com/", "https://@example.com/", "https://example.com/#a"),
    *("https://example.com#", "https://good.example\\@evil.example/", "https://good.example\t.evil.example/"),
    *("https://example.com/ hook", "https://example.com/\r\nHost: evil", "https://例子.example/", "https://[::1]/"),
    *("https://[::ffff:10.0.0.1]/", "https://example.com:22/", "https://example.com:0/", "https://example.com:80/"),
    *("https://example.com:99999/", "https://example.com:x/", "https://-a.example/", "https://a..b/", "https://a./"),
    *("https://exa%6dple.com/", "https://example.com/" + "a" * 2000, "http://127.0.0.1/", "http://localhost:8080/"),
]
INSIDE = [
    # The networks of a company, this machine, the link, and what clouds tell their machines.
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "127.255.255.254"),
    *("169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "203.0.113.9"),
    *("fd00:ec2::254", "::", "::1", "fe80::1", "fc00::1", "fdff::1", "ff02::1", "fec0::1", "100::1"),
    *("2001:db8::1", "3fff::1"),
    "0.0.0.0",  # noqa: S104  # nothing is bound to it
    # IPv4 addresses in IPv6: mapped, compatible, NAT64 (both prefixes), 6to4, Teredo, ISATAP on the link.
    *("::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"),
    *("2002:a00:1::", "2002:7f00:1::1", "2001:0:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fe80::5efe:a00:1"),
]
OUTSIDE = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.167.255.255", "223.255.255.254", "2606:4700::1111"]


@pytest.mark.parametrize(("url", "parts"), READ.items())
def test_a_url_is_read_in_its_parts(url: str, parts: tuple[str, str, int, str]) -> None:
    assert parse_destination(url, loopback=False) == Destination(*parts)  # type: ignore[arg-type]  # a literal


@pytest.mark.parametrize("url", REFUSED)
def test_another_url_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_destination(url, loopback=False)

    assert refused.value.code == "WEBHOOK_URL"
    assert "pa55" not in refused.value.message


def test_plain_http_leads_to_this_machine_alone_and_only_where_the_site_is_there_too() -> None:
    assert parse_destination("http://127.0.0.1:8080/", loopback=True).origin == "http://127.0.0.1:8080"
    for url in ("http://example.com/", "http://127.0.0.2:8080/", "http://localhost.example:8080/"):
        with pytest.raises(UsageError):
            parse_destination(url, loopback=True)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for url in (text, "https://" + text, "https://example.com/" + text):
        try:
            destination = parse_destination(url, loopback=False)
        except UsageError:
            continue
        assert destination.path.isascii()
        assert destination.path.isprintable()
        assert destination.scheme == "https"


@pytest.mark.parametrize("address", INSIDE)
def test_no_delivery_goes_inside(address: str) -> None:
    assert not is_open(ipaddress.ip_address(address), loopback=False)


@pytest.mark.parametrize("address", OUTSIDE)
def test_deliveries_go_to_the_public_internet(address: str) -> None:
    assert is_open(ipaddress.ip_address(address), loopback=False)


def test_only_this_machine_is_opened_for_a_site_on_loopback() -> None:
    opened = {address for address in INSIDE if is_open(ipaddress.ip_address(address), loopback=True)}

    assert opened == {"127.0.0.1", "127.255.255.254", "::1"}


@given(st.ip_addresses())
def test_what_is_open_is_what_the_standard_library_too_calls_global(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_open(address, loopback=False):
        assert address.is_global
        assert not any((address.is_multicast, address.is_reserved, address.is_private, address.is_link_local))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_address_opens_nothing(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for embedded in (
        *(0xFFFF << 32 | number, number, 0x64FF9B << 96 | number, 0x64FF9B0001 << 80 | number),
        *(0x2002 << 112 | number << 80, 0x2001 << 112 | number ^ 0xFFFFFFFF, 0xFE80 << 112 | 0x5EFE << 32 | number),
    ):
        assert not is_open(ipaddress.IPv6Address(embedded), loopback=False)
