"""The key of the trail, opened once a run: opening a file costs 600,000 rounds."""

from pathlib import Path

import pytest

from signing import Signer
from verify_service.embedded.server import EmbeddedServer
from verify_service.key_directory import KeyDirectory
from verify_service.settings import Settings


@pytest.fixture(scope="session")
def audit_signer(server: EmbeddedServer, ground: Path) -> Signer:
    """Return the signer of heads that every issuer of these tests has."""
    (key,) = (ground / "keys").glob("*-a1.pem")
    return KeyDirectory(Settings(data_dir=ground, key_dir=ground / "keys")).signer(key.stem)
