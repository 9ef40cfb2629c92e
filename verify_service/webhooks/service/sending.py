"""One turn of one webhook: what is due is posted, and how it went is committed, while its row is held.

A sender that dies lets go of the row, and nothing it did is written down: the next sends the same again, under the same
ids. At least once, never silently not at all.
"""

import asyncio
import datetime
import secrets
from collections.abc import Sequence
from typing import Final

import msgspec
import structlog

from verify_service.audit.model import Actor, AuditEvent
from verify_service.audit.service import record
from verify_service.database import Connection
from verify_service.errors import ServiceError
from verify_service.key_directory import KeyDirectory
from verify_service.sealing.model import SecretPurpose
from verify_service.webhooks.model import Attempt, DeliveryState, Due, SealedWebhook, Target
from verify_service.webhooks.queries import sending as queries
from verify_service.webhooks.rules.destinations import parse_destination
from verify_service.webhooks.rules.events import encode_event
from verify_service.webhooks.rules.retries import next_delay
from verify_service.webhooks.rules.signatures import format_message_id, signed_headers
from verify_service.webhooks.service.posting import Courier, Route
from verify_service.webhooks.service.targets import open_target

TURN: Final = 20
"""Deliveries of one turn, posted at once. So many may arrive twice after a crash."""
ACTOR: Final = Actor("webhooks")
CHANCES: Final = 1 << 20

log = structlog.get_logger()


class Sender(msgspec.Struct, frozen=True):
    """What sending needs besides the database."""

    courier: Courier
    directory: KeyDirectory
    public_url: str


async def serve_next(connection: Connection, sender: Sender, now: datetime.datetime) -> int | None:
    """Give the webhook that waited longest its turn; return how many deliveries were attempted, None if none is due."""
    async with connection.transaction():
        webhook = await queries.lock_next_webhook(connection, now)
        if webhook is None:
            return None
        due = await queries.find_due(connection, webhook.webhook_id, now, TURN)
        outcomes = await _post_all(sender, webhook, due, now)
        attempts = [_judge(*one, now) for one in zip(due, outcomes, strict=True)]
        await queries.record_turn(connection, webhook.webhook_id, now, attempts)
        dead = [attempt for attempt in attempts if attempt.state is DeliveryState.DEAD]
        await record(connection, ACTOR, *(_death(webhook, attempt) for attempt in dead))
    _tell_operators(webhook, attempts)
    return len(attempts)


async def _post_all(sender: Sender, webhook: SealedWebhook, due: Sequence[Due], now: datetime.datetime) -> list[str]:
    """Return the outcome of each; what stands in the way of all of them is the outcome of each."""
    try:
        target = open_target(sender.directory.secrets(SecretPurpose.WEBHOOK), webhook)
        destination = parse_destination(target.url, loopback=sender.courier.loopback)
        async with sender.courier.route(destination) as route:
            posts = (_post(route, target, one, sender.public_url, now) for one in due)
            return list(await asyncio.gather(*posts))
    except ServiceError as error:
        return [error.code] * len(due)
    except Exception as error:
        # A fault of ours in one webhook must not end the sender of all; type and place only are logged.
        log.exception("webhook_failed", webhook=str(webhook.webhook_id), exc_info=error)
        return ["SENDER_FAILED"] * len(due)


async def _post(route: Route, target: Target, due: Due, public_url: str, now: datetime.datetime) -> str:
    body = encode_event(due, public_url)
    return await route.post(signed_headers(target.secret, format_message_id(due.webhook_delivery_id), now, body), body)


def _judge(due: Due, outcome: str, now: datetime.datetime) -> Attempt:
    if outcome.startswith("2"):
        return Attempt(due, DeliveryState.DELIVERED, outcome, now)
    delay = next_delay(due.attempts + 1, secrets.randbelow(CHANCES) / CHANCES)
    if delay is None:
        return Attempt(due, DeliveryState.DEAD, outcome, now)
    return Attempt(due, DeliveryState.WAITING, outcome, now + delay)


def _death(webhook: SealedWebhook, attempt: Attempt) -> AuditEvent:
    detail = {
        "webhook": str(webhook.webhook_id),
        "number": attempt.delivery.certificate_number,
        "event": attempt.delivery.event,
        "outcome": attempt.outcome,
    }
    message_id = format_message_id(attempt.delivery.webhook_delivery_id)
    return AuditEvent("webhook_delivery_dead", "webhook_delivery", message_id, detail)


def _tell_operators(webhook: SealedWebhook, attempts: Sequence[Attempt]) -> None:
    """Log what failed, without anything of its address, and what was given up as an error."""
    for attempt in attempts:
        said = {
            "webhook": str(webhook.webhook_id),
            "delivery": format_message_id(attempt.delivery.webhook_delivery_id),
            "outcome": attempt.outcome,
            "attempt": attempt.delivery.attempts + 1,
        }
        if attempt.state is DeliveryState.DEAD:
            log.error("webhook_delivery_dead", **said)
        elif attempt.state is DeliveryState.WAITING:
            log.warning("webhook_delivery_failed", **said)
