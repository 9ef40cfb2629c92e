"""Somebody who receives webhooks: a server on this machine that keeps what it was sent and answers as it is told."""

import datetime
import ipaddress
import queue
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PATIENCE_SECONDS: Final = 60
Answer = Callable[[BaseHTTPRequestHandler], None]


class Received(msgspec.Struct, frozen=True):
    """One request."""

    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401  # whatever was sent
        return msgspec.json.decode(self.body)


class Receiver:
    """What was received so far, and what is answered next; 204 where nothing else was asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.received: list[Received] = []
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._arrived = threading.Condition()

    def answer_next(self, *answers: int | Answer) -> None:
        """Answer the next requests so, in their order: with a status, or in any other way."""
        for one in answers:
            self._answers.put(status(one) if isinstance(one, int) else one)

    def wait_for(self, count: int) -> list[Received]:
        """Return what was received once it is so much."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.received) >= count, PATIENCE_SECONDS)
            return self.received[:count]

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Keep one request, then answer it."""
        body = handler.rfile.read(int(handler.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self._arrived:
            self.received.append(Received(handler.path, headers, body))
            self._arrived.notify_all()
        try:
            answer = self._answers.get_nowait()
        except queue.Empty:
            answer = status(204)
        answer(handler)


def status(code: int, **headers: str) -> Answer:
    """Return the answer that is nothing but a status."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def after(released: threading.Event) -> Answer:
    """Return the answer that comes once an event is set."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        released.wait(PATIENCE_SECONDS)
        status(204)(handler)

    return answer


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Lend a receiver on a free port of 127.0.0.1, over TLS if so asked."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            receiver.take(self)

        do_GET = do_POST  # noqa: N815  # a redirect that was followed would come as GET

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in the library
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ValueError):  # the sender left, was killed, or refused our certificate
                self.close_connection = True

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128  # the library's five drop what comes at once, and a second passes

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    scheme = "http" if tls is None else "https"
    receiver = Receiver(f"{scheme}://127.0.0.1:{server.server_address[1]}/hook")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def tls_of(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the TLS of a server that can prove a name, and of a client that believes it and nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cadata=certificate.public_bytes(Encoding.PEM).decode())


def resolving(*answers: str) -> Callable[[str, int], Any]:
    """Return a resolver that answers one address after the other, the last for ever, and counts nothing else."""
    left = list(answers)

    async def resolve(_host: str, _port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
        return [ipaddress.ip_address(left.pop(0) if len(left) > 1 else left[0])]

    return resolve
