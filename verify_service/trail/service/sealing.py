"""Signing how far the trail reaches, every hour: never without having read what came since the head before.

A signer that vouched for whatever it finds would sign a forged trail as willingly as a true one.
"""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Final

from signing import AuditHead, KeyPurpose, Signer, sign_audit_head
from verify_service.database import Connection
from verify_service.errors import ConflictError, UsageError
from verify_service.keys import service as keys
from verify_service.keys.queries import find_issuer
from verify_service.trail.model import KeptHead, StoredEvent
from verify_service.trail.queries import events as event_queries
from verify_service.trail.queries import sealing as queries
from verify_service.trail.queries.heads import find_newest
from verify_service.trail.rules.chain import ChainCheck
from verify_service.trail.rules.heads import verified_head
from verify_service.trail.service.believing import registered_keys
from verify_service.trail.service.keeping import keep_heads, newest_note

HEAD_EVERY: Final = datetime.timedelta(hours=1)
CAUGHT_UP: Final = datetime.timedelta(days=31)
"""A folder that could not be written for so long gets what it missed."""


async def seal_trail(
    connection: Connection,
    signer_of: Callable[[str], Signer],
    folder: Path,
    every: datetime.timedelta = HEAD_EVERY,
) -> int:
    """Sign a head if one is due, keep it in the register and in the folder, and return how many were signed, 0 or 1.

    Raises:
        ConflictError: the trail is not what follows from the heads there are; nothing is signed from then on.
        UsageError: there is no key of the trail yet, or the folder cannot be read or written.
    """
    if not await queries.is_due(connection, every):
        return 0
    async with connection.transaction(isolation="repeatable_read"):
        last = await _last_sound_event(connection, folder)
        if last is None:
            return 0
        signed_at = await queries.now(connection)
        head = AuditHead(last.number, last.hash, signed_at)
        await queries.add_head(connection, head, await _sign(connection, head, signer_of))
    await _catch_up(connection, folder)
    return 1


async def _sign(connection: Connection, head: AuditHead, signer_of: Callable[[str], Signer]) -> str:
    issuer = await find_issuer(connection)
    if issuer is None:
        raise UsageError("KEY_MISSING", "the issuer has no keys yet: run `verify-service keys init`")
    key = await keys.active_key(connection, KeyPurpose.AUDIT)
    signer = signer_of(key.key_id)
    if signer.public_key != key.raw:
        raise UsageError("KEY_WRONG", f"the key {key.key_id} in KEY_DIR is not the one the register knows: restore it")
    return sign_audit_head(head, issuer.public_url, signer)


async def _last_sound_event(connection: Connection, folder: Path) -> StoredEvent | None:
    """Return the trail's last event, None of an empty one; refuse a trail that is not the one signed before."""
    heads = [kept.head for kept in await _heads_before(connection, folder)]
    first = min((head.event_id for head in heads), default=1)
    check, last = ChainCheck(heads, first), None
    async for event in event_queries.read_events(connection, first):
        check.read(event)
        last = event
    fault = check.verdict().fault
    if fault is not None:
        raise ConflictError("AUDIT_TRAIL_BROKEN", f"{fault.sentence}: run `verify-service audit verify`")
    return last


async def _heads_before(connection: Connection, folder: Path) -> list[KeptHead]:
    """Return the newest head of the register and that of the folder, where there are any: the same one, usually."""
    known = await registered_keys(connection)
    row = await find_newest(connection)
    notes = [None if row is None else row.signed_note, newest_note(folder)]
    return [verified_head(note, known) for note in dict.fromkeys(notes) if note is not None]


async def _catch_up(connection: Connection, folder: Path) -> None:
    known = await registered_keys(connection)
    notes = await queries.list_notes_since(connection, CAUGHT_UP)
    keep_heads(folder, [verified_head(note, known) for note in notes])


async def newest_head(connection: Connection) -> KeptHead | None:
    """Return the head that was signed last, to be shown, or None; refuse one that no sound key has signed."""
    row = await find_newest(connection)
    return None if row is None else verified_head(row.signed_note, await registered_keys(connection))
