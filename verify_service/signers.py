"""Where signers come from: the files of `KEY_DIR`."""

from signing import Signer
from verify_service.key_directory import KeyDirectory


class CachedSigners:
    """Signers by key id; opening one costs 600,000 rounds, so each is opened once a run."""

    def __init__(self, directory: KeyDirectory) -> None:
        self._directory = directory
        self._opened: dict[str, Signer] = {}

    def signer(self, key_id: str) -> Signer:
        """Return the signer of a key id, or refuse naming it."""
        if key_id not in self._opened:
            self._opened[key_id] = self._directory.signer(key_id)
        return self._opened[key_id]
