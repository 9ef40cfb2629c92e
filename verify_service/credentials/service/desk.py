"""What issuing and correcting share: who acts, for which issuer, with which keys and texts."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from signing import KeyPurpose, PublicKey
from verify_service.audit.model import Actor
from verify_service.credentials.model import Kind, SigningResult
from verify_service.credentials.queries import issuing as queries
from verify_service.credentials.service.templates import Template, current_templates
from verify_service.database import Connection
from verify_service.image_directory import ImageDirectory
from verify_service.institution import Institution
from verify_service.keys import service as keys
from verify_service.sealing.model import Secrets
from verify_service.settings import Settings


class PendingSigner(Protocol):
    """Whoever adds signatures to what stands recorded: a process that listens, or this one. It is told nothing else."""

    async def require_ready(self, key_ids: Sequence[str]) -> None:
        """Return if all of these keys open and are the registered ones; refuse naming one that does not."""

    async def sign_pending(self) -> SigningResult:
        """Sign whatever waits for it and may be signed."""

    async def publish_status(self) -> int:
        """Publish the status lists that changed or are due, and return how many."""


class Desk(msgspec.Struct, frozen=True):
    """Everything a change to credentials needs besides what it is about."""

    connection: Connection
    secrets: Secrets
    signing: PendingSigner
    actor: Actor
    public_url: str
    did: str
    credential_key: PublicKey
    qr_key: PublicKey
    kinds: dict[str, Kind]
    templates: dict[str, Template]
    missing_characters: Callable[[str], tuple[str, ...]]


async def open_desk(
    connection: Connection,
    settings: Settings,
    *,
    secrets: Secrets,
    signing: PendingSigner,
    actor: Actor,
    institution: Institution,
    missing_characters: Callable[[str], tuple[str, ...]],
) -> Desk:
    """Return a desk; refuse where issuer or keys are missing or wrong, or the public URL is not the issuer's.

    So are a text or image that cannot be drawn: a number that is taken with it would be a certificate without a paper.
    The signer opens both keys here: a number that is taken while its key does not open would wait for it unsigned.
    """
    issuer = await keys.require_issuer(connection, settings)
    credential_key = await keys.active_key(connection, KeyPurpose.CREDENTIAL)
    qr_key = await keys.active_key(connection, KeyPurpose.QR)
    await signing.require_ready((credential_key.key_id, qr_key.key_id))
    return Desk(
        connection=connection,
        secrets=secrets,
        signing=signing,
        actor=actor,
        public_url=settings.require_public_url(),
        did=issuer.did,
        credential_key=credential_key,
        qr_key=qr_key,
        kinds=await queries.list_kinds(connection),
        templates=current_templates(institution, ImageDirectory(settings)),
        missing_characters=missing_characters,
    )
