"""The register itself as an authority, for the web process."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from verify_service.database import Connection
from verify_service.trust import Trust
from verify_service.verification.model import Issuer, PresentStatus, RegisteredCertificate
from verify_service.verification.queries import find_standing
from verify_service.verification.service.authority import NotAskedError
from verify_service.verification.service.token_page import open_record

Answer = TypeVar("Answer")


class Ask(Protocol):
    """How the register is asked: with a connection, and with the keys and secrets of that moment."""

    async def __call__(self, ask: Callable[[Connection, Trust], Awaitable[Answer]], /) -> Answer:
        """Return what is answered, or raise `UnavailableError`."""


class RegisterAuthority:
    """Believes the database; a connection is borrowed for each question only, not while a file is read."""

    def __init__(
        self,
        ask: Ask,
        *,
        trust: Trust,
        origins: tuple[str, ...],
    ) -> None:
        """`ask` lends a connection for one question; `origins`: the public URL, then former ones."""
        self.issuer = Issuer(
            trust.did, origins, trust.keys, frozenset(trust.compromised), trust.document_keys, trust.receipt_keys
        )
        self._ask = ask

    async def find(self, token: str) -> RegisteredCertificate | None:
        """Return what the register has under a token."""
        return await self._ask(lambda connection, trust: open_record(connection, trust, token))

    async def standing(self, numbers: Sequence[str]) -> Mapping[str, PresentStatus]:
        """Return what became of certificates, by their numbers."""
        return await self._ask(lambda connection, _: find_standing(connection, numbers))

    async def status_lists(self, status_list: int, *, is_register_reached: bool) -> tuple[bytes, ...]:  # noqa: ARG002
        """Refuse: lists are copies of what this register says first-hand."""
        raise NotAskedError
