"""Posting to addresses that others chose: to the judged one, under the name that TLS proves, and no further."""

import ipaddress
import ssl
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.receivers import Answer, receiving, resolving, status, tls_of
from verify_service.webhooks.model import Destination
from verify_service.webhooks.rules.destinations import Address, parse_destination
from verify_service.webhooks.service import posting
from verify_service.webhooks.service.posting import Courier, DestinationError, Resolve, system_addresses

NAME = "receiver.example"
PLAIN = ssl.create_default_context()
BODY = b'{"type":"certificate.revoked"}'


def here(resolve: Resolve, tls: ssl.SSLContext = PLAIN) -> Courier:
    """Return a courier that may also reach this machine."""
    return Courier(tls, loopback=True, resolve=resolve)


async def post(courier: Courier, destination: Destination, **headers: str) -> str:
    async with courier.route(destination) as route:
        return await route.post(headers, BODY)


async def post_to(url: str) -> str:
    return await post(here(system_addresses), parse_destination(url, loopback=True))


async def test_the_status_is_the_outcome_and_the_body_arrives_as_it_is() -> None:
    with receiving() as receiver:
        receiver.answer_next(204, 200, 500)
        outcomes = [await post_to(receiver.url + "?a=%2F&b") for _ in range(3)]

    assert outcomes == ["204", "200", "500"]
    assert {(one.path, one.body) for one in receiver.received} == {("/hook?a=%2F&b", BODY)}
    assert receiver.received[0].headers["accept-encoding"] == "identity"


async def test_the_name_is_proved_by_tls_although_the_connection_goes_to_the_judged_address(tmp_path: Path) -> None:
    server, client = tls_of(NAME, tmp_path)
    with receiving(server) as receiver:
        destination = Destination("https", NAME, _port(receiver.url), "/hook")
        outcome = await post(here(resolving("127.0.0.1"), client), destination)

    assert outcome == "204"
    assert receiver.received[0].headers["host"] == f"{NAME}:{_port(receiver.url)}"


async def test_a_receiver_that_cannot_prove_the_name_gets_nothing(tmp_path: Path) -> None:
    server, client = tls_of("other.example", tmp_path)
    with receiving(server) as receiver:
        destination = Destination("https", NAME, _port(receiver.url), "/hook")
        outcomes = [await post(here(resolving("127.0.0.1"), tls), destination) for tls in (client, PLAIN)]

    assert outcomes == ["CONNECTION_FAILED"] * 2
    assert receiver.received == []


async def test_a_name_whose_addresses_change_after_they_were_judged_reaches_only_the_judged_one(tmp_path: Path) -> None:
    server, client = tls_of(NAME, tmp_path)
    resolve = resolving("127.0.0.1", "10.0.0.1")
    with receiving(server) as receiver:
        destination = Destination("https", NAME, _port(receiver.url), "/hook")
        outcome = await post(here(resolve, client), destination)
        with pytest.raises(DestinationError) as refused:
            await post(here(resolve, client), destination)

    assert (outcome, refused.value.code) == ("204", "ADDRESS_REFUSED")
    assert len(receiver.received) == 1


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "127.0.0.1"])
async def test_a_public_name_of_an_address_inside_is_refused_before_anything_is_sent(address: str) -> None:
    courier = Courier(PLAIN, loopback=False, resolve=resolving(address))

    with pytest.raises(DestinationError) as refused:
        await post(courier, Destination("https", NAME, 443, "/"))

    assert refused.value.code == "ADDRESS_REFUSED"
    assert address not in refused.value.message


async def test_one_address_inside_closes_a_name_whose_others_are_outside() -> None:
    async def both(_host: str, _port: int) -> list[Address]:
        return [ipaddress.ip_address("8.8.8.8"), ipaddress.ip_address("10.0.0.1")]

    with pytest.raises(DestinationError):
        await Courier(PLAIN, loopback=False, resolve=both).open_addresses(Destination("https", NAME, 443, "/"))


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
async def test_another_spelling_of_an_address_inside_is_the_same_address(host: str) -> None:
    courier = Courier(PLAIN, loopback=False, resolve=system_addresses)

    with pytest.raises(DestinationError) as refused:
        await courier.open_addresses(parse_destination(f"https://{host}/", loopback=False))

    assert refused.value.code == "ADDRESS_REFUSED"


async def test_a_name_without_an_address_is_refused() -> None:
    async def fail(_host: str, _port: int) -> list[Address]:
        raise OSError

    for resolve in (fail, system_addresses):
        with pytest.raises(DestinationError) as refused:
            await here(resolve).open_addresses(Destination("https", "nobody.invalid", 443, "/"))
        assert refused.value.code == "DNS_FAILED"


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(code: int) -> None:
    with receiving() as inside, receiving() as receiver:
        receiver.answer_next(status(code, Location=inside.url))
        outcome = await post_to(receiver.url)

    assert outcome == str(code)
    assert inside.received == []


async def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        outcome = await post_to(receiver.url)

    assert outcome == "204"
    assert proxy.received == []


async def test_the_next_address_is_tried_where_the_first_accepts_no_connection() -> None:
    async def two(_host: str, _port: int) -> list[Address]:
        return [ipaddress.ip_address("127.0.0.2"), ipaddress.ip_address("127.0.0.1")]

    with receiving() as receiver:  # listens on 127.0.0.1 alone
        destination = Destination("http", "localhost", _port(receiver.url), "/hook")
        assert await post(here(two), destination) == "204"


async def test_nobody_listening_is_an_outcome() -> None:
    with receiving() as receiver:
        url = receiver.url
    assert await post_to(url) == "CONNECTION_FAILED"


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    sent = threading.Event()

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            sent.set()
            raise

    with receiving() as receiver:
        receiver.answer_next(flood)
        assert await post_to(receiver.url) == "200"
        assert sent.wait(60)


def dribble(handler: BaseHTTPRequestHandler) -> None:
    """Begin an answer and add a byte now and then, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    pause = threading.Event()
    while not pause.wait(0.05):
        handler.wfile.write(b"x")


def endless_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X: " + b"x" * 1000 + b"\r\n")


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def say_nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 mail.example ESMTP\r\n")
    handler.close_connection = True


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (dribble, "TIMED_OUT"),
        (endless_headers, "BROKEN_ANSWER"),
        (hang_up, "BROKEN_ANSWER"),
        (say_nonsense, "BROKEN_ANSWER"),
    ],
)
async def test_an_answer_that_is_none_is_an_outcome(
    answer: Answer, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ATTEMPT_SECONDS", 1.0)
    with receiving() as receiver:
        receiver.answer_next(answer)
        assert await post_to(receiver.url) == outcome


def _port(url: str) -> int:
    return parse_destination(url.replace("https", "http"), loopback=True).port
