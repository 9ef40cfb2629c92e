"""The operator's part: subscriptions made and ended, deliveries looked at and sent again."""

import secrets as randomness
from typing import Final
from uuid import UUID

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection, new_row_id
from verify_service.errors import UsageError
from verify_service.key_directory import KeyDirectory
from verify_service.keys.rules import usable
from verify_service.keys.service import require_genuine_secrets
from verify_service.sealing.model import SecretKey, SecretPurpose
from verify_service.subjects.service import hold_registration
from verify_service.webhooks.model import (
    DeliveryState,
    Destination,
    ListedDelivery,
    ListedWebhook,
    NewWebhook,
    SealedWebhook,
    Target,
)
from verify_service.webhooks.queries import subscriptions as queries
from verify_service.webhooks.rules.destinations import parse_destination
from verify_service.webhooks.rules.signatures import format_message_id, format_secret, new_secret
from verify_service.webhooks.service.targets import open_target, seal_target
from verify_service.webhooks.service.watching import access_digest

TOKEN_PREFIX: Final = "vsw_"  # noqa: S105  # what every bearer token of a webhook begins with
TOKEN_BYTES: Final = 32
LISTED_DELIVERIES: Final = 500


async def add(
    connection: Connection,
    directory: KeyDirectory,
    actor: Actor,
    *,
    url: str,
    destination: Destination,
    name: str,
    max_watches: int,
) -> NewWebhook:
    """Make a subscription of a URL that was checked; its secret and token can be read here, and never again."""
    webhook_id, secret = new_row_id(), new_secret()
    token = TOKEN_PREFIX + randomness.token_urlsafe(TOKEN_BYTES)
    async with connection.transaction():
        # The secret must not be exchanged between looking which one is in use and sealing under it.
        await hold_registration(connection)
        kek = await _secret_in_use(connection, directory)
        sealed = seal_target(kek, Target(url, secret), webhook_id)
        webhook = SealedWebhook(webhook_id, name, kek.key_id, sealed)
        await queries.add_webhook(connection, webhook, access_digest=access_digest(token), max_watches=max_watches)
        event = AuditEvent("webhook_added", "webhook", str(webhook_id), {"name": name, "origin": destination.origin})
        await record(connection, actor, event)
    return NewWebhook(str(webhook_id), name, destination.origin, format_secret(secret), token)


async def list_all(connection: Connection, directory: KeyDirectory) -> list[ListedWebhook]:
    """Return every subscription; of its URL only the origin."""
    held = directory.secrets(SecretPurpose.WEBHOOK)
    return [_listed(row, held) for row in await queries.list_webhooks(connection)]


async def remove(connection: Connection, actor: Actor, webhook_id: UUID) -> str:
    """End a subscription, and return its name; what it was not told yet, it never will be."""
    async with connection.transaction():
        name = await queries.remove_webhook(connection, webhook_id)
        if name is None:
            raise _unknown()
        await record(connection, actor, AuditEvent("webhook_removed", "webhook", str(webhook_id), {"name": name}))
    return name


async def list_deliveries(
    connection: Connection, webhook_id: UUID | None, state: DeliveryState | None
) -> list[ListedDelivery]:
    """Return the newest deliveries, of one webhook or in one state if so asked."""
    if webhook_id is not None and not await queries.has_webhook(connection, webhook_id):
        raise _unknown()
    return [_delivery(row) for row in await queries.list_deliveries(connection, webhook_id, state, LISTED_DELIVERIES)]


async def retry(connection: Connection, actor: Actor, webhook_id: UUID) -> int:
    """Have everything that has not arrived at a webhook sent anew, and return how many deliveries that is."""
    async with connection.transaction():
        if not await queries.has_webhook(connection, webhook_id):
            raise _unknown()
        revived = await queries.revive_deliveries(connection, webhook_id)
        await record(connection, actor, AuditEvent("webhook_retried", "webhook", str(webhook_id), {"count": revived}))
    return revived


async def reseal_page(connection: Connection, held: tuple[SecretKey, ...], new: SecretKey, limit: int) -> int:
    """Seal some subscriptions under another webhook secret, and return how many; 0 when all are."""
    page = await queries.find_sealed_otherwise(connection, new.key_id, limit)
    for webhook in page:
        sealed = seal_target(new, open_target(held, webhook), webhook.webhook_id)
        await queries.put_target(connection, webhook.webhook_id, new.key_id, sealed)
    return len(page)


async def count_under(connection: Connection, secret: SecretKey) -> int:
    """Return how many subscriptions open only with this secret."""
    return await queries.count_under(connection, secret.key_id)


async def _secret_in_use(connection: Connection, directory: KeyDirectory) -> SecretKey:
    held = directory.secrets(SecretPurpose.WEBHOOK)
    found = usable(held, await require_genuine_secrets(connection, held))
    if not found:
        raise UsageError("KEY_MISSING", "KEY_DIR has no webhook secret in use: run `verify-service keys init`")
    return found[0]


def _listed(row: queries.WebhookRow, held: tuple[SecretKey, ...]) -> ListedWebhook:
    target = open_target(held, SealedWebhook(row.webhook_id, row.name, row.key_id, row.sealed_target))
    return ListedWebhook(
        id=str(row.webhook_id),
        name=row.name,
        origin=parse_destination(target.url, loopback=True).origin,
        watched=row.watched,
        limit=row.max_watches,
        delivered=row.delivered,
        waiting=row.waiting,
        dead=row.dead,
    )


def _delivery(row: queries.DeliveryRow) -> ListedDelivery:
    return ListedDelivery(
        id=format_message_id(row.webhook_delivery_id),
        webhook=row.name,
        type=f"certificate.{row.event}",
        number=row.certificate_number,
        state=row.state,
        attempts=row.attempts,
        outcome=row.outcome,
        created_at=row.created_at,
        due_at=row.due_at if row.state == DeliveryState.WAITING else None,
    )


def _unknown() -> UsageError:
    return UsageError("UNKNOWN_WEBHOOK", "there is no such webhook: see `verify-service webhooks list`")
