"""What signs PDFs: a key of `KEY_DIR` with its certificate, and a time stamp authority where one is set."""

from signing import DocumentSigner, SigningError
from verify_service.errors import UsageError
from verify_service.key_directory import KeyDirectory


def open_document_signer(directory: KeyDirectory, key_id: str, timestamp_url: str | None) -> DocumentSigner:
    """Return the signer of a key; raise `UsageError` naming a file that is missing or does not fit."""
    # pyHanko takes a second to load: no other command has to wait for it.
    from signing.pades import PadesSigner  # noqa: PLC0415
    from verify_service.time_stamping import HttpTimeStamper  # noqa: PLC0415

    authority = None if timestamp_url is None else HttpTimeStamper(timestamp_url)
    try:
        return PadesSigner(directory.document_key(key_id), directory.certificates(key_id), authority)
    except SigningError as error:
        raise UsageError("KEY_BROKEN", f"{key_id}.crt in KEY_DIR: {error}") from None
