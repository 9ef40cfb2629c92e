"""What signs PDFs: a key of `KEY_DIR` with its certificate, and a time stamp authority where one is set."""

from collections.abc import Callable

from signing import DocumentSigner, SigningError
from verify_service.errors import UsageError
from verify_service.key_directory import KeyDirectory

OpenSigner = Callable[[KeyDirectory, str, str | None], DocumentSigner]


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


class DocumentSigners:
    """Opens each key once in the life of a process: that costs 600,000 rounds."""

    def __init__(self) -> None:
        self._opened: dict[str, DocumentSigner] = {}

    def open(self, directory: KeyDirectory, key_id: str, timestamp_url: str | None) -> DocumentSigner:
        """Return the signer of a key, as `open_document_signer` does."""
        if key_id not in self._opened:
            self._opened[key_id] = open_document_signer(directory, key_id, timestamp_url)
        return self._opened[key_id]
