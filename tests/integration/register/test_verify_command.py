"""`verify` against a running service, from a machine that has neither its database nor its keys."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.artefacts import qr_picture
from tests.conftest import PUBLIC_URL
from tests.office import Office, Ran, environment_of, run_command
from tests.registers import Certificate
from tests.serving import Serving, command, free_port, limits_environment, running
from verify_service.settings import PREFIX, Settings

Certificates = Mapping[str, Certificate]
EXIT_CODES = {"valid": 0, "revoked": 3, "superseded": 3}


@pytest.fixture(scope="module")
def service(site: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The register `published`, served from another address than it was issued under."""
    port = free_port()
    environment = environment_of(site) | limits_environment(site) | moved_to(f"http://127.0.0.1:{port}")
    folder = tmp_path_factory.mktemp("serving")
    with running(command("serve", "--port", str(port)), environment, port, folder) as served:
        yield served


def moved_to(url: str) -> dict[str, str]:
    return {PREFIX + "PUBLIC_URL": url, PREFIX + "FORMER_PUBLIC_URLS": PUBLIC_URL}


def verify(service: Serving, *arguments: str, stdin: str = "") -> Ran:
    return run_command(moved_to(service.url), "verify", *arguments, "--json", stdin=stdin)


def drawn(site: Settings, folder: Path, number: str, *options: str) -> str:
    path = str(folder / f"{number}.pdf")
    assert Office(site, folder).run("certificates", "pdf", number, "-o", path, *options).code == 0
    return path


def details(ran: Ran) -> dict[str, str]:
    return {made["check"]: made["detail"] for made in ran.json["checks"]}


@pytest.mark.parametrize("edition", ["full", "masked"])
@pytest.mark.parametrize(
    ("which", "outcome"),
    [
        ("valid", "valid"),
        ("revoked-holder_request", "revoked"),
        ("old", "superseded"),
        ("new", "valid"),
        ("twofold-0", "valid"),
    ],
)
def test_a_pdf_is_what_the_register_says_of_it(
    which: str,
    outcome: str,
    edition: str,
    service: Serving,
    site: Settings,
    certificates: Certificates,
    tmp_path: Path,
) -> None:
    certificate = certificates[which]

    ran = verify(service, drawn(site, tmp_path, certificate.number, "--edition", edition))

    assert (ran.code, ran.json["outcome"]) == (EXIT_CODES[outcome], outcome)
    assert (ran.json["certificate"]["name"], ran.json["certificate"]["sex"]) == (certificate.name, certificate.sex)
    told = details(ran)
    assert (told["registry"], told["text"], told["record"]) == ("ON_REGISTER", "TEXT_AGREES", "RECORD_INTACT")
    assert told["pdfSignature"] == "PDF_SIGNED_BY_ISSUER"


def test_record_qr_text_picture_and_address_lead_to_the_same_answer(
    service: Serving, certificates: Certificates, tmp_path: Path
) -> None:
    certificate = certificates["first"]
    record = tmp_path / "record.json"
    with service.client() as client:
        record.write_bytes(client.get(f"/v/{certificate.token}/record.json").content)
    picture = tmp_path / "qr.png"
    picture.write_bytes(qr_picture(certificate.qr))
    address = f"{PUBLIC_URL}/v/{certificate.token}"

    ran = verify(service, str(record), certificate.qr, str(picture), address)

    assert ran.code == 3
    assert [verdict["outcome"] for verdict in ran.json] == ["superseded"] * 4
    assert {verdict["certificate"]["supersededBy"] for verdict in ran.json} == {certificates["third"].number}


def test_an_address_that_opens_nothing_is_not_found(service: Serving) -> None:
    ran = verify(service, f"{PUBLIC_URL}/v/0000000000000000", f"{service.url}/v/nonsense")

    assert (ran.code, [verdict["outcome"] for verdict in ran.json]) == (1, ["not_found"] * 2)


def test_the_published_keys_verify_offline(service: Serving, certificates: Certificates, tmp_path: Path) -> None:
    with service.client() as client:
        for name in ("did.json", "jwks.json"):
            (tmp_path / name).write_bytes(client.get(f"/.well-known/{name}").content)

    ran = run_command({}, "verify", "-", "--keys", str(tmp_path), "--offline", "--json", stdin=certificates["valid"].qr)

    assert (ran.code, ran.json["outcome"], details(ran)["registry"]) == (0, "valid", "NOT_ASKED")


def test_a_record_of_another_service_is_invalid(service: Serving, certificates: Certificates) -> None:
    other = certificates["valid"].qr.replace(PUBLIC_URL, "https://rz.example.cn")

    ran = verify(service, other)

    assert (ran.code, ran.json["outcome"], details(ran)["record"]) == (1, "invalid", "OTHER_SITE")


def test_what_is_printed_is_what_the_api_answers(service: Serving, certificates: Certificates) -> None:
    with service.client() as client:
        answered = client.post("/api/v1/verifications", json={"qr": certificates["valid"].qr})

    assert answered.status_code == 200
    assert json.loads(answered.content) == verify(service, certificates["valid"].qr).json
