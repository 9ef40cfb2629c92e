"""What an artefact proves by itself."""

import msgspec
import pytest

from signing import parse_token
from tests.artefacts import ISSUER, TOKEN, URL, qr_text, record
from verify_service.verification.model import Artefact
from verify_service.verification.rules.evidence import RefutedError, examine

OTHER_TOKEN = "0000000000000000"
OTHER_URL = "https://rz.example.com"
QR = qr_text()


def test_a_record_and_its_own_qr_code_are_evidence_of_one_certificate() -> None:
    evidence = examine(Artefact((QR, "https://pay.example.com/123"), record()), ISSUER)

    assert evidence.token == TOKEN
    assert evidence.statement is not None
    assert evidence.claims is not None
    assert not evidence.is_compromised


def test_an_address_alone_leads_to_a_certificate_and_proves_nothing() -> None:
    for address in (f"{URL}/v/{TOKEN}", f"{URL}/v/{TOKEN}/record.json", f"{URL}/v/{TOKEN}?lang=en"):
        evidence = examine(Artefact((address,)), ISSUER)

        assert (evidence.token, evidence.is_signed) == (TOKEN, False)


def test_a_former_address_is_as_good() -> None:
    moved = msgspec.structs.replace(ISSUER, origins=("https://new.example.cn", URL))

    assert examine(Artefact((QR,)), moved).is_signed


@pytest.mark.parametrize(
    ("artefact", "refuted"),
    [
        (Artefact(), "record NO_CERTIFICATE"),
        (Artefact(("weixin",)), "record NO_CERTIFICATE"),
        (Artefact((URL,)), "record NO_CERTIFICATE"),
        (Artefact((f"{URL}/verify",)), "record NO_CERTIFICATE"),
        (Artefact(("https://example.com/",)), "record OTHER_SITE"),
        (Artefact((f"{OTHER_URL}/v/{TOKEN}",)), "record OTHER_SITE"),
        (Artefact((QR.replace(URL, OTHER_URL),)), "record OTHER_SITE"),
        (Artefact((QR.replace(URL, URL + "@example.com"),)), "record OTHER_SITE"),
        (Artefact((QR.replace(URL, URL + ":444"),)), "record OTHER_SITE"),
        (Artefact((QR.replace("https", "http"),)), "record OTHER_SITE"),
        (Artefact((QR.replace("https", "HTTPS"),)), "record OTHER_SITE"),
        (Artefact((f"{OTHER_URL}/v/{TOKEN}",), record()), "record OTHER_SITE"),
        (Artefact((f"{OTHER_URL}/",), record()), "record OTHER_SITE"),
        (Artefact((QR, qr_text(token=parse_token(OTHER_TOKEN)))), "record SEVERAL_CERTIFICATES"),
        (Artefact((QR, QR.replace(URL, OTHER_URL))), "record SEVERAL_CERTIFICATES"),
        (Artefact((QR + "A",)), "record QR_MALFORMED"),
        (Artefact((QR[:-40],)), "record QR_MALFORMED"),
        (Artefact((f"{URL}/v/{TOKEN}#",)), "record QR_MALFORMED"),
        (Artefact((f"{URL}/v/{TOKEN}#" + "A" * 4000,)), "record QR_MALFORMED"),
        (Artefact((QR.replace(TOKEN, OTHER_TOKEN),)), "record QR_MALFORMED"),
        (Artefact((QR.replace(TOKEN, TOKEN.lower()),)), "record QR_MALFORMED"),
        (Artefact((qr_text(issued_at=2**53 - 1),)), "record QR_MALFORMED"),
        (Artefact((qr_text(seed=1),)), "signature SIGNATURE_BROKEN"),
        (Artefact((qr_text(),), record(token=OTHER_TOKEN)), "record QR_DIFFERS"),
        (Artefact((qr_text(name="林晓禾"),), record()), "record QR_DIFFERS"),
        (Artefact((f"{URL}/v/{OTHER_TOKEN}",), record()), "record QR_DIFFERS"),
        (Artefact(record=b"{}"), "record RECORD_MALFORMED"),
        (Artefact(record=b"{" * 100_000), "record RECORD_MALFORMED"),
        (Artefact(record=b'{"a":' + b"[" * 60_000), "record RECORD_MALFORMED"),
        (Artefact(record=b'{"a":1' + b"0" * 60_000 + b"}"), "record RECORD_MALFORMED"),
        (Artefact(record=b'{"a":1e999999}'), "record RECORD_MALFORMED"),
        (Artefact(record=b'{"a":"\\ud800"}'), "record RECORD_MALFORMED"),
        (Artefact(record=record() + b"\n"), "record RECORD_MALFORMED"),
        (Artefact(record=b"\xef\xbb\xbf" + record()), "record RECORD_MALFORMED"),
        (Artefact(record=record().replace("欧阳".encode(), "林晓".encode())), "signature SIGNATURE_BROKEN"),
        (Artefact(record=record(seed=1)), "signature SIGNATURE_BROKEN"),
        (Artefact(record=record("2025-c7")), "signature NOT_OUR_SIGNATURE"),
        (Artefact(record=record(issuer_did="did:web:rz.example.com")), "signature NOT_OUR_SIGNATURE"),
    ],
)
def test_what_is_not_the_issuers_is_refuted_for_its_own_reason(artefact: Artefact, refuted: str) -> None:
    with pytest.raises(RefutedError) as raised:
        examine(artefact, ISSUER)

    made = raised.value.check
    assert (f"{made.check} {made.detail}", made.outcome) == (refuted, "fail")


def test_every_changed_character_of_a_qr_text_refutes_it() -> None:
    for at in range(len(QR)):
        changed = QR[:at] + ("A" if QR[at] != "A" else "B") + QR[at + 1 :]

        with pytest.raises(RefutedError):
            examine(Artefact((changed,)), ISSUER)
