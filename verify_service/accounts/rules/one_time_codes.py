"""One-time codes of an authenticator app (RFC 6238), and recovery codes for whoever has lost it."""

import hashlib
import secrets
from typing import Final

import pyotp

STEP_SECONDS: Final = 30
DRIFT_STEPS: Final = 1
"""A telephone's clock may be off by this much either way."""
RECOVERY_CODES: Final = 10
RECOVERY_BYTES: Final = 10
"""80 bits: these are not guessed, so their hash needs no salt."""
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"


def new_totp_secret() -> str:
    """Return a random secret of 160 bits in Base32."""
    return pyotp.random_base32()


def enrolment_uri(secret: str, account_name: str, issuer: str) -> str:
    """Return the `otpauth://` URI that an app scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=account_name, issuer_name=issuer)


def accepted_step(secret: str, code: str, instant: float, last_step: int) -> int | None:
    """Return the step whose code this is, if it is near `instant` (Unix seconds) and after `last_step`; else None.

    Every step is compared, so that the time tells nothing about which one it was.
    """
    digits, totp = code.replace(" ", ""), pyotp.TOTP(secret)
    now = int(instant) // STEP_SECONDS
    steps = range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1)
    right = [step for step in steps if secrets.compare_digest(totp.at(step * STEP_SECONDS).encode(), digits.encode())]
    return next((step for step in right if step > last_step), None)


def new_recovery_codes() -> tuple[str, ...]:
    """Return ten codes such as `7k2m-9qxz-04tn-vb3e`, to be shown once."""
    return tuple(_recovery_code() for _ in range(RECOVERY_CODES))


def hash_recovery_code(code: str) -> bytes:
    """Return what is kept of a recovery code, however it was typed."""
    folded = "".join(character for character in code.lower() if character in _ALPHABET)
    return hashlib.sha256(folded.encode()).digest()


def _recovery_code() -> str:
    characters = "".join(secrets.choice(_ALPHABET) for _ in range(RECOVERY_BYTES * 8 // 5))
    return "-".join(characters[start : start + 4] for start in range(0, len(characters), 4))
