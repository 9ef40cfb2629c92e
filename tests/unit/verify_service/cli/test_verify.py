"""`verify` without a network: what it is pointed at, what it prints, how it exits."""

import os
import threading
from pathlib import Path

import pytest

from signing import did_document, jwks
from tests.artefacts import DID, ISSUER, STATEMENT, URL, pdf, qr_picture, qr_text, record, status_lists
from tests.office import Ran, run_command
from tests.receipts import RECEIPT_ISSUER, receipt_pdf
from tests.serving import free_port
from verify_service.clock import now
from verify_service.settings import PREFIX


@pytest.fixture
def keys(tmp_path: Path) -> str:
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "did.json").write_bytes(did_document(DID, ISSUER.keys))
    (folder / "jwks.json").write_bytes(jwks(ISSUER.keys))
    return str(folder)


def written(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def offline(keys: str, *arguments: str, stdin: str = "") -> Ran:
    return run_command({}, "verify", *arguments, "--keys", keys, "--offline", "--json", stdin=stdin)


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.pdf", pdf()), ("a.json", record()), ("a.png", qr_picture(qr_text())), ("a", qr_text().encode())],
)
def test_each_kind_of_file_verifies_offline_and_names_what_was_skipped(
    name: str, data: bytes, keys: str, tmp_path: Path
) -> None:
    ran = offline(keys, written(tmp_path, name, data))

    assert (ran.code, ran.json["outcome"], ran.json["certificate"]["name"]) == (0, "valid", STATEMENT.name)
    skipped = {made["check"] for made in ran.json["checks"] if made["outcome"] == "skipped"}
    assert skipped >= {"status", "registry", "log", "pdfSignature"}


def test_a_qr_text_is_taken_as_argument_and_from_standard_input(keys: str) -> None:
    assert offline(keys, qr_text()).json["outcome"] == "valid"
    assert offline(keys, "-", stdin=qr_text() + "\n").json["outcome"] == "valid"


def test_a_pipe_is_read_like_a_file(keys: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    writer = threading.Thread(target=(tmp_path / "pipe.pdf").write_bytes, args=(pdf(),))
    writer.start()

    assert offline(keys, str(tmp_path / "pipe.pdf")).json["outcome"] == "valid"
    writer.join()


@pytest.mark.parametrize(
    ("bits", "code", "outcome"),
    [((), 0, "valid"), (("revocation",), 3, "revoked"), (("revocation", "refresh"), 3, "superseded")],
)
def test_status_lists_from_files_tell_the_status(
    bits: tuple[str, ...], code: int, outcome: str, keys: str, tmp_path: Path
) -> None:
    first, second = (
        written(tmp_path, f"{number}.json", data) for number, data in enumerate(status_lists(*bits, at=now()))
    )

    ran = offline(keys, qr_text(), "--status-list", first, "--status-list", second)

    assert (ran.code, ran.json["outcome"]) == (code, outcome)


def test_a_stale_status_list_is_unverifiable(keys: str, tmp_path: Path) -> None:
    first, second = (written(tmp_path, f"{number}.json", data) for number, data in enumerate(status_lists()))

    ran = offline(keys, qr_text(), "--status-list", first, "--status-list", second)

    assert (ran.code, ran.json["outcome"]) == (4, "unverifiable")


def test_offline_too_a_pdf_with_another_id_number_is_invalid(keys: str, tmp_path: Path) -> None:
    altered = written(tmp_path, "a.pdf", pdf(id_number="11022219600229002X"))

    ran = offline(keys, altered)

    failed = [check["detail"] for check in ran.json["checks"] if check["outcome"] == "fail"]
    assert (ran.code, failed) == (1, ["ID_NUMBER_DIFFERS"])


def test_of_several_artefacts_the_worst_decides_and_each_has_its_verdict(keys: str, tmp_path: Path) -> None:
    forged = written(tmp_path, "forged.json", record(seed=1))

    ran = offline(keys, qr_text(), forged, f"{URL}/v/{STATEMENT.token}")

    assert ran.code == 1
    assert [verdict["outcome"] for verdict in ran.json] == ["valid", "invalid", "unverifiable"]


def test_people_read_the_outcome_first_and_the_signed_data(keys: str, tmp_path: Path) -> None:
    path = written(tmp_path, "a.pdf", pdf())

    chinese = run_command({}, "verify", path, "--keys", keys, "--offline")
    english = run_command({}, "verify", path, qr_text(), "--keys", keys, "--offline", "--language", "en")

    assert chinese.out.splitlines()[0] == "有效"
    assert f"姓名\t{STATEMENT.name}" in chinese.out
    assert english.out.splitlines()[:2] == [f"1. {path}", "valid"]
    assert qr_text() not in english.out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nowhere.pdf", "--keys", "KEYS", "--offline"),
        (".", "--keys", "KEYS", "--offline"),
        ("/dev/zero", "--keys", "KEYS", "--offline"),
        ("bad\0name", "--keys", "KEYS", "--offline"),
        ("ttps://rz.example.cn/v/x#x", "--keys", "KEYS", "--offline"),
        (qr_text(), "--offline"),
        (qr_text(), "--keys", "/nowhere", "--offline"),
        (qr_text(), "--keys", "KEYS", "--offline", "--status-list", "/nowhere"),
        (qr_text(),),
    ],
)
def test_wrong_usage_exits_2_and_repeats_nothing(arguments: tuple[str, ...], keys: str) -> None:
    ran = run_command({}, "verify", *(keys if argument == "KEYS" else argument for argument in arguments))

    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    assert "rz.example.cn" not in ran.err


def test_files_that_are_no_keys_exit_2(tmp_path: Path) -> None:
    for name in ("did.json", "jwks.json"):
        (tmp_path / name).write_bytes(b"{}")

    ran = run_command({}, "verify", qr_text(), "--keys", str(tmp_path), "--offline")

    assert (ran.code, "KEYS_UNREADABLE" in ran.err) == (2, True)


def test_a_sparse_file_of_a_gigabyte_is_refused_at_once(keys: str, tmp_path: Path) -> None:
    with (tmp_path / "huge.pdf").open("wb") as file:
        file.truncate(1 << 30)

    ran = offline(keys, str(tmp_path / "huge.pdf"))

    assert (ran.code, ran.json["outcome"]) == (1, "invalid")


@pytest.mark.parametrize("with_keys", [["--keys", "KEYS"], []])
def test_a_site_that_is_down_leaves_everything_unverifiable(with_keys: list[str], keys: str) -> None:
    environment = {PREFIX + "PUBLIC_URL": f"http://127.0.0.1:{free_port()}"}
    options = [keys if option == "KEYS" else option for option in with_keys]

    ran = run_command(environment, "verify", qr_text(), "--json", *options)

    assert (ran.code, ran.json["outcome"]) == (4, "unverifiable")


def test_a_receipt_is_checked_as_a_receipt_and_never_as_a_certificate(tmp_path: Path) -> None:
    published = (*ISSUER.document_keys, *RECEIPT_ISSUER.receipt_keys)
    (tmp_path / "did.json").write_bytes(did_document(DID, ISSUER.keys))
    (tmp_path / "jwks.json").write_bytes(jwks(ISSUER.keys, (), published))
    file = written(tmp_path, "receipt.pdf", receipt_pdf())
    altered = written(tmp_path, "altered.pdf", receipt_pdf() + b"%")

    ran = offline(str(tmp_path), file)
    told = run_command({}, "verify", file, "--keys", str(tmp_path), "--offline")
    refused = run_command({}, "verify", altered, "--keys", str(tmp_path), "--offline", "--language", "en")

    assert (ran.code, ran.json["outcome"], ran.json["certificate"]) == (0, "valid", None)
    assert (ran.json["receipt"]["states"]["number"], ran.json["receipt"]["now"]) == ("R20261123-7H3K9QWXYZ", None)
    assert (told.code, refused.code) == (0, 1)
    assert "回执属实" in told.out
    assert "R20261123-7H3K9QWXYZ" in told.out
    assert "receipt altered" in refused.out
