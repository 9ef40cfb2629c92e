"""Whom a check believes: the issuer's keys, the register's word, the published status lists."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from verify_service.verification.model import Issuer, PresentStatus, RegisteredCertificate


class NotAskedError(Exception):
    """Whoever runs the check chose not to ask, or need not: the check is skipped, not failed."""


class Authority(Protocol):
    """What is known of one issuer, and how to ask it about one certificate."""

    @property
    def issuer(self) -> Issuer:
        """Whose signatures count."""

    async def find(self, token: str) -> RegisteredCertificate | None:
        """Return what the register has under a token; None if nothing, as for a malformed one.

        Raises:
            NotAskedError: the register is not to be asked.
            UnavailableError: it cannot be reached.

        """

    async def standing(self, numbers: Sequence[str]) -> Mapping[str, PresentStatus]:
        """Return what became of certificates, by their numbers; one that the register does not have is left out.

        Raises:
            NotAskedError: the register is not to be asked, or does not tell by number.
            UnavailableError: it cannot be reached.

        """

    async def status_lists(self, status_list: int, *, is_register_reached: bool) -> tuple[bytes, ...]:
        """Return signed status lists, unverified, among which those of this number ought to be.

        Raises:
            NotAskedError: the register's own word is enough, or no list may be asked for.
            UnavailableError: they cannot be had.

        """
