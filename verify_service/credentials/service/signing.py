"""Signing what is recorded: the second half of issuing, and the whole of recovery after a crash."""

from typing import Final

import msgspec

from signing import KeyId, encode_base64url, sign_qr, sign_record
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.credentials.model import Unsigned
from verify_service.credentials.queries import signatures as queries
from verify_service.credentials.service.desk import Signers, genuine_signer
from verify_service.database import Connection
from verify_service.keys.service import trusted_keys
from verify_service.sealing.model import Secrets
from verify_service.sealing.rules import unwrap_data_key

BATCH: Final = 500


class _Record(msgspec.Struct):
    """Where a record says it is served: its QR code leads there, even if the service has moved since."""

    id: str


async def sign_pending(connection: Connection, secrets: Secrets, signers: Signers, actor: Actor) -> int:
    """Sign every recorded credential that waits for it, a batch a transaction; return how many."""
    total = 0
    while True:
        async with connection.transaction():
            await queries.lock_signing(connection)
            pending = await queries.find_unsigned(connection, BATCH)
            if pending:
                await _sign_batch(connection, secrets, signers, pending)
                await record(connection, actor, *(_event(credential) for credential in pending))
        total += len(pending)
        if len(pending) < BATCH:
            return total


async def _sign_batch(connection: Connection, secrets: Secrets, signers: Signers, pending: list[Unsigned]) -> None:
    key_ids = {key_id for credential in pending for key_id in (credential.credential_key_id, credential.qr_key_id)}
    registered = await trusted_keys(connection)
    loaded = {key.key_id: genuine_signer(signers, key) for key in registered if key.key_id in key_ids}
    signed = []
    for credential in pending:
        cipher = unwrap_data_key(secrets.field, credential.kek_id, credential.wrapped, credential.subject_id)
        row_id = credential.credential_id
        document = cipher.open(credential.sealed_document, "credential:sealed_document", row_id)
        structure = cipher.open(credential.sealed_qr_structure, "credential:sealed_qr_structure", row_id)
        final = sign_record(document, loaded[KeyId(credential.credential_key_id)])
        qr = _qr_text(final, sign_qr(structure, loaded[KeyId(credential.qr_key_id)]))
        sealed_record = cipher.seal(final, "credential_signature:sealed_record", row_id)
        signed.append((row_id, sealed_record, cipher.seal(qr, "credential_signature:sealed_qr", row_id)))
    await queries.add_signatures(connection, signed)
    for credential in pending:
        if credential.supersedes is not None:
            # In the transaction of the signature: the old one is superseded the moment the new one is visible.
            await queries.add_superseded(
                connection,
                credential_id=credential.supersedes,
                successor=credential.credential_id,
                approval_id=credential.approval_id,
            )


def _qr_text(record: bytes, cose: bytes) -> bytes:
    page = msgspec.json.decode(record, type=_Record).id.removesuffix("/record.json")
    return f"{page}#{encode_base64url(cose)}".encode()


def _event(credential: Unsigned) -> AuditEvent:
    detail = {"number": credential.certificate_number}
    if credential.supersedes is not None:
        detail["supersedes"] = str(credential.supersedes)
    return AuditEvent("credential_signed", "credential", str(credential.credential_id), detail)
