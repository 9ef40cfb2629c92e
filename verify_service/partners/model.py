"""A partner as the operator sees it."""

import msgspec


class ListedPartner(msgspec.Struct, frozen=True):
    """A partner, the other names that find it, folded, and how many people it has enrolled."""

    name: str
    aliases: tuple[str, ...]
    trainees: int
