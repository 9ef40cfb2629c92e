"""The register itself as an authority, for the web process."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from verify_service.database import Connection
from verify_service.trust import Trust
from verify_service.verification.model import Issuer, RegisteredCertificate
from verify_service.verification.service.authority import NotAskedError
from verify_service.verification.service.token_page import open_record

Connect = Callable[[], AbstractAsyncContextManager[Connection]]


class RegisterAuthority:
    """Believes the database; a connection is borrowed for each question only, not while a file is read."""

    def __init__(
        self,
        connect: Connect,
        *,
        trust: Trust,
        origins: tuple[str, ...],
        compromised: frozenset[str] = frozenset(),
    ) -> None:
        """`connect` lends a connection, or raises `UnavailableError`; `origins`: the public URL, then former ones."""
        self.issuer = Issuer(trust.did, origins, trust.keys, compromised)
        self._connect = connect
        self._trust = trust

    async def find(self, token: str) -> RegisteredCertificate | None:
        """Return what the register has under a token."""
        async with self._connect() as connection:
            return await open_record(connection, self._trust, token)

    async def status_lists(self, status_list: int, *, is_register_reached: bool) -> tuple[bytes, ...]:  # noqa: ARG002
        """Refuse: lists are copies of what this register says first-hand."""
        raise NotAskedError
