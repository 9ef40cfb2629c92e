"""The retention policy, read from one TOML file."""

import tomllib
from pathlib import Path
from typing import Final

import msgspec

from verify_service.errors import UsageError
from verify_service.retention.model import Policy
from verify_service.settings import PREFIX, Settings

DEFAULT_FILE: Final = Path(__file__).resolve().parent.parent.parent.parent / "ops" / "retention.toml"


def load_policy(settings: Settings) -> Policy:
    """Return the policy of the settings, or the default; a malformed file is refused with its place."""
    path = settings.retention_file or DEFAULT_FILE
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Policy)
    except (OSError, UnicodeDecodeError):
        raise UsageError("BAD_SETTING", f"{PREFIX}RETENTION_FILE names a file that cannot be read") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UsageError("BAD_SETTING", f"{PREFIX}RETENTION_FILE: {error}") from None
