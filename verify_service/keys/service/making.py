"""Making keys. The private half is written before the register names it: a row without its key could never sign."""

from signing import DOCUMENT_PURPOSES, KeyPurpose, did_from_url, format_key_id, parse_key_id
from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.database import Connection
from verify_service.errors import UsageError
from verify_service.key_directory import KeyDirectory
from verify_service.keys import queries
from verify_service.keys.model import Issuer, KeyState, SigningKeyRow
from verify_service.keys.service.reading import CHECKED_WORD, require_genuine_secrets
from verify_service.private_keys import PrivateKeys
from verify_service.sealing.model import SecretPurpose
from verify_service.sealing.rules import blind_index
from verify_service.settings import TokenSettings


async def initialise(
    connection: Connection,
    directory: KeyDirectory,
    public_url: str,
    actor: Actor,
    *,
    token: TokenSettings | None = None,
    organisation: str | None = None,
) -> tuple[list[str], str | None]:
    """Make whatever is missing; return the ids of what was made and what the operator must be told.

    Private halves of signing keys are made in the token where there is one, else in `KEY_DIR`.
    `organisation` is who the certificates of the keys for PDFs and receipts name; the host, where it is not given.
    """
    async with connection.transaction():
        await queries.lock_signing_keys(connection)
        notice = directory.prepare()
        made = await _make_secrets(connection, directory)
        issuer = await queries.find_issuer(connection)
        if issuer is None:
            await queries.add_issuer(connection, Issuer(did_from_url(public_url), public_url))
            made.append(did_from_url(public_url))
        made += await _make_signing_keys(connection, PrivateKeys(directory, token), organisation or public_url)
        if made:
            approval = await approve(connection, actor, "keys")
            detail = {"approval": str(approval.approval_id)}
            await record(connection, actor, *(AuditEvent("key_made", "key", key_id, detail) for key_id in made))
    return made, notice


async def make_signing_key(
    connection: Connection,
    private_keys: PrivateKeys,
    purpose: KeyPurpose,
    rows: list[SigningKeyRow],
    organisation: str,
) -> str:
    """Make and register a key of a purpose none of whose keys in `rows` is active any more; return its id."""
    today = await queries.today(connection)
    year = today.year
    number = 1 + max((parse_key_id(row.key_id).number for row in rows if row.purpose == purpose.value), default=0)
    while private_keys.place(format_key_id(year, purpose, number)) is not None:
        number += 1  # one whose registration was cut off by a crash: its id is spent
    key_id = format_key_id(year, purpose, number)
    if purpose in DOCUMENT_PURPOSES:
        public_key = private_keys.make_document_key(key_id, organisation, today)
    else:
        public_key = private_keys.make(key_id)
    cose_kid = None
    if purpose is KeyPurpose.QR:
        cose_kid = 1 + max((row.cose_kid for row in rows if row.cose_kid is not None), default=0)
    await queries.add_signing_key(
        connection, key_id=key_id, purpose=purpose.value, public_key=public_key, cose_kid=cose_kid
    )
    return key_id


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
    registered = {key_id.partition("-")[0] for key_id in checks}
    for secret in held:
        # Of a purpose that the register knows, only `keys rotate` takes another version into use.
        if secret.purpose.value not in registered:
            await queries.add_secret_check(connection, secret.key_id, blind_index(secret, CHECKED_WORD))
    return [f"{purpose.value}-1" for purpose in missing]


async def _make_signing_keys(connection: Connection, private_keys: PrivateKeys, organisation: str) -> list[str]:
    rows = await queries.list_signing_keys(connection)
    active = {row.purpose for row in rows if row.state is KeyState.ACTIVE}
    return [
        await make_signing_key(connection, private_keys, purpose, rows, organisation)
        for purpose in KeyPurpose
        if purpose.value not in active
    ]
