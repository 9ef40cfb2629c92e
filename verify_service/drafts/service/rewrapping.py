"""Data keys of drafts, wrapped under another key-encryption key."""

from verify_service.database import Connection
from verify_service.drafts.queries import rewrapping as queries
from verify_service.drafts.service.clinic import KEY_PLACE
from verify_service.sealing.model import SecretKey, Secrets
from verify_service.sealing.rules import rewrap_data_key


async def rewrap_page(connection: Connection, secrets: Secrets, kek: SecretKey, limit: int) -> int:
    """Wrap the data keys of up to `limit` more drafts under `kek`, and return how many they were; 0 at the end."""
    found = await queries.find_wrapped(connection, kek.key_id, limit)
    fresh = {
        draft_id: rewrap_data_key(secrets.field, kek_id, wrapped, kek, draft_id, KEY_PLACE)
        for draft_id, kek_id, wrapped in found
    }
    await queries.rewrap(connection, kek.key_id, fresh)
    return len(fresh)


async def count_under(connection: Connection, secret: SecretKey) -> int:
    """Return how many drafts need a field secret to be opened."""
    return await queries.count_under_kek(connection, secret.key_id)
