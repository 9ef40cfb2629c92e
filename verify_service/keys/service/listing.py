"""Which keys there are, and what of them the public needs."""

import datetime

from signing import KeyPurpose, PublicKey, did_document, format_vkey, jwks
from verify_service.database import Connection
from verify_service.errors import UsageError
from verify_service.keys import queries
from verify_service.keys.model import KeyState, ListedKey, PublishedFiles, SigningKeyRow
from verify_service.keys.service.reading import document_keys, public_key, public_keys, receipt_keys
from verify_service.private_keys import PrivateKeys
from verify_service.sealing.model import SecretPurpose


async def list_keys(connection: Connection, private_keys: PrivateKeys) -> list[ListedKey]:
    """Return every signing key and secret of the register, with no private half of any."""
    listed = [_listed(row, private_keys) for row in await queries.list_signing_keys(connection)]
    held = private_keys.directory.secret_ids()
    order = [purpose.value for purpose in SecretPurpose]
    secrets = await queries.list_secrets(connection)
    for row in sorted(secrets, key=lambda row: order.index(row.key_id.partition("-")[0])):
        here = row.key_id in held
        listed.append(
            ListedKey(
                key_id=row.key_id,
                purpose=row.key_id.partition("-")[0],
                state=row.state.value,
                public_key=None,
                created_at=None,
                in_key_dir=here,
                since=row.state_since.astimezone(datetime.UTC),
                private_half="file" if here else None,
            )
        )
    return listed


async def published_files(connection: Connection) -> PublishedFiles:
    """Return the files by which anybody verifies without us; refuse before there are keys."""
    issuer = await queries.find_issuer(connection)
    rows = await queries.list_signing_keys(connection)
    log_keys = _note_keys(rows, KeyPurpose.LOG)
    if issuer is None or not log_keys:
        raise UsageError("KEY_MISSING", "there is no log key to publish yet: run `verify-service keys init`")
    keys = public_keys(rows)
    compromised = compromised_keys(rows)
    return PublishedFiles(
        did_json=did_document(issuer.did, keys, compromised),
        jwks_json=jwks(keys, compromised, (*document_keys(rows), *receipt_keys(rows))),
        log_vkey=_vkeys(issuer.public_url, log_keys),
        audit_vkey=_vkeys(issuer.public_url, _note_keys(rows, KeyPurpose.AUDIT)),
    )


def compromised_keys(rows: list[SigningKeyRow]) -> frozenset[str]:
    """Return the ids of keys that somebody else may hold."""
    return frozenset(row.key_id for row in rows if row.state is KeyState.COMPROMISED)


def _note_keys(rows: list[SigningKeyRow], purpose: KeyPurpose) -> list[PublicKey]:
    """Return the keys that sign notes of one kind, that in use first, without compromised ones."""
    sound = [row for row in rows if row.purpose == purpose and row.state is not KeyState.COMPROMISED]
    return [public_key(row) for row in sorted(sound, key=_is_not_in_use)]


def _vkeys(public_url: str, keys: list[PublicKey]) -> bytes:
    return "".join(format_vkey(public_url, key) + "\n" for key in keys).encode()


def _is_not_in_use(row: SigningKeyRow) -> bool:
    return row.state is not KeyState.ACTIVE


def _listed(row: SigningKeyRow, private_keys: PrivateKeys) -> ListedKey:
    return ListedKey(
        key_id=row.key_id,
        purpose=row.purpose,
        state=row.state.value,
        public_key=row.public_key.hex(),
        created_at=row.created_at.astimezone(datetime.UTC),
        in_key_dir=private_keys.directory.has_private_key(row.key_id),
        since=row.state_since.astimezone(datetime.UTC),
        private_half=private_keys.place(row.key_id),
    )
