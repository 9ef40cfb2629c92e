"""Who acts, and what is written about it."""

from typing import Any
from uuid import UUID

import msgspec


class Actor(msgspec.Struct, frozen=True):
    """Who makes a change. At the command line: the system user, whose approval is the operator's own hand.

    In the console: the account's handle. Where two people are needed, `name` proposed and `second` approved.
    """

    name: str
    second: str | None = None
    session: str | None = None
    """Of a console: the id of the session, of two people that of the second, who acts now.

    The trail says of each session when it began, and in which network.
    """

    @property
    def hands(self) -> str:
        """Return who stands in the trail: `name`, or `name+second`. No account's handle has a plus sign."""
        return self.name if self.second is None else f"{self.name}+{self.second}"

    def seconding(self, first: str) -> "Actor":
        """Return both people, where this one agrees in their session to what `first` asked for."""
        return Actor(first, second=self.name, session=self.session)


class AuditEvent(msgspec.Struct, frozen=True):
    """One change. `object_id` and `detail` hold ids, numbers, codes and names of institutions: no personal datum."""

    action: str
    object_type: str
    object_id: str
    detail: dict[str, Any] = {}


class ApprovedObject(msgspec.Struct, frozen=True):
    """What an approval is about: a `cohort` or a `subject` by its id, or a `certificate` by its number."""

    object_type: str
    object_id: str


class Approval(msgspec.Struct, frozen=True):
    """Consent to a change, to be recorded before it is made."""

    approval_id: UUID
    action: str
    actor: Actor
    about: ApprovedObject | None = None
