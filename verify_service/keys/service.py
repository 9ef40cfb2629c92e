"""Making and listing keys. Files are written before the register names them: a row without its key could never sign."""

import datetime
import hmac
from collections.abc import Iterable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signing import KeyPurpose, PublicKey, TrustedKeys, did_from_url, format_key_id, parse_key_id, seal_private_key
from signing.keys import KeyId
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import approve_as_operator, record
from verify_service.database import Connection
from verify_service.errors import UsageError
from verify_service.key_directory import KeyDirectory
from verify_service.keys import queries
from verify_service.keys.model import Issuer, ListedKey, SigningKeyRow
from verify_service.sealing.model import SecretKey, SecretPurpose
from verify_service.sealing.rules import blind_index
from verify_service.settings import PREFIX, Settings

SIGNING_PURPOSES: Final = (KeyPurpose.CREDENTIAL, KeyPurpose.QR, KeyPurpose.STATUS)
CHECKED_WORD: Final = "secret check"


async def initialise(
    connection: Connection, directory: KeyDirectory, public_url: str, actor: Actor
) -> tuple[list[str], str | None]:
    """Make whatever is missing; return the ids of what was made and what the operator must be told."""
    async with connection.transaction():
        await queries.lock_signing_keys(connection)
        notice = directory.prepare()
        made = await _make_secrets(connection, directory)
        issuer = await queries.find_issuer(connection)
        if issuer is None:
            await queries.add_issuer(connection, Issuer(did_from_url(public_url), public_url))
            made.append(did_from_url(public_url))
        made += await _make_signing_keys(connection, directory)
        if made:
            approval = await approve_as_operator(connection, actor, "keys")
            detail = {"approval": str(approval.approval_id)}
            await record(connection, actor, *(AuditEvent("key_made", "key", key_id, detail) for key_id in made))
    return made, notice


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


async def require_genuine_secrets(connection: Connection, held: Iterable[SecretKey]) -> None:
    """Raise `UsageError` naming a secret that is not the register's; before `keys init` there is nothing to compare.

    Under another field secret nothing opens; under another index secret every true certificate would be "not found".
    """
    checks = await queries.list_secret_checks(connection)
    for secret in held if checks else ():
        # One that is not registered is refused too: what it sealed would open nowhere else.
        if not hmac.compare_digest(checks.get(secret.key_id, b""), blind_index(secret, CHECKED_WORD)):
            raise UsageError("KEY_WRONG", f"{secret.key_id} in KEY_DIR is not the register's: restore or remove it")


async def trusted_keys(connection: Connection) -> TrustedKeys:
    """Return the public halves of all Ed25519 keys, retired ones too: old certificates stay verifiable."""
    return TrustedKeys(_public_key(row) for row in await queries.list_signing_keys(connection))


async def active_key(connection: Connection, purpose: KeyPurpose) -> PublicKey:
    """Return the key that signs new artefacts of one purpose."""
    for row in await queries.list_signing_keys(connection):
        if row.purpose == purpose.value and row.state == "active":
            return _public_key(row)
    raise UsageError("KEY_MISSING", f"there is no active {purpose.value} key: run `verify-service keys init`")


async def list_keys(connection: Connection, directory: KeyDirectory) -> list[ListedKey]:
    """Return every signing key of the register and every secret of `KEY_DIR`, with no private half of any."""
    listed = [
        ListedKey(
            key_id=row.key_id,
            purpose=row.purpose,
            state=row.state,
            public_key=row.public_key.hex(),
            created_at=row.created_at.astimezone(datetime.UTC),
            in_key_dir=directory.has_private_key(row.key_id),
        )
        for row in await queries.list_signing_keys(connection)
    ]
    for purpose in SecretPurpose:
        newest = True
        for secret in directory.secrets(purpose):
            state = "active" if newest else "retired"
            listed.append(ListedKey(secret.key_id, purpose.value, state, None, None, in_key_dir=True))
            newest = False
    return listed


async def _make_secrets(connection: Connection, directory: KeyDirectory) -> list[str]:
    checks = await queries.list_secret_checks(connection)
    missing = [purpose for purpose in SecretPurpose if not directory.secrets(purpose)]
    lost = [purpose for purpose in missing if any(key_id.startswith(f"{purpose}-") for key_id in checks)]
    if lost:
        # A fresh secret would not open what the lost one sealed, and would hide that it is lost.
        names = ", ".join(lost)
        raise UsageError("KEY_MISSING", f"the register has secrets that KEY_DIR lacks: {names}; restore KEY_DIR")
    for purpose in missing:
        directory.add_secret(purpose, 1)
    held = directory.every_secret()
    await require_genuine_secrets(connection, (secret for secret in held if secret.purpose not in missing))
    # Also those whose registration was cut off by a crash.
    for secret in held:
        if secret.key_id not in checks:
            await queries.add_secret_check(connection, secret.key_id, blind_index(secret, CHECKED_WORD))
    return [f"{purpose.value}-1" for purpose in missing]


async def _make_signing_keys(connection: Connection, directory: KeyDirectory) -> list[str]:
    rows = await queries.list_signing_keys(connection)
    active = {row.purpose for row in rows if row.state == "active"}
    return [
        await _make_signing_key(connection, directory, purpose, rows)
        for purpose in SIGNING_PURPOSES
        if purpose.value not in active
    ]


async def _make_signing_key(
    connection: Connection, directory: KeyDirectory, purpose: KeyPurpose, rows: list[SigningKeyRow]
) -> str:
    year = await queries.current_year(connection)
    number = 1 + max((parse_key_id(row.key_id).number for row in rows if row.purpose == purpose.value), default=0)
    while directory.has_private_key(format_key_id(year, purpose, number)):
        number += 1  # a file whose registration was cut off by a crash: its id is spent
    key_id = format_key_id(year, purpose, number)
    private_key = Ed25519PrivateKey.generate()
    directory.add_private_key(key_id, seal_private_key(private_key, directory.passphrase()))
    cose_kid = None
    if purpose is KeyPurpose.QR:
        cose_kid = 1 + max((row.cose_kid for row in rows if row.cose_kid is not None), default=0)
    public_key = private_key.public_key().public_bytes_raw()
    await queries.add_signing_key(
        connection, key_id=key_id, purpose=purpose.value, public_key=public_key, cose_kid=cose_kid
    )
    return key_id


def _public_key(row: SigningKeyRow) -> PublicKey:
    return PublicKey(
        key_id=KeyId(row.key_id), purpose=KeyPurpose(row.purpose), raw=row.public_key, cose_kid=row.cose_kid
    )
