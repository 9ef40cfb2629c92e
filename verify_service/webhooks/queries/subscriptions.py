"""SQL of subscriptions and of what became of deliveries, under the operator's role."""

import datetime
from typing import Final
from uuid import UUID

import msgspec

from verify_service.database import Connection
from verify_service.webhooks.model import SealedWebhook

INSERT_WEBHOOK: Final = """
insert into webhook (webhook_id, name, key_id, sealed_target, access_digest, max_watches)
values ($1, $2, $3, $4, $5, $6)
"""
SELECT_WEBHOOKS: Final = """
select webhook.webhook_id, name, key_id, sealed_target, max_watches,
       (select count(*) from webhook_watch where webhook_watch.webhook_id = webhook.webhook_id) as watched,
       count(*) filter (where state = 'delivered') as delivered, count(*) filter (where state = 'waiting') as waiting,
       count(*) filter (where state = 'dead') as dead
  from webhook
  left join webhook_delivery on webhook_delivery.webhook_id = webhook.webhook_id
 where removed_at is null
 group by webhook.webhook_id
 order by webhook.created_at, webhook.webhook_id
"""
# Everybody who adds, removes or revokes locks less than this row: nobody who holds it waits for them.
REMOVE_WEBHOOK: Final = """
update webhook set removed_at = now(), key_id = null, sealed_target = null, access_digest = null
 where webhook_id = $1 and removed_at is null
returning name
"""
DELETE_WATCHES: Final = "delete from webhook_watch where webhook_id = $1"
DELETE_DELIVERIES: Final = "delete from webhook_delivery where webhook_id = $1"
SELECT_DELIVERIES: Final = """
select webhook_delivery_id, name, webhook_delivery.event, certificate_number, state, attempts, outcome,
       webhook_delivery.created_at, due_at
  from webhook_delivery
  join webhook on webhook.webhook_id = webhook_delivery.webhook_id
  join credential on credential.credential_id = webhook_delivery.credential_id
 where ($1::uuid is null or webhook.webhook_id = $1) and ($2::text is null or state = $2)
 order by webhook_delivery_id desc
 limit $3
"""
SELECT_EXISTS: Final = "select exists (select from webhook where webhook_id = $1 and removed_at is null)"
REVIVE_DELIVERIES: Final = """
update webhook_delivery set state = 'waiting', attempts = 0, due_at = now()
 where webhook_id = $1 and state <> 'delivered'
"""
NOTIFY_SENDERS: Final = "select pg_notify('verify_service_webhooks', '')"
SELECT_SEALED_OTHERWISE: Final = """
select webhook_id, name, key_id, sealed_target from webhook where key_id <> $1 order by webhook_id limit $2 for update
"""
UPDATE_TARGET: Final = "update webhook set key_id = $2, sealed_target = $3 where webhook_id = $1"
COUNT_UNDER: Final = "select count(*) from webhook where key_id = $1"


class WebhookRow(msgspec.Struct, frozen=True):
    """A webhook that was not removed, with what it watches and was told."""

    webhook_id: UUID
    name: str
    key_id: str
    sealed_target: bytes
    max_watches: int
    watched: int
    delivered: int
    waiting: int
    dead: int


class DeliveryRow(msgspec.Struct, frozen=True):
    """One delivery, as it stands."""

    webhook_delivery_id: UUID
    name: str
    event: str
    certificate_number: str
    state: str
    attempts: int
    outcome: str | None
    created_at: datetime.datetime
    due_at: datetime.datetime


async def add_webhook(
    connection: Connection, webhook: SealedWebhook, *, access_digest: bytes, max_watches: int
) -> None:
    """Add a subscription."""
    await connection.execute(
        INSERT_WEBHOOK,
        webhook.webhook_id,
        webhook.name,
        webhook.key_id,
        webhook.sealed_target,
        access_digest,
        max_watches,
    )


async def list_webhooks(connection: Connection) -> list[WebhookRow]:
    """Return every subscription, oldest first."""
    return [WebhookRow(*row) for row in await connection.fetch(SELECT_WEBHOOKS)]


async def remove_webhook(connection: Connection, webhook_id: UUID) -> str | None:
    """End a subscription, with what it watches and was told, and return its name; None where there is none."""
    name: str | None = await connection.fetchval(REMOVE_WEBHOOK, webhook_id)
    if name is not None:
        await connection.execute(DELETE_WATCHES, webhook_id)
        await connection.execute(DELETE_DELIVERIES, webhook_id)
    return name


async def list_deliveries(
    connection: Connection, webhook_id: UUID | None, state: str | None, limit: int
) -> list[DeliveryRow]:
    """Return deliveries, newest first."""
    return [DeliveryRow(*row) for row in await connection.fetch(SELECT_DELIVERIES, webhook_id, state, limit)]


async def has_webhook(connection: Connection, webhook_id: UUID) -> bool:
    """Tell whether there is a subscription of this id."""
    return bool(await connection.fetchval(SELECT_EXISTS, webhook_id))


async def revive_deliveries(connection: Connection, webhook_id: UUID) -> int:
    """Have everything that did not arrive sent anew, from the first delay on; return how many these are."""
    done = await connection.execute(REVIVE_DELIVERIES, webhook_id)
    await connection.execute(NOTIFY_SENDERS)
    return int(done.rpartition(" ")[2])


async def find_sealed_otherwise(connection: Connection, key_id: str, limit: int) -> list[SealedWebhook]:
    """Return subscriptions that are not sealed under this secret."""
    return [SealedWebhook(*row) for row in await connection.fetch(SELECT_SEALED_OTHERWISE, key_id, limit)]


async def put_target(connection: Connection, webhook_id: UUID, key_id: str, sealed_target: bytes) -> None:
    """Store where a subscription leads under another secret."""
    await connection.execute(UPDATE_TARGET, webhook_id, key_id, sealed_target)


async def count_under(connection: Connection, key_id: str) -> int:
    """Return how many subscriptions open only with this secret."""
    count: int = await connection.fetchval(COUNT_UNDER, key_id)
    return count
