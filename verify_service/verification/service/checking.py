"""The checks of one artefact, in the order in which each makes the next worth making."""

import datetime
from typing import Final

import msgspec

from signing import CredentialStatement, QrClaims, SigningError, verify_record
from verify_service.clock import date_in_shanghai
from verify_service.errors import UnavailableError
from verify_service.verification.model import (
    REGISTERED_ALL_THE_SAME,
    SIGNED,
    Artefact,
    Check,
    ProvenCertificate,
    RegisteredCertificate,
    Verdict,
)
from verify_service.verification.rules.evidence import Evidence, RefutedError, agree, examine
from verify_service.verification.rules.outcomes import verdict
from verify_service.verification.rules.page_texts import check_text
from verify_service.verification.rules.pdf_signatures import check_signature
from verify_service.verification.rules.status import as_check, check_lists, locate, worse
from verify_service.verification.service.authority import Authority, NotAskedError

NO_LOG: Final = Check("log", "skipped", "NO_LOG")
"""What certificates do not have yet is named, so that nobody believes it was checked."""


class RegisterWord(msgspec.Struct, frozen=True):
    """What the register said about an artefact."""

    check: Check
    certificate: RegisteredCertificate | None = None
    """Only where it agrees with the artefact."""
    statement: CredentialStatement | None = None
    """Of the record on the register, verified."""


async def check(artefact: Artefact, authority: Authority, at: datetime.datetime) -> Verdict:
    """Return the verdict on an artefact at an instant; refuses nothing and raises nothing of its own."""
    try:
        evidence = examine(artefact, authority.issuer)
    except RefutedError as error:
        return verdict([error.check])
    word = await _ask_register(evidence, artefact.record, authority)
    proven = _proven(evidence, word)
    checks = [_signature(evidence, word), _record(evidence), word.check]
    checks += [NO_LOG, check_signature(artefact, authority.issuer)]
    if proven is not None:
        statement = evidence.statement or word.statement
        hashed = None if statement is None else statement.id_number_hash
        checks += [check_text(artefact, proven, hashed), await _status(evidence, word, authority, at)]
    return verdict(checks, proven)


def _signature(evidence: Evidence, word: RegisterWord) -> Check:
    if not evidence.is_signed and word.statement is None:
        return Check("signature", "skipped", "NOTHING_SIGNED")
    if evidence.is_compromised and word.check.outcome != "pass":
        # Whoever holds the key can sign anything, but cannot put it on the register.
        return Check("signature", "error", "KEY_COMPROMISED")
    if evidence.is_compromised:
        return Check("signature", "pass", REGISTERED_ALL_THE_SAME)
    return Check("signature", "pass", SIGNED)


def _record(evidence: Evidence) -> Check:
    if evidence.statement is None:
        return Check("record", "skipped", "NO_RECORD")
    return Check("record", "pass", "RECORD_INTACT")


async def _ask_register(evidence: Evidence, record: bytes | None, authority: Authority) -> RegisterWord:
    try:
        found = await authority.find(evidence.token)
    except NotAskedError:
        return RegisterWord(Check("registry", "skipped", "NOT_ASKED"))
    except UnavailableError:
        return RegisterWord(Check("registry", "error", "REGISTER_UNREACHABLE"))
    if found is None:
        return RegisterWord(Check("registry", "fail", "NOT_ON_REGISTER"))
    try:
        statement = verify_record(found.record, authority.issuer.keys, authority.issuer.did)
    except SigningError:
        statement = None
    if statement is None or (statement.token, statement.certificate_number) != (
        evidence.token,
        found.certificate_number,
    ):
        # The register's fault, never the holder's: it must not read as "forged".
        return RegisterWord(Check("registry", "error", "REGISTER_BROKEN"))
    if not _is_on_register(evidence, record, found, statement):
        return RegisterWord(Check("registry", "fail", "REGISTER_DIFFERS"))
    return RegisterWord(Check("registry", "pass", "ON_REGISTER"), found, statement)


def _is_on_register(
    evidence: Evidence, record: bytes | None, found: RegisteredCertificate, statement: CredentialStatement
) -> bool:
    if record is not None and record != found.record:
        return False
    if evidence.claims is None:
        return True
    return found.kind_code in (None, evidence.claims.kind_code) and agree(evidence.claims, statement)


def _proven(evidence: Evidence, word: RegisterWord) -> ProvenCertificate | None:
    """Return the data to compare with, from the fullest of the signed sources; None where nothing was signed."""
    proven = _signed_data(evidence.statement or word.statement, evidence.claims)
    registered = word.certificate
    if proven is None or registered is None:
        return proven
    return msgspec.structs.replace(
        proven,
        id_number_masked=registered.id_number_masked,
        status_since=registered.status_since,
        status_reason=registered.status_reason,
        superseded_by=registered.superseded_by,
    )


def _signed_data(statement: CredentialStatement | None, claims: QrClaims | None) -> ProvenCertificate | None:
    if statement is not None:
        return ProvenCertificate(
            number=statement.certificate_number,
            name=statement.name,
            issued_on=date_in_shanghai(statement.valid_from),
            kind=statement.kind,
            title=statement.title,
            sex=statement.sex,
            issuer=statement.issuer_name,
        )
    if claims is None:
        return None
    issued_at = datetime.datetime.fromtimestamp(claims.issued_at, datetime.UTC)
    return ProvenCertificate(claims.certificate_number, claims.name, date_in_shanghai(issued_at))


async def _status(evidence: Evidence, word: RegisterWord, authority: Authority, at: datetime.datetime) -> Check:
    """Return the worst of what register and lists say: each of them that was asked must agree."""
    said = Check("status", "skipped", "NOT_ASKED")
    if word.certificate is not None:
        said = as_check(word.certificate.status)
    position = locate(evidence.statement or word.statement, evidence.claims)
    if position is None:
        return said
    try:
        lists = await authority.status_lists(position[0], is_register_reached=word.check.outcome != "error")
    except NotAskedError:
        return said
    except UnavailableError:
        return worse(said, Check("status", "error", "STATUS_UNREACHABLE"))
    return worse(said, check_lists(lists, position, authority.issuer, at))
