"""`POST /api/v1/verifications`: what it answers about files and QR codes, and what it refuses to read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.web.artefacts import pdf_of, qr_picture
from tests.integration.web.conftest import Client, asking
from tests.integration.web.test_problems_over_http import problem_of, take_away
from tests.registers import Certificate
from verify_service.embedded.server import EmbeddedServer
from verify_service.settings import Settings

Certificates = Mapping[str, Certificate]
PATH = "/api/v1/verifications"
STANDING = [
    ("valid", "valid"),
    ("revoked-exam_misconduct", "revoked"),
    ("old", "superseded"),
    ("third", "valid"),
]
CHECKS = ["signature", "record", "text", "status", "registry", "log", "pdfSignature"]
BOUNDARY = "form-data-boundary"


async def hand_in(client: Client, data: bytes, name: str = "artefact") -> httpx.Response:
    return await client.post(PATH, files={"file": (name, data)})


def form(*parts: str, end: str = "--") -> bytes:
    """Return a multipart body of these parts, header and content of each."""
    return "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts).encode() + f"--{BOUNDARY}{end}\r\n".encode()


@pytest.mark.parametrize(("key", "outcome"), STANDING)
async def test_record_qr_text_and_picture_of_a_certificate_have_one_answer(
    client: Client, certificates: Certificates, key: str, outcome: str
) -> None:
    certificate = certificates[key]
    record = (await client.get(f"/v/{certificate.token}/record.json")).content

    answers = [
        await hand_in(client, record),
        await hand_in(client, qr_picture(certificate.qr)),
        await hand_in(client, certificate.qr.encode()),
        await client.post(PATH, json={"qr": certificate.qr}),
    ]

    assert [answer.status_code for answer in answers] == [200] * 4
    for answer in answers:
        verdict = answer.json()
        assert list(verdict) == ["outcome", "checks", "certificate"]
        assert verdict["outcome"] == outcome
        assert [made["check"] for made in verdict["checks"]] == CHECKS
        assert (verdict["certificate"]["number"], verdict["certificate"]["name"]) == (
            certificate.number,
            certificate.name,
        )
        assert certificate.id_number not in answer.text


async def test_a_pdf_is_checked_with_the_text_on_its_page(
    client: Client, site: Settings, certificates: Certificates, tmp_path: Path
) -> None:
    verdict = (await hand_in(client, pdf_of(certificates["valid"], site, tmp_path), "证书.pdf")).json()

    assert verdict["outcome"] == "valid"
    assert [made["outcome"] for made in verdict["checks"] if made["check"] == "text"] == ["pass"]


async def test_what_was_changed_or_is_no_certificate_is_invalid(client: Client, certificates: Certificates) -> None:
    valid = certificates["valid"]
    record = (await client.get(f"/v/{valid.token}/record.json")).content

    for artefact in (
        record.replace(valid.number.encode(), certificates["third"].number.encode()),
        valid.qr.replace(valid.token, certificates["third"].token).encode(),
        qr_picture("https://example.org/v/0123456789ABCDEF"),
        b"%PDF-1.7 nothing",
        b"\x89PNG\r\n\x1a\n",
        b"text",
        b"\0" * 100_000,
        b"{" * 60_000,
    ):
        answer = await hand_in(client, artefact)
        assert (answer.status_code, answer.json()["outcome"]) == (200, "invalid")
        assert answer.json()["certificate"] is None


async def test_the_name_and_the_type_that_are_claimed_do_not_matter(client: Client, certificates: Certificates) -> None:
    picture = qr_picture(certificates["valid"].qr)

    for name, media_type in (("a.pdf", "application/pdf"), ("a.html", "text/html"), ("../../a", "x")):
        answer = await client.post(PATH, files={"file": (name, picture, media_type)})
        assert answer.json()["outcome"] == "valid"


DISPOSITION = 'Content-Disposition: form-data; name="{}"'
FILE = DISPOSITION.format("file") + '; filename="a"\r\n\r\ntext'
MALFORMED: list[Any] = [
    pytest.param(form(), id="no field"),
    pytest.param(form(FILE, FILE), id="twice"),
    pytest.param(form(FILE, DISPOSITION.format("note") + "\r\n\r\nx"), id="a second field"),
    pytest.param(form(DISPOSITION.format("upload") + '; filename="a"\r\n\r\ntext'), id="another field"),
    pytest.param(form(DISPOSITION.format("file") + "\r\n\r\ntext"), id="a text instead of a file"),
    pytest.param(form(DISPOSITION.format("qr") + "\r\n\r\ntext"), id="the form's second field"),
    pytest.param(form(*[FILE] * 20), id="twenty files"),
    pytest.param(form(FILE, end=""), id="no end"),
    pytest.param(b"", id="nothing"),
    pytest.param(b"text", id="no form"),
    pytest.param(
        form(DISPOSITION.format("file") + "\r\nContent-Type: a;charset=nobody\r\n\r\nx"), id="unknown charset"
    ),
    pytest.param(form(DISPOSITION.format("file") + "\r\n\r\n\x80").replace(b"\xc2", b""), id="broken UTF-8"),
]


@pytest.mark.parametrize("body", MALFORMED)
async def test_a_form_of_anything_but_one_file_is_refused(client: Client, body: bytes) -> None:
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}

    problem_of(await client.post(PATH, content=body, headers=headers), 400, "malformed-body")


@pytest.mark.parametrize("boundary", ["", "; boundary=", '; boundary=""', "; boundary=a\tb"])
async def test_a_form_without_a_usable_boundary_is_refused(client: Client, boundary: str) -> None:
    headers = {"Content-Type": f"multipart/form-data{boundary}"}

    problem_of(await client.post(PATH, content=form(FILE), headers=headers), 400, "malformed-body")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"qr": 1}',
        b'{"qr": null}',
        b'{"qr": "a", "file": "b"}',
        b'{"QR": "a"}',
        b"[" * 9_000,
    ],
)
async def test_json_of_anything_but_one_text_is_refused(client: Client, body: bytes) -> None:
    response = await client.post(PATH, content=body, headers={"Content-Type": "application/json"})

    problem_of(response, 400, "malformed-body")


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/pdf", "application/x-www-form-urlencoded"])
async def test_a_body_of_another_type_is_not_read(client: Client, media_type: str | None) -> None:
    headers = {} if media_type is None else {"Content-Type": media_type}

    problem_of(await client.post(PATH, content=b"a", headers=headers), 415, "unsupported-media-type")


async def test_a_file_over_ten_megabytes_is_refused(client: Client) -> None:
    problem_of(await hand_in(client, bytes(10 * 1024 * 1024 + 5000)), 413, "payload-too-large")


async def test_without_its_database_it_says_that_it_cannot_tell(
    server: EmbeddedServer, settings: Settings, database_name: str, certificates: Certificates
) -> None:
    qr = certificates["valid"].qr
    async with asking(settings) as client:
        assert (await client.post(PATH, json={"qr": qr})).json()["outcome"] == "valid"
        await take_away(server, database_name)

        response = await client.post(PATH, json={"qr": qr})

        problem_of(response, 503, "unavailable")
        assert int(response.headers["retry-after"]) > 0
