"""Moving what is stored from one secret to the next, a page at a time; killed at any moment, the next run goes on.

field: the data keys of people and of drafts are wrapped anew, and what accounts sign in with is sealed anew. index:
each certificate is indexed under both, and from the beginning of the rotation every new one is too; only then do
lookups ask under the new one. subject: everybody is indexed anew in one transaction; redemption codes, known by their
HMAC alone, stay under the secret they were made with. budget: what it counted under the old one is counted from
nothing, and canaries known under it have to be planted again. webhook: where each leads is sealed anew; receivers
notice nothing.
"""

from collections.abc import Callable
from typing import Final

from verify_service.accounts.queries.factors import count_under as count_totp_under
from verify_service.accounts.service import sealing as accounts
from verify_service.audit.model import Actor
from verify_service.budgets.queries.upkeep import delete_version as delete_canaries
from verify_service.credentials.queries.issuing import delete_version as delete_indexes
from verify_service.credentials.service.rekeying import index_page
from verify_service.database import Connection
from verify_service.drafts.service import rewrapping as drafts
from verify_service.errors import ConflictError
from verify_service.key_directory import KeyDirectory
from verify_service.keys.model import SecretState
from verify_service.keys.service.secrets import (
    Rotation,
    find_rotation,
    hold_secrets,
    move_secret,
    prepare_rotation,
    require_retirable,
    retire_secret,
)
from verify_service.redemption_codes.queries.codes import count_under_version
from verify_service.sealing.model import SecretKey, SecretPurpose, Secrets
from verify_service.subjects import service as subjects
from verify_service.webhooks.service.subscribing import count_under, reseal_page

PAGE: Final = 1_000
"""A second or so, for which whoever registers or issues waits."""

Progress = Callable[[int], None]


async def prepare(connection: Connection, directory: KeyDirectory, purpose: SecretPurpose, actor: Actor) -> Rotation:
    """Return the rotation that was begun, or begin one: the secret is made, and used by nobody yet."""
    begun = await find_rotation(connection, directory, purpose)
    return begun or await prepare_rotation(connection, directory, purpose, actor)


async def rotate(
    connection: Connection, directory: KeyDirectory, rotation: Rotation, actor: Actor, progress: Progress
) -> None:
    """Take a prepared secret into use; `progress` is told how many rows were moved, page by page."""
    secrets = directory.require_secrets()
    purpose = rotation.new.purpose
    if purpose in {SecretPurpose.FIELD, SecretPurpose.INDEX}:
        await _begin(connection, rotation, actor)
        while await _move_page(connection, secrets, rotation, progress):
            pass
    async with connection.transaction():
        await subjects.hold_registration(connection)
        await hold_secrets(connection)  # uploads under way, which wait for no import
        if purpose is not SecretPurpose.SUBJECT:
            await _pages(connection, secrets, rotation, progress)  # what was written since the last page
        await move_secret(connection, rotation, SecretState.ACTIVE, actor)
        if purpose is SecretPurpose.SUBJECT:
            await _pages(connection, secrets, rotation, progress)


async def retire(connection: Connection, secret_id: str, actor: Actor) -> None:
    """End a secret; refuse the one in use, and one without which something would not open or be found any more."""
    purpose, version = SecretPurpose(secret_id.partition("-")[0]), int(secret_id.partition("-")[2])
    async with connection.transaction():
        await subjects.hold_registration(connection)
        await hold_secrets(connection)
        await require_retirable(connection, purpose, secret_id)
        left = await _count_needing(connection, SecretKey(purpose, version, b""))
        if left:
            raise ConflictError("KEY_STILL_NEEDED", f"{left} people, redemption codes or drafts still need {secret_id}")
        await retire_secret(connection, secret_id, actor)
        if purpose is SecretPurpose.INDEX:
            await delete_indexes(connection, version)
        if purpose is SecretPurpose.BUDGET:
            await delete_canaries(connection, version)


async def _begin(connection: Connection, rotation: Rotation, actor: Actor) -> None:
    if rotation.state is SecretState.PREPARED:
        async with connection.transaction():
            await subjects.hold_registration(connection)
            await move_secret(connection, rotation, SecretState.INCOMING, actor)


async def _move_page(connection: Connection, secrets: Secrets, rotation: Rotation, progress: Progress) -> bool:
    async with connection.transaction():
        await subjects.hold_registration(connection)
        moved = await _page(connection, secrets, rotation)
    progress(moved)
    return moved == PAGE


async def _pages(connection: Connection, secrets: Secrets, rotation: Rotation, progress: Progress) -> None:
    while moved := await _page(connection, secrets, rotation):
        progress(moved)


async def _page(connection: Connection, secrets: Secrets, rotation: Rotation) -> int:
    new = rotation.new
    match new.purpose:
        case SecretPurpose.FIELD:
            moved = await subjects.rewrap_page(connection, secrets, new, PAGE)
            moved = moved or await drafts.rewrap_page(connection, secrets, new, PAGE)
            return moved or await accounts.reseal_page(connection, secrets, new, PAGE)
        case SecretPurpose.INDEX:
            return await index_page(connection, secrets, new, PAGE)
        case SecretPurpose.SUBJECT:
            return await subjects.reindex_page(connection, secrets, new, PAGE)
        case SecretPurpose.BUDGET:
            return 0
        case SecretPurpose.WEBHOOK:
            return await reseal_page(connection, (new, rotation.old), new, PAGE)


async def _count_needing(connection: Connection, secret: SecretKey) -> int:
    match secret.purpose:
        case SecretPurpose.FIELD:
            sealed = await count_totp_under(connection, secret.key_id) + await drafts.count_under(connection, secret)
            return sealed + await subjects.count_under(connection, secret)
        case SecretPurpose.SUBJECT:
            codes = await count_under_version(connection, secret.version)
            return codes + await subjects.count_under(connection, secret)
        case SecretPurpose.WEBHOOK:
            return await count_under(connection, secret)
        case _:
            return 0
