"""What a process may work with: the issuer, its public keys, and those secrets at hand that are the register's."""

import hmac
from collections.abc import Iterable, Mapping
from typing import Final

from signing import DOCUMENT_PURPOSES, DocumentKey, KeyPurpose, PublicKey, TrustedKeys
from signing.keys import KeyId
from verify_service.database import Connection
from verify_service.errors import UsageError
from verify_service.keys import queries
from verify_service.keys.model import Issuer, KeyState, SecretState, SigningKeyRow
from verify_service.keys.rules import missing, usable_secrets
from verify_service.sealing.model import SecretKey, Secrets
from verify_service.sealing.rules import blind_index
from verify_service.settings import PREFIX, Settings

CHECKED_WORD: Final = "secret check"


async def require_issuer(connection: Connection, settings: Settings) -> Issuer:
    """Return the issuer; refuse before `keys init`, and under a public URL it was not frozen with."""
    issuer = await queries.find_issuer(connection)
    if issuer is None:
        raise UsageError("KEY_MISSING", "the issuer has no keys yet: run `verify-service keys init`")
    public_url = settings.require_public_url()
    if issuer.public_url != public_url and issuer.public_url not in settings.former_public_urls:
        raise UsageError(
            "PUBLIC_URL_CHANGED",
            f"{PREFIX}PUBLIC_URL is {public_url}, but certificates were issued under {issuer.public_url}: "
            f"set it back, or add the old one to {PREFIX}FORMER_PUBLIC_URLS",
        )
    return issuer


async def require_genuine_secrets(connection: Connection, held: Iterable[SecretKey]) -> dict[str, SecretState]:
    """Return the states of all secrets, by key id; raise `UsageError` naming a held one that is not the register's.

    Under another field secret nothing opens; under another index secret every true certificate would be "not found".
    One that the register does not know is nobody's to use, as `usable` has it: a rotation that died left it, or the
    register is an older backup.
    """
    rows = {row.key_id: row for row in await queries.list_secrets(connection)}
    for secret in held:
        row = rows.get(secret.key_id)
        if row is not None and not hmac.compare_digest(row.mac, blind_index(secret, CHECKED_WORD)):
            raise UsageError("KEY_WRONG", f"{secret.key_id} in KEY_DIR is not the register's: restore or remove it")
    return {key_id: row.state for key_id, row in rows.items()}


def require_secrets(held: Secrets, states: Mapping[str, SecretState]) -> Secrets:
    """Return the secrets a command works with; refuse naming one that is in use and not in `KEY_DIR`."""
    every = [secret for purpose in Secrets.__struct_fields__ for secret in getattr(held, purpose)]
    lacking = missing(every, states, Secrets.__struct_fields__)
    if lacking:
        names = ", ".join(lacking)
        raise UsageError("KEY_MISSING", f"KEY_DIR lacks {names}: copy or restore it from where `keys rotate` was run")
    return usable_secrets(held, states)


async def trusted_keys(connection: Connection) -> TrustedKeys:
    """Return the public halves of all Ed25519 keys, retired and compromised ones too: old certificates stay legible."""
    return public_keys(await queries.list_signing_keys(connection))


async def active_key(connection: Connection, purpose: KeyPurpose) -> PublicKey:
    """Return the key that signs new artefacts of one purpose."""
    for row in await queries.list_signing_keys(connection):
        if row.purpose == purpose.value and row.state is KeyState.ACTIVE:
            return public_key(row)
    raise UsageError("KEY_MISSING", f"there is no active {purpose.value} key: run `verify-service keys init`")


def public_keys(rows: Iterable[SigningKeyRow]) -> TrustedKeys:
    """Return the keys of rows as verifiers take them."""
    return TrustedKeys(public_key(row) for row in rows if row.purpose not in DOCUMENT_PURPOSES)


def document_keys(rows: Iterable[SigningKeyRow]) -> tuple[DocumentKey, ...]:
    """Return the keys that sign certificates' PDFs, without those that somebody else may hold: what they signed since
    is nobody's, and the record says all the same.
    """
    return tuple(
        DocumentKey(KeyId(row.key_id), row.public_key)
        for row in rows
        if row.purpose == KeyPurpose.PDF and row.state is not KeyState.COMPROMISED
    )


def receipt_keys(rows: Iterable[SigningKeyRow]) -> tuple[DocumentKey, ...]:
    """Return all keys that sign receipts, compromised ones too: of theirs it must be said that nobody can tell."""
    return tuple(DocumentKey(KeyId(row.key_id), row.public_key) for row in rows if row.purpose == KeyPurpose.RECEIPT)


async def active_document_key(connection: Connection) -> KeyId:
    """Return the id of the key that signs PDFs."""
    for row in await queries.list_signing_keys(connection):
        if row.purpose == KeyPurpose.PDF and row.state is KeyState.ACTIVE:
            return KeyId(row.key_id)
    raise UsageError("KEY_MISSING", "there is no active pdf key: run `verify-service keys init`")


def public_key(row: SigningKeyRow) -> PublicKey:
    """Return the key of a row as `signing` knows it."""
    return PublicKey(
        key_id=KeyId(row.key_id), purpose=KeyPurpose(row.purpose), raw=row.public_key, cose_kid=row.cose_kid
    )
