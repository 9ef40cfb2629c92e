"""Whoever sits in front of a console, as handlers know them."""

from uuid import UUID

import msgspec

from verify_service.accounts.model import Account, Role
from verify_service.audit.model import Actor


class Visitor(msgspec.Struct, frozen=True):
    """Somebody who is signed in: account and roles as they are at this request."""

    session_id: UUID
    account: Account
    form_token: str
    """What every form of this session must carry."""
    must_prove: bool = False
    """Whether their proof is too old for a form on a page that was opened without one: it leads to the proof first."""

    @property
    def account_id(self) -> UUID:
        """The account's id."""
        return self.account.account_id

    @property
    def name(self) -> str:
        """The handle by which the trail knows them."""
        return self.account.name

    @property
    def roles(self) -> frozenset[Role]:
        """What they may do."""
        return self.account.roles

    @property
    def partner_id(self) -> UUID | None:
        """The partner whose rows they see; None for staff."""
        return self.account.partner_id

    @property
    def home(self) -> str:
        """Where their console begins."""
        return "/staff" if self.partner_id is None else "/partner"

    @property
    def actor(self) -> Actor:
        """Who is written into the trail."""
        return Actor(self.account.name, session=str(self.session_id))
