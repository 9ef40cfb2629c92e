"""Which keys vouch for this trail: those the register knows, or those somebody kept apart from it."""

from pathlib import Path
from typing import Final

from signing import KeyPurpose, SigningError, VerifierKey, parse_vkey, verifier_key
from verify_service.database import Connection
from verify_service.errors import UsageError
from verify_service.keys.model import KeyState
from verify_service.keys.queries import find_issuer, list_signing_keys
from verify_service.keys.service.reading import public_key

KEYS_FILE: Final = "audit.vkey"


async def registered_keys(connection: Connection) -> tuple[VerifierKey, ...]:
    """Return the keys that sign heads, retired ones too; a compromised one vouches for nothing."""
    issuer = await find_issuer(connection)
    rows = await list_signing_keys(connection)
    if issuer is None:
        return ()
    return tuple(
        verifier_key(issuer.public_url, public_key(row))
        for row in rows
        if row.purpose == KeyPurpose.AUDIT and row.state is not KeyState.COMPROMISED
    )


def read_keys(folder: Path) -> tuple[VerifierKey, ...]:
    """Return the keys that `keys publish` wrote into a folder; refuse with `UsageError` a file that is none."""
    try:
        lines = (folder / KEYS_FILE).read_text(encoding="utf-8").splitlines()
        return tuple(map(parse_vkey, lines))
    except OSError:
        raise UsageError("UNREADABLE_FILE", f"{folder} has no {KEYS_FILE} that can be read: `keys publish`") from None
    except (UnicodeDecodeError, SigningError):
        raise UsageError("AUDIT_KEYS", f"{KEYS_FILE} in {folder} is not one of `keys publish`") from None
