"""The retention policy, read from one TOML file."""

from pathlib import Path
from typing import Final

from verify_service.retention.model import Policy
from verify_service.settings import Settings, read_settings_file

DEFAULT_FILE: Final = Path(__file__).resolve().parent.parent.parent.parent / "ops" / "retention.toml"


def load_policy(settings: Settings) -> Policy:
    """Return the policy of the settings, or the default; a malformed file is refused with its place."""
    return read_settings_file("RETENTION_FILE", settings.retention_file or DEFAULT_FILE, Policy)
