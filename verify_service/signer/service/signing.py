"""Signing what is recorded: the second half of issuing, and the whole of recovery after a crash.

Nothing is signed because somebody asks for it: what may be signed follows from the register alone. Where one credential
may not, it is left as it is, the trail says so once, and the others go on.
"""

from typing import Final
from uuid import UUID

import msgspec
import structlog

from signing import KeyId, encode_base64url, sign_badge, sign_qr, sign_record
from verify_service.audit.model import AuditEvent
from verify_service.audit.service import record
from verify_service.credentials.model import RefusedSignature, SigningResult
from verify_service.database import Connection
from verify_service.errors import UnavailableError
from verify_service.sealing.rules import SubjectCipher, unwrap_data_key
from verify_service.signer import queries
from verify_service.signer.model import Consent, Intent, Signed
from verify_service.signer.rules import approvals, contents
from verify_service.signer.service.signatory import ACTOR, KeyRing, Signatory, load_keys

BATCH: Final = 500
FIRST: Final = UUID(int=0)
SEALED_BADGE: Final = "open_badge_proof:sealed_signature"

log = structlog.get_logger()


class _RefusedError(Exception):
    """This credential is not signed; `final` unless what is missing can come back."""

    def __init__(self, code: str, *, final: bool) -> None:
        super().__init__(code)
        self.code = code
        self.final = final


class _Record(msgspec.Struct):
    """Where a record says it is served: its QR code leads there, even if the service has moved since."""

    id: str


class _Refused(msgspec.Struct, frozen=True):
    intent: Intent
    code: str
    final: bool


async def sign_pending(connection: Connection, signatory: Signatory, after: UUID = FIRST) -> SigningResult:
    """Sign every recorded credential that waits for it and whose id follows `after`, a batch a transaction.

    By id and not always from the beginning, so that a batch of refused ones never holds up those that follow.
    """
    total, refused = 0, list[RefusedSignature]()
    while True:
        async with connection.transaction():
            await queries.lock_signing(connection)
            page = await queries.find_intents(connection, after, BATCH)
            signed, left_out = await _sign_page(connection, signatory, page) if page else (0, [])
        total += signed
        refused += [RefusedSignature(one.intent.certificate_number, one.code) for one in left_out]
        if len(page) < BATCH:
            return SigningResult(total, tuple(refused))
        after = page[-1][0].credential_id


async def _sign_page(
    connection: Connection, signatory: Signatory, page: list[tuple[Intent, Consent]]
) -> tuple[int, list[_Refused]]:
    named = frozenset(key_id for intent, _ in page for key_id in (intent.credential_key_id, intent.qr_key_id))
    keys = await load_keys(connection, signatory.signers, named)
    for key_id, code in keys.unusable.items():
        log.error("signing_key_unusable", key_id=key_id, code=code)
    done, signatures, refused = list[Intent](), list[Signed](), list[_Refused]()
    for intent, approval in page:
        try:
            signatures.append(_sign(intent, approval, signatory, keys))
        except _RefusedError as error:
            refused.append(_Refused(intent, error.code, error.final))
        else:
            done.append(intent)
    await queries.add_signatures(connection, signatures)
    await _supersede(connection, done)
    await record(connection, ACTOR, *(_signed_event(intent) for intent in done))
    await _record_refusals(connection, [one for one in refused if one.final])
    return len(done), refused


def _sign(intent: Intent, approval: Consent, signatory: Signatory, keys: KeyRing) -> Signed:
    """Return the sealed final bytes of one credential; whatever is signed besides record and QR code belongs here."""
    _refuse(approvals.reason_to_refuse(intent, approval))
    for key_id in (intent.credential_key_id, intent.qr_key_id):
        _refuse("KEY_NOT_IN_USE" if key_id in keys.withdrawn else None)
        _refuse(keys.unusable.get(key_id), final=False)
    cipher, document, structure = _open(intent, signatory)
    cose_kid = keys.public[intent.qr_key_id].cose_kid
    _refuse(contents.reason_to_refuse(intent, signatory.origin, cose_kid, document=document, structure=structure))
    credential_signer = keys.signers[KeyId(intent.credential_key_id)]
    final = sign_record(document, credential_signer)
    qr = _qr_text(final, sign_qr(structure, keys.signers[KeyId(intent.qr_key_id)]))
    row_id = intent.credential_id
    return Signed(
        credential_id=row_id,
        sealed_record=cipher.seal(final, "credential_signature:sealed_record", row_id),
        sealed_qr=cipher.seal(qr, "credential_signature:sealed_qr", row_id),
        sealed_badge_signature=cipher.seal(sign_badge(final, credential_signer), SEALED_BADGE, row_id),
    )


def _refuse(code: str | None, *, final: bool = True) -> None:
    if code is not None:
        raise _RefusedError(code, final=final)


def _open(intent: Intent, signatory: Signatory) -> tuple[SubjectCipher, bytes, bytes]:
    """Return the person's cipher and the bytes to be signed."""
    try:
        cipher = unwrap_data_key(signatory.field_secrets, intent.kek_id, intent.wrapped, intent.subject_id)
        document = cipher.open(intent.sealed_document, "credential:sealed_document", intent.credential_id)
        structure = cipher.open(intent.sealed_qr_structure, "credential:sealed_qr_structure", intent.credential_id)
    except UnavailableError as error:
        # A secret that is not here may be copied here; bytes that do not open under theirs never will.
        raise _RefusedError(error.code, final=error.code != "KEY_MISSING") from None
    return cipher, document, structure


async def _supersede(connection: Connection, signed: list[Intent]) -> None:
    """In the transaction of the signature: the old one is superseded the moment the new one is visible."""
    for intent in signed:
        if intent.supersedes is not None:
            await queries.add_superseded(
                connection,
                credential_id=intent.supersedes,
                successor=intent.credential_id,
                approval_id=intent.approval_id,
            )


async def _record_refusals(connection: Connection, refused: list[_Refused]) -> None:
    """Log and record those that were not refused before: a run repeats every few seconds, an alarm should not."""
    known = await queries.find_refused(connection, [one.intent.credential_id for one in refused]) if refused else set()
    for one in refused:
        row_id, number = str(one.intent.credential_id), one.intent.certificate_number
        if row_id not in known:
            log.error("signing_refused", code=one.code, number=number)
            detail = {"number": number, "code": one.code}
            await record(connection, ACTOR, AuditEvent("signing_refused", "credential", row_id, detail))


def _qr_text(signed_record: bytes, cose: bytes) -> bytes:
    page = msgspec.json.decode(signed_record, type=_Record).id.removesuffix("/record.json")
    return f"{page}#{encode_base64url(cose)}".encode()


def _signed_event(intent: Intent) -> AuditEvent:
    detail = {"number": intent.certificate_number}
    if intent.supersedes is not None:
        detail["supersedes"] = str(intent.supersedes)
    return AuditEvent("credential_signed", "credential", str(intent.credential_id), detail)
