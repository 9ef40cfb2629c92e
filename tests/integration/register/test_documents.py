"""Certificates as files: what the full edition shows, what the masked one hides, and what a class's ZIP holds."""

import base64
import datetime
import hashlib
import io
import json
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
import pytest
import zxingcpp
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from signing import generate_document_key, self_signed_certificate
from tests.factories import sample_people, trainee
from tests.office import Office
from verify_service.clock import today_in_shanghai
from verify_service.settings import PREFIX
from verify_service.subjects.rules.masks import mask_id_number

BESIDES = ["证书清单.xlsx", "SHA256SUMS.txt"]
ID_NUMBERS = {person.name: person.id_number for people in sample_people().values() for person in people}


def pdf(office: Office, number: str, edition: str = "full") -> bytes:
    file = office.folder / f"{edition}.pdf"
    ran = office.run("certificates", "pdf", number, "--edition", edition, "-o", str(file))
    assert (ran.code, ran.err) == (0, "")
    return file.read_bytes()


def text_of(file: bytes) -> str:
    return re.sub(r"\s", "", str(pypdfium2.PdfDocument(file)[0].get_textpage().get_text_range()))


def parts_of(file: bytes) -> Iterator[bytes]:
    """Yield every byte string a reader could come across: the file itself, and each stream and string decoded."""
    yield file
    with pikepdf.open(io.BytesIO(file)) as document:
        for part in document.objects:
            if isinstance(part, pikepdf.Stream):
                yield part.read_raw_bytes()
                if part.get("/Filter") != "/DCTDecode":
                    yield part.read_bytes()
            yield part.unparse(resolved=True)


@pytest.mark.parametrize("cohort", ["operator", "host"])
def test_the_full_edition_shows_name_number_date_and_id_number(sample: Office, cohort: str) -> None:
    line = sample.list("--cohort", cohort)[0]
    today = today_in_shanghai()

    text = text_of(pdf(sample, line["number"]))

    assert line["name"].replace(" ", "") in text
    assert line["number"] in text
    assert ID_NUMBERS[line["name"]] in text
    assert f"{today.year}年{today.month}月{today.day}日" in text


def test_the_masked_edition_has_the_id_number_nowhere(sample: Office) -> None:
    line = sample.list("--cohort", "host")[0]
    id_number = ID_NUMBERS[line["name"]]
    forms = {id_number.encode(), id_number.encode("utf-16-be"), base64.b64encode(id_number.encode()).rstrip(b"=")}

    file = pdf(sample, line["number"], "masked")

    assert mask_id_number(id_number) in text_of(file)
    assert line["name"] in text_of(file)
    for part in parts_of(file):
        assert not any(form in part or form.hex().encode() in part.lower() for form in forms)


def test_a_search_of_the_full_edition_would_have_found_it(sample: Office) -> None:
    line = sample.list("--cohort", "host")[0]

    assert ID_NUMBERS[line["name"]] in text_of(pdf(sample, line["number"]))


@pytest.mark.parametrize("edition", ["full", "masked"])
def test_the_printed_symbol_reads_as_the_listed_qr_text(sample: Office, edition: str) -> None:
    line = sample.list("--cohort", "operator")[1]
    picture = pypdfium2.PdfDocument(pdf(sample, line["number"], edition))[0].render(scale=150 / 72).to_pil()

    assert [symbol.text for symbol in zxingcpp.read_barcodes(picture)] == [line["qr"]]


def test_the_zip_of_a_class_has_every_valid_certificate_and_no_other(sample: Office) -> None:
    revoked, corrected, *others = sample.list("--cohort", "host")
    sample.run("certificates", "revoke", revoked["number"], "--reason", "holder_request")
    correction = ("--name", sample.private("林新名"), "--note", "-", "--json")
    new = sample.run("certificates", "correct", corrected["number"], *correction, stdin="x").json["number"]
    file = sample.folder / "host.zip"

    ran = sample.run("certificates", "export", "--cohort", "host", "-o", str(file))

    assert ran.code == 0
    with zipfile.ZipFile(file) as archive:
        assert sorted(archive.namelist()) == sorted(
            [f"林新名_{new}.pdf", *(f"{line['name']}_{line['number']}.pdf" for line in others), *BESIDES]
        )
        for line in others[:2]:
            assert line["number"] in text_of(archive.read(f"{line['name']}_{line['number']}.pdf"))


def test_a_name_cannot_lead_a_file_out_of_its_folder(office: Office) -> None:
    ann = trainee(name="O'Brien J. Smith")
    office.enrol_passed([ann])
    office.issue()
    file = office.folder / "c1.zip"

    office.run("certificates", "export", "--cohort", "C1", "-o", str(file))

    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == [f"OBrien J Smith_{office.list()[0]['number']}.pdf", *BESIDES]


@pytest.mark.parametrize("command", [("pdf", "NUMBER"), ("export", "--cohort", "host")])
def test_files_with_full_id_numbers_are_their_owners_alone(sample: Office, command: tuple[str, ...]) -> None:
    arguments = [sample.list("--cohort", "host")[0]["number"] if word == "NUMBER" else word for word in command]
    file = sample.folder / "out"
    for name in ("out", "out.part"):
        sample.write(name, "an older file, open to others")
        (sample.folder / name).chmod(0o666)

    assert sample.run("certificates", *arguments, "-o", str(file)).code == 0

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not (sample.folder / "out.part").exists()


@pytest.mark.parametrize("place", ["/nonexistent/folder/file", "/etc/passwd/file"])
@pytest.mark.parametrize("command", [("pdf", "NUMBER"), ("export", "--cohort", "host")])
def test_a_place_that_cannot_be_written_to_is_refused_in_one_line(
    sample: Office, command: tuple[str, ...], place: str
) -> None:
    number = sample.list("--cohort", "host")[0]["number"]
    arguments = [number if word == "NUMBER" else word for word in command]

    ran = sample.run("certificates", *arguments, "-o", place)

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "UNWRITABLE_FILE" in ran.err


def test_an_export_that_fails_leaves_nothing_under_its_name(
    sample: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", fail)

    ran = sample.run("certificates", "export", "--cohort", "host", "-o", str(tmp_path / "host.zip"))

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert not list(tmp_path.glob("host.zip*"))


def attached(file: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(file)) as document:
        return {name: part.get_file().read_bytes() for name, part in document.attachments.items()}


def test_the_salt_is_in_the_full_edition_alone_and_proves_the_id_number(sample: Office) -> None:
    line = sample.list("--cohort", "operator")[0]

    full, masked = attached(pdf(sample, line["number"])), attached(pdf(sample, line["number"], "masked"))

    salt = json.loads(full["certificate.salt.json"])["salt"]
    person = json.loads(full["certificate.vc.json"])["credentialSubject"]["identifier"]
    proof = hashlib.sha256((ID_NUMBERS[line["name"]] + salt).encode()).hexdigest()
    assert f"sha256${proof}" in [one["identityHash"] for one in person]
    assert masked.keys() == {"certificate.vc.json"}
    assert all(salt.encode() not in part for part in parts_of(pdf(sample, line["number"], "masked")))


def test_a_certificate_is_the_same_file_whenever_it_is_drawn(sample: Office) -> None:
    number = sample.list("--cohort", "operator")[0]["number"]

    assert pdf(sample, number) == pdf(sample, number)


@pytest.mark.parametrize("edition", ["full", "masked"])
def test_every_file_bears_the_issuers_signature(sample: Office, edition: str) -> None:
    file = pdf(sample, sample.list("--cohort", "operator")[0]["number"], edition)

    (signature,) = PdfFileReader(io.BytesIO(file)).embedded_signatures
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[signature.signer_cert]))
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE


def test_without_the_key_for_pdfs_nothing_is_drawn(sample: Office, tmp_path: Path) -> None:
    number = sample.list("--cohort", "operator")[0]["number"]
    (certificate,) = key_dir(sample).glob("*-p1.crt")
    certificate.rename(tmp_path / certificate.name)

    ran = sample.run("certificates", "pdf", number, "-o", str(tmp_path / "x.pdf"))

    (tmp_path / certificate.name).rename(certificate)
    assert (ran.code, certificate.name in ran.err) == (2, True)


def test_a_chain_of_an_authority_takes_the_place_of_our_own_certificate(sample: Office, tmp_path: Path) -> None:
    number = sample.list("--cohort", "operator")[0]["number"]
    (own,) = key_dir(sample).glob("*-p1.crt")
    kept = own.read_bytes()
    key = x509.load_pem_x509_certificate(kept).public_key()
    own.write_bytes(chain_for(key))

    file = pdf(sample, number)

    own.write_bytes(kept)
    (signature,) = PdfFileReader(io.BytesIO(file)).embedded_signatures
    assert signature.signer_cert.issuer.human_friendly == "Common Name: Test Authority"
    assert len(signature.other_embedded_certs) == 1


def test_another_keys_certificate_is_refused(sample: Office, tmp_path: Path) -> None:
    number = sample.list("--cohort", "operator")[0]["number"]
    (own,) = key_dir(sample).glob("*-p1.crt")
    kept = own.read_bytes()
    own.write_bytes(self_signed_certificate(generate_document_key(), "x", today_in_shanghai()))

    ran = sample.run("certificates", "pdf", number, "-o", str(tmp_path / "x.pdf"))

    own.write_bytes(kept)
    assert (ran.code, "another key" in ran.err) == (2, True)


def key_dir(office: Office) -> Path:
    return Path(office.environment[f"{PREFIX}KEY_DIR"])


def chain_for(public_key: Any) -> bytes:  # noqa: ANN401  # any kind of key
    """Return the PEM of a certificate of the key and of the authority that issued it."""
    authority, start = generate_document_key(), datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Test Authority", "Centre")]
    built = [
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(names[0])
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start.replace(year=2036))
        .sign(authority, SHA256())
        for name, key in zip(names, (authority.public_key(), public_key), strict=True)
    ]
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in reversed(built))
