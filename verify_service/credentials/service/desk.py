"""What issuing and correcting share: who acts, for which issuer, with which keys and texts."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from signing import KeyPurpose, PublicKey, Signer
from verify_service.audit.model import Actor
from verify_service.credentials.model import Kind
from verify_service.credentials.queries import issuing as queries
from verify_service.credentials.service.templates import Template, current_template
from verify_service.database import Connection
from verify_service.errors import UsageError
from verify_service.institution import Institution
from verify_service.keys import service as keys
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings


class Signers(Protocol):
    """Where signers come from: `KEY_DIR`, or later a process of its own."""

    def signer(self, key_id: str) -> Signer:
        """Return the signer of a key id, or refuse naming it."""


class Desk(msgspec.Struct, frozen=True):
    """Everything a change to credentials needs besides what it is about."""

    connection: Connection
    secrets: Secrets
    signers: Signers
    actor: Actor
    public_url: str
    did: str
    credential_key: PublicKey
    qr_key: PublicKey
    kinds: dict[str, Kind]
    templates: dict[str, Template]
    missing_characters: Callable[[str], tuple[str, ...]]


def genuine_signer(signers: Signers, key: PublicKey) -> Signer:
    """Return the signer of a registered key; refuse another key under its id: its signatures could never be mended."""
    signer = signers.signer(key.key_id)
    if signer.public_key != key.raw:
        raise UsageError("KEY_WRONG", f"the key {key.key_id} in KEY_DIR is not the one the register knows: restore it")
    return signer


async def open_desk(
    connection: Connection,
    settings: Settings,
    *,
    secrets: Secrets,
    signers: Signers,
    actor: Actor,
    institution: Institution,
    missing_characters: Callable[[str], tuple[str, ...]],
) -> Desk:
    """Return a desk; refuse where issuer or keys are missing or wrong, or the public URL is not the issuer's.

    Both signers are opened here: a number that is taken while its key does not open would wait for it unsigned.
    """
    issuer = await keys.require_issuer(connection, settings)
    credential_key = await keys.active_key(connection, KeyPurpose.CREDENTIAL)
    qr_key = await keys.active_key(connection, KeyPurpose.QR)
    for key in (credential_key, qr_key):
        genuine_signer(signers, key)
    return Desk(
        connection=connection,
        secrets=secrets,
        signers=signers,
        actor=actor,
        public_url=settings.require_public_url(),
        did=issuer.did,
        credential_key=credential_key,
        qr_key=qr_key,
        kinds=await queries.list_kinds(connection),
        templates={kind: current_template(institution, kind) for kind in institution.certificates},
        missing_characters=missing_characters,
    )
