"""Making challenges and judging solutions, with altcha. Pure but for randomness and altcha's clock.

Challenges are signed under a key made of the budgets a question is counted in. So a solution counts for whoever asks
about the same facts and for nothing else, and nothing about the question stands in it.
"""

import datetime
import secrets
from collections.abc import Sequence
from typing import Final

import msgspec
from altcha import Payload, create_challenge, verify_solution

from verify_service.budgets.model import Debit
from verify_service.challenges import Challenge
from verify_service.proofs_of_work.model import Proof
from verify_service.sealing.model import SecretKey
from verify_service.sealing.rules import blind_index

ALGORITHM: Final = "PBKDF2/SHA-256"
"""Every browser's WebCrypto has it, beside the page's own thread."""
ROUNDS: Final = 1_000
"""Of one derivation, which is what a challenge costs us: 0.3 ms. A browser makes hundreds."""
LIFETIME: Final = datetime.timedelta(minutes=10)
"""Four times the work on a slow phone takes a quarter of a minute; the rest is for whoever reads first."""
MAX_CHARACTERS: Final = 2_000
"""A solution has about 900."""


def make_challenge(secret: SecretKey, asked: Sequence[Debit], effort: int, now: datetime.datetime) -> Challenge:
    """Return a challenge that takes `effort` derivations at most and half of them at least, for this question alone."""
    counter = effort - secrets.randbelow(effort // 2 + 1)
    made = create_challenge(
        ALGORITHM,
        ROUNDS,
        counter=counter,
        expires_at=now + LIFETIME,
        hmac_secret=_key(secret, "challenge", asked),
        hmac_key_secret=_key(secret, "solution", asked),
    )
    return msgspec.convert(made.to_dict(), Challenge)


def judge_solution(secret: SecretKey, asked: Sequence[Debit], solution: str) -> Proof | None:
    """Return the proof that a base64 payload of altcha's is, or None: altered, expired, or of another question."""
    if len(solution) > MAX_CHARACTERS:
        return None
    judged = verify_solution(
        solution,
        _key(secret, "challenge", asked),
        hmac_key_secret=_key(secret, "solution", asked),
    )
    if not judged.verified:
        return None
    challenge = Payload.from_base64(solution).challenge
    # Both are ours by now: the signature was compared as text, and covers the rest.
    assert challenge.signature is not None  # noqa: S101
    assert challenge.parameters.expires_at is not None  # noqa: S101
    expires_at = datetime.datetime.fromtimestamp(challenge.parameters.expires_at, datetime.UTC)
    return Proof(bytes.fromhex(challenge.signature), expires_at)


def _key(secret: SecretKey, use: str, asked: Sequence[Debit]) -> bytes:
    return blind_index(secret, f"proof of work {use}", *sorted(debit.bucket.hex() for debit in asked))
