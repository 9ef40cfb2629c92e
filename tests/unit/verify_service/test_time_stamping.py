"""Time stamps, from an authority that listens on loopback."""

import asyncio
import datetime
import http.server
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from asn1crypto import keys, tsp, x509  # type: ignore[import-untyped]  # asn1crypto ships no types
from cryptography import x509 as certificates
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from pdf import SignatureField, UnsignedFile, render_certificate
from signing import TimeStampError
from signing.pades import PadesSigner
from tests.artefacts import DOCUMENT_KEY, ISSUED_AT, certificates_of, pdf_content
from verify_service.time_stamping import HttpTimeStamper

STAMPED_AT = datetime.datetime(2026, 11, 23, 3, 0, tzinfo=datetime.UTC)


def authority_certificate(key: RSAPrivateKey) -> x509.Certificate:
    name = certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, "Test Time Stamp Authority")])
    usage = certificates.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    built = (
        certificates.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2036, 1, 1, tzinfo=datetime.UTC))
        .add_extension(usage, critical=True)
        .sign(key, SHA256())
    )
    return x509.Certificate.load(built.public_bytes(Encoding.DER))


@contextmanager
def authority(body: bytes | None = None, status: int = 200) -> Iterator[tuple[str, x509.Certificate]]:
    """Lend an authority's address and certificate; `body` is said instead of what was asked for."""
    key = generate_private_key(65537, 2048)
    certificate = authority_certificate(key)
    private = keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    stamper = DummyTimeStamper(certificate, private, fixed_dt=STAMPED_AT)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(asked).dump() if body is None else body
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", certificate
        server.shutdown()
        thread.join()


def stamped(url: str) -> bytes:
    signer = PadesSigner(DOCUMENT_KEY, certificates_of(DOCUMENT_KEY), HttpTimeStamper(url))
    unsigned = UnsignedFile(render_certificate(pdf_content(), SignatureField(ISSUED_AT, signer.max_bytes)))
    return unsigned.embed(asyncio.run(signer.sign_digest(unsigned.digest)))


def test_the_signature_bears_the_time_of_the_authority() -> None:
    with authority() as (url, certificate):
        file = stamped(url)

    (signature,) = PdfFileReader(io.BytesIO(file)).embedded_signatures
    trusted = ValidationContext(trust_roots=[signature.signer_cert, certificate])
    status = validate_pdf_signature(signature, trusted)
    assert status.bottom_line
    assert status.timestamp_validity is not None
    assert (status.timestamp_validity.timestamp, status.timestamp_validity.trusted) == (STAMPED_AT, True)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 200), (b"no time stamp", 200), (bytes(100_000), 200), (b"", 500), (b"0\x03\x02\x01\x02", 200)],
)
def test_an_authority_that_gives_no_time_stamp_leaves_the_file_unsigned(body: bytes, status: int) -> None:
    with authority(body, status) as (url, _), pytest.raises(TimeStampError):
        stamped(url)


def test_an_authority_that_is_not_there_leaves_the_file_unsigned() -> None:
    with authority() as (url, _):
        pass

    with pytest.raises(TimeStampError):
        stamped(url)
