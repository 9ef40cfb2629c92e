"""What a client does with its own webhook: watch, watch no longer, count.

Whoever asks shows the bearer token made with the webhook. What it opens is decided in one place, `read_access`: keys of
API clients can take its place there.
"""

import hashlib
from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

import msgspec

from verify_service.database import Connection
from verify_service.errors import FieldError
from verify_service.webhooks.model import Watches
from verify_service.webhooks.queries import watching as queries
from verify_service.webhooks.rules.watches import parse_watched

BEARER: Final = "bearer "


class Access(msgspec.Struct, frozen=True):
    """A webhook and the proof that it is the asker's; the database judges both together."""

    webhook_id: UUID
    digest: bytes


class RefusedTokensError(Exception):
    """Entries that name no certificate to watch: code by place."""

    def __init__(self, codes: dict[int, str]) -> None:
        super().__init__("tokens refused")
        self.codes = codes


def read_access(webhook_id: str, authorization: str) -> Access | None:
    """Return what an Authorization header may open, or None where it cannot be anything of ours."""
    if authorization[: len(BEARER)].lower() != BEARER:
        return None
    try:
        return Access(UUID(webhook_id), access_digest(authorization[len(BEARER) :].strip()))
    except ValueError:
        return None


def access_digest(token: str) -> bytes:
    """Return what is stored of a bearer token: unsalted, for the token is 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def read_tokens(texts: Sequence[str], origins: Collection[str]) -> list[bytes]:
    """Return the tokens of what is to be watched; raise `RefusedTokensError` with every entry that is none."""
    tokens: list[bytes] = []
    refused: dict[int, str] = {}
    for place, text in enumerate(texts):
        try:
            tokens.append(parse_watched(text, origins))
        except FieldError as error:
            refused[place] = error.code
    if refused:
        raise RefusedTokensError(refused)
    return tokens


async def count(connection: Connection, access: Access) -> Watches | None:
    """Return how many certificates are watched; None without access."""
    return await queries.count_watches(connection, access.webhook_id, access.digest)


async def watch(connection: Connection, access: Access, tokens: Sequence[bytes]) -> Watches | None:
    """Watch these too, known to the register or not: nothing tells which. None without access, or over the limit.

    Of one that no longer stands there is a delivery at once, if there was none before.
    """
    return await queries.add_watches(connection, access.webhook_id, access.digest, tokens)


async def unwatch(connection: Connection, access: Access, tokens: Sequence[bytes] | None) -> Watches | None:
    """Watch these no longer, or none at all; what was revoked before is told all the same. None without access."""
    return await queries.remove_watches(connection, access.webhook_id, access.digest, tokens)
