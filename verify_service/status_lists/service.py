"""Publishing status lists: signed anew where something was revoked or superseded, and before they grow stale."""

import datetime
from typing import Final

from signing import STATUS_PURPOSES, Signer, StatusList, sign_status_list
from verify_service.database import Connection
from verify_service.status_lists import queries
from verify_service.status_lists.model import ChangedEntry, Publication
from verify_service.status_lists.rules import refresh_bits, revocation_bits

VALID: Final = datetime.timedelta(hours=24)
SIGNED_ANEW_AFTER: Final = datetime.timedelta(hours=12)
"""Half of its validity is left to notice that nothing signs any more."""


async def publish(connection: Connection, signer: Signer, did: str, public_url: str) -> int:
    """Sign the lists that changed, were not signed for twelve hours, or not by this key; return how many they are.

    Runs under the signer's database role, with the active status key. Safe to repeat, and from two processes at once.
    Both lists of a number are signed together and for one instant: from such a pair nobody mistakes superseded for
    revoked.
    """
    async with connection.transaction():
        await queries.lock_publishing(connection)
        # First forgotten, then read: what commits in between is in the bits, and marks the list once more.
        changed = await queries.take_changes(connection)
        instant = await queries.get_instant(connection)
        due = await queries.find_due(connection, changed, signer.key_id, instant - SIGNED_ANEW_AFTER)
        for number in due:
            entries = await queries.list_changed_entries(connection, number)
            for purpose in STATUS_PURPOSES:
                status_list = _status_list(did, public_url, purpose, number, entries, instant)
                await queries.put_publication(connection, _sign(status_list, signer))
    return len(due)


async def find_published(connection: Connection, purpose: str, number: int) -> bytes | None:
    """Return a signed list as it is served, or None where there is no such list."""
    return await queries.find_content(connection, number, purpose)


def _status_list(
    did: str, public_url: str, purpose: str, number: int, entries: list[ChangedEntry], instant: datetime.datetime
) -> StatusList:
    return StatusList(
        public_url=public_url,
        issuer_did=did,
        purpose=purpose,
        number=number,
        valid_from=instant,
        valid_until=instant + VALID,
        bits=refresh_bits(entries) if purpose == "refresh" else revocation_bits(entries),
    )


def _sign(status_list: StatusList, signer: Signer) -> Publication:
    return Publication(
        status_list=status_list.number,
        purpose=status_list.purpose,
        content=sign_status_list(status_list, signer),
        key_id=signer.key_id,
        signed_at=status_list.valid_from,
        valid_until=status_list.valid_until,
    )
