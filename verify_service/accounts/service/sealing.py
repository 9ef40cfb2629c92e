"""Secrets of authenticator apps, sealed directly under the field secret: there are few of them."""

from uuid import UUID

from verify_service.accounts.queries import factors as queries
from verify_service.database import Connection
from verify_service.errors import UnavailableError
from verify_service.sealing.model import SecretKey, Secrets
from verify_service.sealing.rules import SubjectCipher

PLACE = "account_totp:sealed_secret"


def seal(secrets: Secrets, account_id: UUID, totp_secret: str) -> tuple[str, bytes]:
    """Return the id of the field secret in use, and an account's secret sealed under it."""
    key = secrets.field[0]
    return key.key_id, SubjectCipher(key.key).seal(totp_secret.encode(), PLACE, account_id)


def unseal(secrets: Secrets, account_id: UUID, key_id: str, sealed: bytes) -> str:
    """Return an account's secret; raise `UnavailableError` for a key that is not here, or not the right one."""
    key = next((key for key in secrets.field if key.key_id == key_id), None)
    if key is None:
        raise UnavailableError("KEY_MISSING", f"the secret {key_id} is not in KEY_DIR")
    return SubjectCipher(key.key).open(sealed, PLACE, account_id).decode()


async def reseal_page(connection: Connection, secrets: Secrets, new: SecretKey, limit: int) -> int:
    """Seal up to `limit` secrets anew under `new`, and return how many that was."""
    found = await queries.find_under_others(connection, new.key_id, limit)
    cipher = SubjectCipher(new.key)
    resealed = {
        account_id: cipher.seal(unseal(secrets, account_id, key_id, sealed).encode(), PLACE, account_id)
        for account_id, key_id, sealed in found
    }
    await queries.reseal(connection, new.key_id, resealed)
    return len(resealed)
