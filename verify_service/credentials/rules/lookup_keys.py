"""Under which blind indexes a person's certificates are found."""

import msgspec

from verify_service.sealing.model import Pair, SecretKey
from verify_service.sealing.rules import pair_index
from verify_service.subjects.rules.names import match_key


class Facts(msgspec.Struct, frozen=True):
    """What is known or was typed of a person, normalised; None where a fact was not given."""

    name: str | None = None
    id_number: str | None = None
    phone: str | None = None


def lookup_hmacs(secret: SecretKey, facts: Facts) -> dict[Pair, bytes]:
    """Return the blind index of every pair that the facts hold both halves of."""
    name = None if facts.name is None else match_key(facts.name)
    halves = {
        Pair.NAME_ID_NUMBER: (name, facts.id_number),
        Pair.NAME_PHONE: (name, facts.phone),
        Pair.ID_NUMBER_PHONE: (facts.id_number, facts.phone),
    }
    return {
        pair: pair_index(secret, pair, first, second)
        for pair, (first, second) in halves.items()
        if first is not None and second is not None
    }
