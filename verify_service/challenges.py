"""A challenge as it goes out: what `proofs_of_work` makes, and `problems` shows."""

import msgspec

from verify_service.errors import BudgetSpentError


class ChallengeParameters(msgspec.Struct, frozen=True, rename="camel"):
    """What is to be computed, in the format of ALTCHA 2: the counter whose derived key begins with `key_prefix`.

    The password is the nonce and the counter, four bytes, most significant first. Bytes are hexadecimal.
    """

    algorithm: str
    cost: int
    """Rounds of one derivation."""
    expires_at: int
    """Seconds since 1970."""
    key_length: int
    key_prefix: str
    key_signature: str
    nonce: str
    salt: str


class Challenge(msgspec.Struct, frozen=True):
    """A proof of work that earns one more answer to the very question it was refused with."""

    parameters: ChallengeParameters
    signature: str


class ChallengedError(BudgetSpentError):
    """A budget is spent, and a proof of work would earn one more answer."""

    def __init__(self, refused: BudgetSpentError, challenge: Challenge) -> None:
        super().__init__(refused.code, refused.message)
        self.challenge = challenge
