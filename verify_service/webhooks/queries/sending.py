"""SQL of whatever sends deliveries, under a role that reads no person."""

import datetime
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from verify_service.database import Connection
from verify_service.webhooks.model import Attempt, Due, SealedWebhook

CHANNEL: Final = "verify_service_webhooks"
"""Where the database says that there is something to tell."""

# One sender for each webhook: its row is held until the outcomes are committed, and let go by the death of the sender.
# Not FOR UPDATE, or a revocation that adds a delivery would wait for a receiver's answer.
LOCK_NEXT_WEBHOOK: Final = """
select webhook_id, name, key_id, sealed_target
  from webhook
 where removed_at is null
   and exists (
           select from webhook_delivery
            where webhook_delivery.webhook_id = webhook.webhook_id and state = 'waiting' and due_at <= $1
       )
 order by served_at nulls first, webhook_id
 limit 1
   for no key update skip locked
"""
SELECT_DUE: Final = """
select webhook_delivery_id, attempts, webhook_delivery.event, credential.certificate_number, credential.token,
       credential_event.reason, credential_event.occurred_at, successor.certificate_number as successor_number
  from webhook_delivery
  join credential on credential.credential_id = webhook_delivery.credential_id
  join credential_event on credential_event.credential_id = webhook_delivery.credential_id
   and credential_event.event = webhook_delivery.event
  left join credential as successor on successor.credential_id = credential_event.successor
 where webhook_id = $1 and state = 'waiting' and due_at <= $2
 order by webhook_delivery_id
 limit $3
"""
UPDATE_DELIVERIES: Final = """
update webhook_delivery
   set state = attempt.state, attempts = attempts + 1, outcome = attempt.outcome, attempted_at = $1,
       due_at = attempt.due_at
  from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) as attempt (id, state, outcome, due_at)
 where webhook_delivery_id = attempt.id
"""
UPDATE_SERVED: Final = "update webhook set served_at = $2 where webhook_id = $1"


async def lock_next_webhook(connection: Connection, now: datetime.datetime) -> SealedWebhook | None:
    """Hold the webhook with something due that waited longest for its turn, until the transaction ends; or None."""
    row = await connection.fetchrow(LOCK_NEXT_WEBHOOK, now)
    return None if row is None else SealedWebhook(*row)


async def find_due(connection: Connection, webhook_id: UUID, now: datetime.datetime, limit: int) -> list[Due]:
    """Return the deliveries of a webhook whose time has come, in the order they were written."""
    return [Due(*row) for row in await connection.fetch(SELECT_DUE, webhook_id, now, limit)]


async def record_turn(
    connection: Connection, webhook_id: UUID, now: datetime.datetime, attempts: Sequence[Attempt]
) -> None:
    """Write down how each attempt of one turn went."""
    await connection.execute(
        UPDATE_DELIVERIES,
        now,
        [attempt.delivery.webhook_delivery_id for attempt in attempts],
        [attempt.state.value for attempt in attempts],
        [attempt.outcome for attempt in attempts],
        [attempt.due_at for attempt in attempts],
    )
    await connection.execute(UPDATE_SERVED, webhook_id, now)
