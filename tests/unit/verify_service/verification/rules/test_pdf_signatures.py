"""What the signature inside a PDF says when the file is handed in."""

import io

import msgspec
import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from tests.artefacts import ISSUER, pdf, signed_pdf
from verify_service.verification.rules.artefacts import read_artefact
from verify_service.verification.rules.pdf_signatures import check_signature, read_signature

SIGNED = signed_pdf()
READ = read_artefact(io.BytesIO(SIGNED))


def said(file: bytes) -> tuple[str, str]:
    check = check_signature(read_artefact(io.BytesIO(file)), ISSUER)
    return check.outcome, check.detail


def saved_again(file: bytes) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(file)) as document:
        document.save(written)
    return written.getvalue()


def test_our_signature_over_our_file_passes() -> None:
    assert said(SIGNED) == ("pass", "PDF_SIGNED_BY_ISSUER")


def test_a_file_without_one_is_older_or_a_copy() -> None:
    assert said(pdf()) == ("skipped", "NO_PDF_SIGNATURE")


def test_a_changed_byte_fails() -> None:
    at = SIGNED.index(b"/Subject") + 12
    changed = SIGNED[:at] + bytes([SIGNED[at] ^ 1]) + SIGNED[at + 1 :]

    assert said(changed) == ("fail", "PDF_ALTERED")


def test_what_is_appended_fails() -> None:
    assert said(SIGNED + b"\n") == ("fail", "PDF_ALTERED")


def test_a_file_that_another_program_saved_again_is_not_as_we_signed_it() -> None:
    assert said(saved_again(SIGNED))[0] != "pass"


def test_another_s_signature_says_nothing() -> None:
    assert said(signed_pdf(generate_private_key(SECP256R1()))) == ("skipped", "PDF_SIGNED_BY_OTHERS")


def test_a_key_that_was_stolen_says_nothing() -> None:
    without = msgspec.structs.replace(ISSUER, document_keys=())

    assert check_signature(read_artefact(io.BytesIO(SIGNED)), without).detail == "PDF_SIGNED_BY_OTHERS"


def test_a_signature_taken_from_another_file_fails() -> None:
    other = signed_pdf(name="王芳")
    start, end = (SIGNED.index(b"/Contents <") + 11, SIGNED.index(b"> >>", SIGNED.index(b"/Contents <")))
    theirs = other.index(b"/Contents <") + 11

    assert said(SIGNED[:start] + other[theirs : theirs + end - start] + SIGNED[end:]) == ("fail", "PDF_ALTERED")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"/ByteRange [0 ", b"/ByteRange [1 "),
        (b"/ByteRange [0 ", b"/ByteRange [0 9"),
        (b"/Contents <30", b"/Contents <zz"),
        (b"/Contents <30", b"/Contents <ff"),
        (b"/Contents <30", b"/Contents <00"),
    ],
)
def test_a_bent_signature_is_none_of_ours(old: bytes, new: bytes) -> None:
    assert old in SIGNED

    assert check_signature_of(SIGNED.replace(old, new, 1)) != "pass"


def check_signature_of(file: bytes) -> str:
    artefact = msgspec.structs.replace(READ, pdf_signature=read_signature(file))
    return check_signature(artefact, ISSUER).outcome


def test_no_flipped_bit_crashes_or_passes_where_it_counts() -> None:
    """Of the certificate and the frame around it nothing is believed: which key is ours, the register says."""
    start = SIGNED.index(b"/Contents <") + 11
    written = SIGNED[start : SIGNED.index(b"0" * 64, start)]
    der = bytes.fromhex(written[: len(written) // 2 * 2].decode())
    found = read_signature(SIGNED)
    counting = {der.rindex(part) + at for part in (found.signature[:-1], found.signed[2:-1]) for at in range(len(part))}
    accepted = set()
    for bit in range(0, len(der) * 8, 3):
        bent = bytearray(der)
        bent[bit // 8] ^= 1 << bit % 8
        file = SIGNED[:start] + bent.hex().encode() + SIGNED[start + 2 * len(bent) :]
        if check_signature_of(file) == "pass":
            accepted.add(bit // 8)

    assert not accepted & counting
