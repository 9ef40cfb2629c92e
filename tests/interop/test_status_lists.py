"""Status lists before Digital Bazaar's reader, which verifies them and looks up what they say of a record."""

import json
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from openvc.proof.di_jcs import EddsaJcsProofSuite
from openvc.proof.errors import SignatureInvalid

from signing import StatusList, TrustedKeys, encode_base64url, sign_status_list
from tests.artefacts import DID, ISSUER, URL, public_key, record, signer, status_lists
from tests.interop.judging import JCS, STATUS, Answer, in_javascript

# The reader of status lists goes by the clock of its machine.
NOW: Final = datetime.now(UTC).replace(microsecond=0)
SIGNED: Final = record()


def _list(purpose: str, bits: bytes) -> bytes:
    status_list = StatusList(
        public_url=URL,
        issuer_did=DID,
        purpose=purpose,
        number=0,
        valid_from=NOW,
        valid_until=NOW + timedelta(days=1),
        bits=bits,
    )
    return sign_status_list(status_list, signer("2026-s1"))


def _ask(*lists: bytes, signed: bytes = SIGNED, keys: TrustedKeys = ISSUER.keys) -> Answer:
    documents = {document["id"]: document for document in map(json.loads, lists)}
    job = {"judge": STATUS, "signed": signed.decode(), "now": NOW.isoformat()}
    [answer] = in_javascript([job], DID, keys, documents)
    return answer


@pytest.mark.parametrize("purposes_set", [(), ("revocation",), ("revocation", "refresh")])
def test_both_lists_are_read_as_they_were_meant(purposes_set: tuple[str, ...]) -> None:
    answer = _ask(*status_lists(*purposes_set, at=NOW))

    assert answer.accepted, answer.reason
    assert answer.statuses == {purpose: purpose in purposes_set for purpose in ("revocation", "refresh")}


@pytest.mark.parametrize("position", [0, 7, 8, 131_064, 131_071])
def test_entry_0_is_the_most_significant_bit_of_the_first_byte(position: int) -> None:
    bits = bytearray(16_384)
    bits[position // 8] = 0x80 >> position % 8
    lists = [_list(purpose, bytes(bits)) for purpose in ("revocation", "refresh")]
    neighbour = position ^ 1

    at_it, beside = (_ask(*lists, signed=record(status_index=place)).statuses for place in (position, neighbour))

    assert at_it == {"revocation": True, "refresh": True}
    assert beside == {"revocation": False, "refresh": False}


def test_a_list_that_was_changed_is_refused() -> None:
    revocation, refresh = status_lists("revocation", at=NOW)
    clear, _ = status_lists(at=NOW)
    whitewashed = json.loads(revocation)
    whitewashed["credentialSubject"]["encodedList"] = json.loads(clear)["credentialSubject"]["encodedList"]

    answer = _ask(json.dumps(whitewashed).encode(), refresh)

    assert not answer.accepted


def test_a_list_for_another_purpose_in_its_place_is_refused() -> None:
    revocation, refresh = status_lists(at=NOW)
    swapped = {**json.loads(refresh), "id": json.loads(revocation)["id"]}

    assert not _ask(json.dumps(swapped).encode(), refresh).accepted


def test_a_list_that_is_missing_or_over_is_refused() -> None:
    _, refresh = status_lists(at=NOW)
    old = status_lists(at=datetime(2020, 1, 1, tzinfo=UTC))

    assert not _ask(refresh).accepted
    assert not _ask(*old).accepted


def test_a_list_of_a_key_that_is_not_published_is_refused() -> None:
    assert not _ask(*status_lists(at=NOW, seed=1)).accepted
    assert not _ask(*status_lists(at=NOW), keys=TrustedKeys([public_key("2026-c1")])).accepted


def test_a_status_list_is_a_credential_of_its_own() -> None:
    jobs = [{"judge": JCS, "signed": one.decode(), "now": NOW.isoformat()} for one in status_lists(at=NOW)]

    assert [answer.accepted for answer in in_javascript(jobs, DID, ISSUER.keys)] == [True, True]


def test_openvc_verifies_lists_too_and_notices_a_change() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(public_key("2026-s1").raw)}

    for signed in map(json.loads, status_lists("revocation", at=NOW)):
        assert EddsaJcsProofSuite().verify(signed, public_key_jwk=jwk, now=NOW).issuer == DID
        with pytest.raises(SignatureInvalid):
            EddsaJcsProofSuite().verify(signed | {"validUntil": "2099-01-01T00:00:00Z"}, public_key_jwk=jwk, now=NOW)
