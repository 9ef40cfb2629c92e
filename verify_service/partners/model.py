"""A partner as the operator sees it."""

from uuid import UUID

import msgspec


class ListedPartner(msgspec.Struct, frozen=True):
    """A partner, the other names that find it, folded, and how many people it has enrolled."""

    name: str
    aliases: tuple[str, ...]
    trainees: int


class Addressee(msgspec.Struct, frozen=True):
    """A partner to choose in a form."""

    partner_id: UUID
    name: str
