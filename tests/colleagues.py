"""Accounts of colleagues who propose and approve, and the console's own connection, for tests without pages."""

from typing import Final

import msgspec

from verify_service.accounts.model import Role
from verify_service.audit.model import Actor
from verify_service.cli.session import OperatorSession
from verify_service.clock import now, today_in_shanghai
from verify_service.credentials.service.desk import Desk
from verify_service.database import Connection, new_row_id
from verify_service.jobs.service.running import work_on_next
from verify_service.jobs.service.workshop import Workshop
from verify_service.key_directory import KeyDirectory
from verify_service.proposals.model import Party
from verify_service.proposals.rules import digest_of
from verify_service.proposals.service.class_previews import Reader
from verify_service.proposals.service.deciding import Instant, Outcome, approve, get_proposal, preview
from verify_service.settings import Settings

INSERT_ACCOUNT: Final = "insert into account (account_id, name, roles) values ($1, $2, $3)"


def at_once() -> Instant:
    """Return this moment."""
    return Instant(now(), today_in_shanghai())


async def add_colleague(connection: Connection, name: str, *roles: Role) -> Party:
    """Add an account of these roles, and return it as one that proposes or decides."""
    party = Party(new_row_id(), name, frozenset(roles))
    await connection.execute(INSERT_ACCOUNT, party.account_id, name, sorted(role.value for role in roles))
    return party


class Colleagues(msgspec.Struct, frozen=True):
    """Two people and the console's connection between them."""

    reader: Reader
    workshop: Workshop
    settings: Settings
    issuer: Party
    approver: Party

    @property
    def connection(self) -> Connection:
        return self.reader.connection

    async def desk(self, actor: Actor) -> Desk:
        session = OperatorSession(self.settings, self.connection, KeyDirectory(self.settings), actor)
        return await session.desk()

    async def shown(self, proposal_id: object) -> str:
        """Return the digest of what a decider would see of a proposal."""
        proposal = await get_proposal(self.connection, proposal_id)  # type: ignore[arg-type]  # an id
        return digest_of(await preview(self.reader, proposal, today_in_shanghai()), proposal.proposal_id)

    async def approve(self, proposal_id: object, decider: Party | None = None) -> Outcome:
        """Look at a proposal and approve what is seen."""
        return await approve(
            self.reader,
            decider or self.approver,
            proposal_id,  # type: ignore[arg-type]  # an id
            await self.shown(proposal_id),
            desk_of=self.desk,
            at=at_once(),
        )

    async def work(self) -> None:
        """Work on every job that is due."""
        while await work_on_next(self.workshop, self.connection):
            pass
