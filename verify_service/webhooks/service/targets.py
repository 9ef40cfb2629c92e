"""Sealing where a webhook leads and what signs it: a dump of the database tells neither."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from verify_service.errors import UnavailableError
from verify_service.sealing.model import SecretKey
from verify_service.sealing.rules import SubjectCipher
from verify_service.webhooks.model import SealedWebhook, Target

PLACE = "webhook:sealed_target"


def seal_target(secret: SecretKey, target: Target, webhook_id: UUID) -> bytes:
    """Return a target sealed for its row, directly under the webhook secret: there are few of them."""
    return SubjectCipher(secret.key).seal(msgspec.json.encode(target), PLACE, webhook_id)


def open_target(secrets: Iterable[SecretKey], webhook: SealedWebhook) -> Target:
    """Return where a webhook leads; raise `UnavailableError` for a secret that is not here, or not the right one."""
    secret = next((secret for secret in secrets if secret.key_id == webhook.key_id), None)
    if secret is None:
        raise UnavailableError("KEY_MISSING", f"the secret {webhook.key_id} is not in KEY_DIR")
    opened = SubjectCipher(secret.key).open(webhook.sealed_target, PLACE, webhook.webhook_id)
    return msgspec.json.decode(opened, type=Target)
