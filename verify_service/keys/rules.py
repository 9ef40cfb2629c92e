"""Which of the secrets at hand may be used, and for what. Pure: the register's states come in."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from verify_service.keys.model import SecretState
from verify_service.sealing.model import SecretKey, Secrets

LIVE: Final = frozenset({SecretState.INCOMING, SecretState.ACTIVE})


def usable(held: tuple[SecretKey, ...], states: Mapping[str, SecretState]) -> tuple[SecretKey, ...]:
    """Return the live ones of a purpose, the newest active one first: that one is for new work.

    One that the register does not know, left by a crash or by a younger backup, is left alone. Empty without an active
    one; before `keys init` (no states) there is nothing to compare with.
    """
    if not states:
        return held
    live = [secret for secret in held if states.get(secret.key_id) in LIVE]
    active = [secret for secret in live if states[secret.key_id] is SecretState.ACTIVE]
    return (*active[:1], *(secret for secret in live if secret not in active[:1]))


def usable_secrets(held: Secrets, states: Mapping[str, SecretState]) -> Secrets:
    """Return the usable secrets of each purpose."""
    return Secrets(*(usable(getattr(held, purpose), states) for purpose in Secrets.__struct_fields__))


def missing(held: Iterable[SecretKey], states: Mapping[str, SecretState], purposes: Collection[str]) -> tuple[str, ...]:
    """Return the live secrets of these purposes that are not held, by key id."""
    here = {secret.key_id for secret in held}
    return tuple(
        key_id
        for key_id, state in sorted(states.items())
        if state in LIVE and key_id not in here and key_id.partition("-")[0] in purposes
    )
