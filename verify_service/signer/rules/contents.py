"""Whether the bytes to be signed say what their row says: what is signed must be what was recorded and approved."""

from signing import (
    STATUS_LIST_ENTRIES,
    CredentialStatement,
    SigningError,
    format_token,
    parse_qr_structure,
    parse_unsigned_record,
)
from verify_service.signer.model import Intent, Origin


def reason_to_refuse(
    intent: Intent, origin: Origin, cose_kid: int | None, *, document: bytes, structure: bytes
) -> str | None:
    """Return `DOCUMENT_DIFFERS` or `QR_STRUCTURE_DIFFERS` where bytes are malformed or say anything else, or None."""
    try:
        statement, verification_method, proved_at = parse_unsigned_record(document)
    except SigningError:
        return "DOCUMENT_DIFFERS"
    proof_fits = (verification_method, proved_at) == (f"{origin.did}#{intent.credential_key_id}", intent.issued_at)
    if not proof_fits or not _says(statement, intent, origin):
        return "DOCUMENT_DIFFERS"
    return None if _qr_says(structure, statement.name, intent, cose_kid) else "QR_STRUCTURE_DIFFERS"


def _says(statement: CredentialStatement, intent: Intent, origin: Origin) -> bool:
    said = (
        *(statement.issuer_did, statement.certificate_number, statement.token, statement.kind),
        *(statement.status_list, statement.status_index, statement.valid_from, statement.template_digest),
    )
    recorded = (
        *(origin.did, intent.certificate_number, format_token(intent.token), intent.kind),
        *(intent.status_list, intent.status_index, intent.issued_at, intent.template_digest),
    )
    return said == recorded and statement.public_url in origin.public_urls


def _qr_says(structure: bytes, name: str, intent: Intent, cose_kid: int | None) -> bool:
    try:
        said_kid, claims = parse_qr_structure(structure)
    except SigningError:
        return False
    said = (
        *(said_kid, claims.issued_at, claims.token, claims.kind_code),
        *(claims.name, claims.certificate_number, claims.status_index),
    )
    recorded = (
        *(cose_kid, int(intent.issued_at.timestamp()), intent.token, intent.kind_code),
        *(name, intent.certificate_number, intent.status_list * STATUS_LIST_ENTRIES + intent.status_index),
    )
    return said == recorded
