"""Solving challenges as any client of the API may: with the library of others, from the document of the refusal."""

from collections.abc import Mapping
from typing import Any

from altcha import Challenge, Payload, solve_challenge


def solve(challenge: Mapping[str, Any]) -> str:
    """Return the base64 payload of a solved challenge."""
    read = Challenge.from_dict(dict(challenge))
    solution = solve_challenge(read)
    assert solution is not None
    return Payload(read, solution).to_base64()
