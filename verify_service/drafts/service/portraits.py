"""One portrait of a draft, for whoever is to see whose it is."""

from uuid import UUID

from verify_service.drafts.queries import files
from verify_service.drafts.service.clinic import PHOTO, Clinic, open_draft
from verify_service.errors import NotFoundError


async def find_portrait(clinic: Clinic, draft_id: UUID, entry: int) -> bytes:
    """Return the JPEG of an entry of the archive; NotFoundError where it gave none, or the draft is another's."""
    opened = await open_draft(clinic, draft_id)
    for photo_id, _, sealed in await files.find_photos(clinic.connection, draft_id, [entry]):
        return opened.cipher.open(sealed, PHOTO, photo_id)
    raise NotFoundError("UNKNOWN_PHOTO", "the archive has no such picture")
