"""Changed copies of the worked example: both verifiers refuse every one, and neither falls over."""

import base64
import json
import random
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.kit.issuer import published_keys, status_list
from tests.kit.programs import KIT, PROGRAMS, Job, Keys, judge_all

SEED: Final = 20261124


@pytest.fixture(scope="module")
def vector() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((KIT / "vectors" / "certificate.json").read_text())
    return loaded


def changed_bytes(data: bytes, count: int) -> Iterator[bytes]:
    """Yield copies with a bit flipped, a byte lost, a byte doubled, or the end cut off, at seeded places."""
    chance = random.Random(SEED)  # noqa: S311  # the same mutants in every run
    for _ in range(count):
        at = chance.randrange(len(data))
        yield data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        yield data[:at] + data[at + 1 :]
        yield data[:at] + data[at : at + 1] + data[at:]
        yield data[:at]


def rewritten(record: str) -> Iterator[str]:
    """Yield the same record in other spellings, and with another proof."""
    document = json.loads(record)
    proof = document["proof"]
    yield json.dumps(document, ensure_ascii=False)
    yield json.dumps(document, separators=(",", ":"), sort_keys=True)
    yield record + "\n"
    yield "\ufeff" + record
    yield record.replace('"name":', '"name":"x","name":', 1)
    for other in (
        [proof],
        proof | {"cryptosuite": "eddsa-rdfc-2022"},
        proof | {"proofPurpose": "authentication"},
        proof | {"created": "2026-11-23T02:00:01Z"},
        proof | {"domain": "rz.example.cn"},
        proof | {"verificationMethod": "did:web:rz.example.cn#2026-q1"},
        proof | {"verificationMethod": "did:web:rz.example.org#2026-c1"},
        {name: value for name, value in proof.items() if name != "@context"},
        proof | {"proofValue": proof["proofValue"].replace("z4", "z14", 1)},
        proof | {"proofValue": "z" + "z" * 100},
        None,
        "proof",
    ):
        text = json.dumps(document | {"proof": other}, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        yield text
    for member in document:
        less = {name: value for name, value in document.items() if name != member}
        yield json.dumps(less, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    yield from ("{}", "{", "[]", "null", '{"proof":' + "[" * 50_000, '{"proof":NaN}', '{"a":1e999}', "{" * 70_000)


def misspelt(text: str) -> Iterator[str]:
    """Yield the text of a QR code with another address, and its signature in other spellings."""
    address, _, fragment = text.partition("#")
    cose = base64.urlsafe_b64decode(fragment + "=" * (-len(fragment) % 4))
    yield from (address, f"{address}#", f"{text}#{fragment}", f"{address}?x#{fragment}", f"{address}/#{fragment}")
    yield text.replace("https://", "http://")
    yield text.replace("rz.example.cn", "RZ.example.cn")
    yield text.replace("rz.example.cn", "rz.example.cn:443")
    yield text.replace("rz.example.cn", "rz.example.cn.evil.example")
    yield text.replace("https://", "https://rz.example.cn@")
    yield text.replace("/v/0", "/v/1")
    yield text.replace("/v/0", "/v/O")
    yield from (f"{text}=", f"{text}A", text[:-1] + chr(ord(text[-1]) + 1))
    for spelling in (
        cose[1:],
        cose + b"\0",
        cose.replace(b"\x58\x40", b"\x59\x00\x40"),
        cose.replace(b"\xa0\x58", b"\xa0\x59\x00"),
        cose.replace(b"\xa0\x58", b"\xa1\x01\x01\x58"),
        cose.replace(b"\x01\x27", b"\x01\x26"),
        b"\x9f" + cose[2:] + b"\xff",
    ):
        yield f"{address}#{base64.urlsafe_b64encode(spelling).decode().rstrip('=')}"


def require_refused(program: str, keys: Keys, mutants: list[bytes], original: bytes) -> None:
    jobs = [Job(mutant) for mutant in mutants if mutant.strip() != original]
    assert len(jobs) > 10

    verdicts = judge_all(program, keys, jobs)

    accepted = [job.artefact for job, verdict in zip(jobs, verdicts, strict=True) if verdict["outcome"] != "invalid"]
    assert accepted == []
    assert {json.dumps(verdict["certificate"]) for verdict in verdicts} == {"null"}


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_changed_record_is_accepted(program: str, vector: dict[str, Any]) -> None:
    original = vector["record"].encode()
    mutants = [*changed_bytes(original, 150), *(text.encode() for text in rewritten(vector["record"]))]

    require_refused(program, Keys(vector["didDocument"], vector["jwks"]), mutants, original)


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_changed_qr_text_is_accepted(program: str, vector: dict[str, Any]) -> None:
    original = vector["qrText"].encode()
    mutants = [*changed_bytes(original, 150), *(text.encode() for text in misspelt(vector["qrText"]))]

    require_refused(program, Keys(vector["didDocument"], vector["jwks"]), mutants, original)


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_changed_status_list_is_accepted(program: str) -> None:
    original = status_list("revocation", 5).encode()

    require_refused(program, published_keys(), list(changed_bytes(original, 100)), original)
