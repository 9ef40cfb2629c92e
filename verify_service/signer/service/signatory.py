"""Who signs: for which issuer, with which keys, each proved to be the registered one before it is used."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from signing import KeyPurpose, PublicKey, Signer
from verify_service.audit.model import Actor
from verify_service.database import Connection
from verify_service.errors import ServiceError, UsageError
from verify_service.key_directory import KeyDirectory
from verify_service.keys import service as keys
from verify_service.sealing.model import SecretKey, SecretPurpose
from verify_service.settings import Settings
from verify_service.signer import queries
from verify_service.signer.model import Origin

ACTOR = Actor("signer")


class Signers(Protocol):
    """Where signers come from: `KEY_DIR`, or a token."""

    def signer(self, key_id: str) -> Signer:
        """Return the signer of a key id, or refuse naming it."""


class Signatory(msgspec.Struct, frozen=True):
    """Everything a signature needs besides what is signed."""

    origin: Origin
    field_secrets: tuple[SecretKey, ...]
    signers: Signers
    public_url: str


class KeyRing(msgspec.Struct, frozen=True):
    """The keys of one batch: those that sign, and for the others the code of why they do not."""

    public: dict[str, PublicKey]
    signers: dict[str, Signer]
    withdrawn: frozenset[str]
    """No longer to sign with, whoever holds them: retired, compromised, or never registered."""
    unusable: dict[str, str]
    """Of use once their file or token is back."""


async def open_signatory(
    connection: Connection, settings: Settings, directory: KeyDirectory, signers: Signers
) -> Signatory:
    """Return who signs; refuse where issuer or secrets are missing or not this register's.

    The field secrets are read anew each time: they are few, and may have been rotated.
    """
    issuer = await keys.require_issuer(connection, settings)
    field_secrets = directory.secrets(SecretPurpose.FIELD)
    if not field_secrets:
        raise UsageError("KEY_MISSING", "KEY_DIR has no field secret: run `verify-service keys init`, or copy it here")
    await keys.require_genuine_secrets(connection, field_secrets)
    public_url = settings.require_public_url()
    origin = Origin(issuer.did, frozenset({public_url, issuer.public_url, *settings.former_public_urls}))
    return Signatory(origin, field_secrets, signers, public_url)


def genuine_signer(signers: Signers, key: PublicKey) -> Signer:
    """Return the signer of a registered key; refuse another key under its id: its signatures could never be mended."""
    signer = signers.signer(key.key_id)
    if signer.public_key != key.raw:
        raise UsageError("KEY_WRONG", f"the key {key.key_id} in KEY_DIR is not the one the register knows: restore it")
    return signer


async def load_keys(connection: Connection, signers: Signers, key_ids: frozenset[str]) -> KeyRing:
    """Return what there is of these keys; one that does not open is named in the ring and stops no other."""
    in_use = await queries.find_keys_in_use(connection)
    public = {str(key.key_id): key for key in await keys.trusted_keys(connection) if key.key_id in key_ids & in_use}
    opened: dict[str, Signer] = {}
    unusable: dict[str, str] = {}
    for key_id, key in public.items():
        try:
            opened[key_id] = genuine_signer(signers, key)
        except ServiceError as error:
            unusable[key_id] = error.code
    return KeyRing(public, opened, key_ids - public.keys(), unusable)


async def require_ready(connection: Connection, signers: Signers, key_ids: Sequence[str]) -> None:
    """Return if all of these keys are in use, open and are the registered ones; refuse naming one that is not."""
    in_use = await queries.find_keys_in_use(connection)
    registered = {str(key.key_id): key for key in await keys.trusted_keys(connection)}
    for key_id in key_ids:
        if key_id not in in_use or key_id not in registered:
            # Before its name becomes the name of a file.
            raise UsageError("KEY_NOT_IN_USE", "a key that was asked for is not one the register signs with")
        genuine_signer(signers, registered[key_id])


async def status_signer(connection: Connection, signers: Signers) -> Signer:
    """Return the signer of status lists."""
    return genuine_signer(signers, await keys.active_key(connection, KeyPurpose.STATUS))
