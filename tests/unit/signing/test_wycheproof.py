"""Project Wycheproof's signatures through our keys, as a verifier of records would meet them."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from signing import InvalidKeyError, InvalidSignatureError, KeyId, KeyPurpose, PublicKey

VECTORS = Path(__file__).parents[2] / "vectors" / "wycheproof_ed25519.json"

SMALL_ORDER = range(152, 160)
MIXED_ORDER = range(160, 181)
"""What Wycheproof leaves to the verifier, by test number; tests/vectors/README.md has the reasons."""


class Case(msgspec.Struct, frozen=True):
    """One signature, and what ought to come of it."""

    number: int
    key: bytes
    message: bytes
    signature: bytes
    result: str


def _cases() -> Iterator[Case]:
    for group in json.loads(VECTORS.read_text())["testGroups"]:
        for test in group["tests"]:
            key, message, signature = map(bytes.fromhex, (group["publicKey"]["pk"], test["msg"], test["sig"]))
            yield Case(test["tcId"], key, message, signature, test["result"])


CASES = list(_cases())


def _verify(case: Case) -> str:
    """Return what our library makes of a case."""
    try:
        key = PublicKey(KeyId("2026-c1"), KeyPurpose.CREDENTIAL, case.key)
    except InvalidKeyError:
        return "key refused"
    try:
        key.verify(case.signature, case.message)
    except InvalidSignatureError:
        return "signature refused"
    return "accepted"


@pytest.mark.parametrize("case", [case for case in CASES if case.result == "valid"], ids=lambda case: case.number)
def test_a_valid_signature_is_accepted(case: Case) -> None:
    assert _verify(case) == "accepted"


@pytest.mark.parametrize("case", [case for case in CASES if case.result == "invalid"], ids=lambda case: case.number)
def test_an_invalid_signature_is_refused(case: Case) -> None:
    assert _verify(case) == "signature refused"


def test_what_verifiers_may_decide_is_decided() -> None:
    decided = {case.number: _verify(case) for case in CASES if case.result == "acceptable"}

    assert decided == dict.fromkeys(SMALL_ORDER, "key refused") | dict.fromkeys(MIXED_ORDER, "accepted")


def test_every_signature_of_the_file_was_judged() -> None:
    assert Counter(case.result for case in CASES) == {"valid": 117, "invalid": 64, "acceptable": 29}
