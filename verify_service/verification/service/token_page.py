"""Answering what a token opens. The record is verified anew for every answer: a page never vouches for broken bytes."""

import datetime

from signing import (
    STATUS_LIST_ENTRIES,
    CredentialStatement,
    MalformedCredentialError,
    SigningError,
    TrustedKeys,
    UnknownKeyError,
    parse_token,
    verify_record,
)
from verify_service.clock import date_in_shanghai
from verify_service.credentials.model import public_reason, status_of
from verify_service.database import Connection
from verify_service.errors import UnavailableError
from verify_service.sealing.rules import unwrap_data_key
from verify_service.subjects.rules.masks import mask_id_number
from verify_service.trust import Trust
from verify_service.verification import queries
from verify_service.verification.model import (
    REGISTERED_ALL_THE_SAME,
    SIGNED,
    CertificateOnPaper,
    OpenedToken,
    PrintedCode,
    RegisteredCertificate,
    TokenAnswer,
    TokenCheck,
)


async def open_record(connection: Connection, trust: Trust, token: str) -> RegisteredCertificate | None:
    """Return the certificate of a token as it is stored; None for one that opens nothing, malformed ones included."""
    try:
        row = await queries.find_by_token(connection, parse_token(token))
    except MalformedCredentialError:
        return None
    if row is None:
        return None
    cipher = unwrap_data_key(trust.field_secrets, row.kek_id, row.wrapped, row.subject_id)
    id_number = cipher.open(row.sealed_id_number, "credential:sealed_id_number", row.credential_id).decode()
    return RegisteredCertificate(
        record=cipher.open(row.sealed_record, "credential_signature:sealed_record", row.credential_id),
        kind=row.kind,
        kind_code=row.kind_code,
        certificate_number=row.certificate_number,
        id_number_masked=mask_id_number(id_number),
        status=status_of(row.revoked_at, row.superseded_at),
        status_since=row.revoked_at or row.superseded_at,
        status_reason=public_reason(row.revocation_reason),
        superseded_by=row.superseded_by,
    )


async def answer_token(connection: Connection, trust: Trust, token: str, now: datetime.datetime) -> OpenedToken:
    """Return what the paper behind a token should show, and whether it still stands."""
    opened = await open_record(connection, trust, token)
    if opened is None:
        return OpenedToken(TokenAnswer("not_found", now, None, (TokenCheck("registry", "fail", "NOT_ON_REGISTER"),)))
    try:
        statement, detail = _verify(opened.record, trust)
    except SigningError:
        # On our own register this is our fault, never the holder's: it must not read as "forged".
        raise UnavailableError("RECORD_BROKEN", "a stored record does not verify") from None
    if (statement.token, statement.certificate_number) != (token, opened.certificate_number):
        # A genuine record in another's row: whoever could move it must not have it vouched for.
        raise UnavailableError("RECORD_MOVED", "a stored record belongs to another row")
    checks = (
        TokenCheck("signature", "pass", detail),
        TokenCheck("registry", "pass", "ON_REGISTER"),
        TokenCheck("status", "pass" if opened.status == "valid" else "fail", opened.status.upper()),
    )
    return OpenedToken(
        TokenAnswer(opened.status, now, _on_paper(opened, statement), checks), _printed_code(opened, statement)
    )


def _verify(record: bytes, trust: Trust) -> tuple[CredentialStatement, str]:
    """Return what a record of the register says, and what its signature is worth by itself."""
    sound = trust.keys
    if trust.compromised:
        sound = TrustedKeys(key for key in trust.keys if key.key_id not in trust.compromised)
    try:
        return verify_record(record, sound, trust.did), SIGNED
    except UnknownKeyError:
        # A thief can sign anything, but cannot put it on the register: here it stands.
        return verify_record(record, trust.keys, trust.did), REGISTERED_ALL_THE_SAME


def _printed_code(opened: RegisteredCertificate, statement: CredentialStatement) -> PrintedCode | None:
    index = statement.status_list * STATUS_LIST_ENTRIES + statement.status_index
    return None if opened.kind_code is None else PrintedCode(opened.kind_code, index)


def _on_paper(opened: RegisteredCertificate, statement: CredentialStatement) -> CertificateOnPaper:
    return CertificateOnPaper(
        kind=opened.kind,
        title=statement.title,
        number=statement.certificate_number,
        name=statement.name,
        sex=statement.sex,
        id_number_masked=opened.id_number_masked,
        issued_on=date_in_shanghai(statement.valid_from),
        issuer=statement.issuer_name,
        status_since=opened.status_since,
        status_reason=opened.status_reason,
        superseded_by=opened.superseded_by,
    )
