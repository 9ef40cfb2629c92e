"""Issuing and verifying one certificate's signatures, beside bare Ed25519 and beside a verifier of others."""

import datetime
import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

import msgspec

from signing import (
    CredentialStatement,
    Ed25519Signer,
    KeyId,
    KeyPurpose,
    PublicKey,
    QrClaims,
    TrustedKeys,
    build_document,
    did_document,
    did_from_url,
    format_qr_text,
    format_token,
    generate_private_key,
    identity_hash,
    parse_token,
    qr_structure,
    sign_badge,
    sign_qr,
    sign_record,
    unsigned_record,
    verify_qr,
    verify_record,
)

COUNT: Final = 1_000
ROUNDS: Final = 5
MOST_ISSUE_MS: Final = 0.5
MOST_VERIFY_MS: Final = 0.6
URL: Final = "https://rz.example.cn"
DID: Final = did_from_url(URL)
ISSUED_AT: Final = datetime.datetime(2026, 11, 23, 2, tzinfo=datetime.UTC)
COSE_KID: Final = 1
CREDENTIAL: Final = Ed25519Signer(generate_private_key(), KeyId("2026-c1"))
QR: Final = Ed25519Signer(generate_private_key(), KeyId("2026-q1"))
KEYS: Final = TrustedKeys(
    [
        PublicKey(CREDENTIAL.key_id, KeyPurpose.CREDENTIAL, CREDENTIAL.public_key),
        PublicKey(QR.key_id, KeyPurpose.QR, QR.public_key, COSE_KID),
    ]
)
STATEMENT: Final = CredentialStatement(
    public_url=URL,
    token=format_token(bytes(range(10))),
    issuer_did=DID,
    issuer_name="示例培训中心",
    certificate_number="QMT20260001234",
    kind="omnimedia_operator",
    title="全媒体运营师岗位合格证书",
    description="全媒体运营师岗位培训考试合格",
    criteria="完成规定培训并通过考试",
    valid_from=ISSUED_AT,
    name="欧阳堃喆",
    sex="女",
    identity_type="nationalIdentityNumber",
    id_number_hash=identity_hash("11010519491231002X", bytes(16)),
    photo_hash=identity_hash("photo", bytes(16)),
    template_digest=bytes(32),
    status_list=0,
    status_index=94_567,
)
CLAIMS: Final = QrClaims(
    issued_at=int(ISSUED_AT.timestamp()),
    token=parse_token(STATEMENT.token),
    kind_code=1,
    name=STATEMENT.name,
    certificate_number=STATEMENT.certificate_number,
    status_index=STATEMENT.status_index,
)
JUDGES: Final = Path(__file__).parents[2] / "tests" / "interop" / "judges.mjs"


def main() -> None:
    """Print milliseconds each of our four operations takes, their baselines, and whether the targets hold."""
    record, text = issue()
    twin = milliseconds(lambda: sign_badge(record, CREDENTIAL))
    signatures, checks = milliseconds(lambda: _bare_signatures(2)), milliseconds(_bare_check())
    _print("issue a record and a QR code", milliseconds(issue), signatures, "2 bare signatures", MOST_ISSUE_MS)
    _print("  sign its Open Badges twin", twin, signatures / 2, "1 bare signature")
    verified = milliseconds(lambda: verify_record(record, KEYS, DID))
    _print("verify a record", verified, checks, "1 bare check", MOST_VERIFY_MS)
    _print("verify a QR code", milliseconds(lambda: verify_qr(text, KEYS, URL)), checks, "1 bare check")
    if (others := _milliseconds_of_others(record)) is not None:
        print(f"  @digitalbazaar/vc on the same record        {others:6.3f} ms   ratio {verified / others:.2f}")


def issue() -> tuple[bytes, str]:
    """Return a record and the text of a QR code, from what the register knows to the signatures."""
    unsigned = unsigned_record(build_document(STATEMENT), DID, CREDENTIAL.key_id, ISSUED_AT)
    structure = qr_structure(CLAIMS, COSE_KID)
    return sign_record(unsigned, CREDENTIAL), format_qr_text(URL, sign_qr(structure, QR))


def milliseconds(work: Callable[[], object]) -> float:
    """Return the milliseconds of CPU a call takes: the median of several rounds."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(COUNT):
            work()
        rounds.append(1000 * (time.process_time() - started) / COUNT)
    return median(rounds)


def _print(what: str, ours: float, bare: float, baseline: str, most: float | None = None) -> None:
    target = "" if most is None else f"   at most {most} ms: {'holds' if ours <= most else 'MISSED'}"
    print(f"{what:32} {ours:6.3f} ms   {baseline} {bare:.3f} ms, ratio {ours / bare:.1f}{target}")


def _bare_signatures(count: int) -> None:
    for _ in range(count):
        CREDENTIAL.sign(bytes(64))


def _bare_check() -> Callable[[], None]:
    data = bytes(64)
    signature, key = CREDENTIAL.sign(data), KEYS.get(CREDENTIAL.key_id, KeyPurpose.CREDENTIAL)
    return lambda: key.verify(signature, data)


class _Answer(msgspec.Struct):
    accepted: bool
    seconds: float


def _milliseconds_of_others(record: bytes) -> float | None:
    """Return what a check takes Digital Bazaar's verifier once it is warm; None where it is not installed."""
    node = shutil.which("node")
    if node is None or not JUDGES.with_name("node_modules").is_dir():
        return None
    job = {"judge": "digitalbazaar eddsa-jcs-2022", "signed": record.decode(), "now": ISSUED_AT.isoformat()}
    question = {"didDocument": json.loads(did_document(DID, KEYS)), "documents": {}, "jobs": [job] * COUNT}
    ended = subprocess.run(  # noqa: S603  # our own script
        [node, str(JUDGES)], input=json.dumps(question), capture_output=True, text=True, check=True
    )
    answers = msgspec.json.decode(ended.stdout, type=list[_Answer])
    assert all(answer.accepted for answer in answers)
    return 1000 * median(answer.seconds for answer in answers)


if __name__ == "__main__":
    main()
