"""The bytes to be signed say what their row says; one member that differs is enough to refuse them."""

import datetime

import msgspec
import pytest

from signing import format_certificate_number, format_token, qr_structure
from tests.unit.verify_service.signer.rules.conftest import CLAIMS, COSE_KID, INSTANT, INTENT, ORIGIN, document_of
from verify_service.signer.rules.contents import reason_to_refuse

LATER = INSTANT + datetime.timedelta(seconds=1)
OTHER_NUMBER = format_certificate_number("QMT", 2026, 2)
OTHER_TOKEN = bytes(range(1, 11))


def judged(document: bytes, structure: bytes) -> str | None:
    return reason_to_refuse(INTENT, ORIGIN, COSE_KID, document=document, structure=structure)


def test_bytes_that_say_what_the_row_says_are_not_refused(document: bytes, structure: bytes) -> None:
    assert judged(document, structure) is None


def test_a_certificate_recorded_before_a_move_names_the_former_address(structure: bytes) -> None:
    assert judged(document_of(public_url="https://old.example.cn"), structure) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"public_url": "https://evil.example.cn"},
        {"issuer_did": "did:web:evil.example.cn"},
        {"did": "did:web:evil.example.cn"},
        {"key_id": "2026-c2"},
        {"proved_at": LATER},
        {"valid_from": LATER},
        {"certificate_number": OTHER_NUMBER},
        {"token": format_token(OTHER_TOKEN)},
        {"kind": "online_host"},
        {"status_list": 3},
        {"status_index": 78},
        {"template_digest": bytes(32)},
    ],
)
def test_a_document_that_says_anything_else_is_refused(structure: bytes, changes: dict[str, object]) -> None:
    assert judged(document_of(**changes), structure) == "DOCUMENT_DIFFERS"  # type: ignore[arg-type]  # the fields above


@pytest.mark.parametrize("document", [b"", b"{}", b"[]", b"null", b"\xff", b'{"proof":{}}', b"[" * 100_000])
def test_bytes_that_are_no_document_are_refused(document: bytes, structure: bytes) -> None:
    assert judged(document, structure) == "DOCUMENT_DIFFERS"


def test_every_changed_byte_of_a_document_is_refused_or_stays_a_text_the_row_does_not_hold(
    document: bytes, structure: bytes
) -> None:
    at = document.index(b'"proof"')

    for place in range(at, len(document)):
        assert judged(document[:place] + b"~" + document[place + 1 :], structure) == "DOCUMENT_DIFFERS"


@pytest.mark.parametrize(
    "changes",
    [
        {"issued_at": CLAIMS.issued_at + 1},
        {"token": OTHER_TOKEN},
        {"kind_code": 2},
        {"name": "林别人"},
        {"certificate_number": OTHER_NUMBER},
        {"status_index": CLAIMS.status_index + 1},
        {"status_index": INTENT.status_index},
    ],
)
def test_a_qr_code_that_says_anything_else_is_refused(document: bytes, changes: dict[str, object]) -> None:
    other = qr_structure(msgspec.structs.replace(CLAIMS, **changes), COSE_KID)

    assert judged(document, other) == "QR_STRUCTURE_DIFFERS"


@pytest.mark.parametrize("structure", [b"", b"\x80", b"junk", qr_structure(CLAIMS, COSE_KID + 1)])
def test_another_keys_or_no_qr_structure_is_refused(document: bytes, structure: bytes) -> None:
    assert judged(document, structure) == "QR_STRUCTURE_DIFFERS"
