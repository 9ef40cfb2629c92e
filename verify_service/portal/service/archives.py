"""A partner's certificates of one class as a ZIP, drawn while it is sent."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from itertools import chain, islice, repeat
from typing import Final
from uuid import UUID

from verify_service.credentials.model import Standing
from verify_service.database import Connection
from verify_service.documents.model import Edition, HeldCertificate, PrintedCertificate
from verify_service.documents.service.drawing import Studio
from verify_service.documents.service.printing import print_certificates
from verify_service.portal.queries import certificates as queries

BATCHES: Final = (2, 8, 32)
"""How many are drawn and looked at together, the last for all that follow: the first leave soon."""

Lend = Callable[[], AbstractAsyncContextManager[Connection]]
"""Lends a connection, bound to the partner, in a transaction of its own."""
OpenStudio = Callable[[Connection], Awaitable[Studio]]


class OwnPrints:
    """The certificates of a partner's people in one class, as files that passed the print gate, by number.

    Each batch has a transaction of its own: what was looked at stays looked at when the visitor leaves half-way.
    """

    def __init__(self, lend: Lend, open_studio: OpenStudio, partner_id: UUID, standings: Sequence[Standing]) -> None:
        self.total = len(standings)
        self.done = 0
        self.held = 0
        self.ended = False
        self._lend, self._open_studio = lend, open_studio
        self._partner_id, self._standings = partner_id, standings

    async def __aiter__(self) -> AsyncIterator[PrintedCertificate | HeldCertificate]:
        """Yield each file that passed, and those that are held."""
        for batch in batches(self._standings):
            async with self._lend() as connection:
                # Some may have been revoked, or their person erased, since the first of them was drawn.
                numbers = [standing.certificate_number for standing in batch]
                valid = await queries.list_valid(connection, self._partner_id, numbers)
                # Not before the first byte has left: to open the key that signs PDFs takes a process a second, once.
                printed = await print_certificates(await self._open_studio(connection), valid, Edition.FULL)
            self.total -= len(batch) - len(printed)
            for one in printed:
                self.held += isinstance(one, HeldCertificate)
                self.done += 1
                yield one
        self.ended = True


def batches(standings: Sequence[Standing]) -> Iterator[list[Standing]]:
    """Yield all of them in batches that grow."""
    left = iter(standings)
    for size in chain(BATCHES, repeat(BATCHES[-1])):
        batch = list(islice(left, size))
        if not batch:
            return
        yield batch
