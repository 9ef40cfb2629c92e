"""Where a signer listens."""

from pathlib import Path

from verify_service.settings import Settings
from verify_service.unix_sockets import Endpoint, default_path


def endpoint(settings: Settings) -> Endpoint:
    """Return where the signer of these settings listens, and who may ask it."""
    path = settings.signer_socket or default_path(settings.data_dir, "signer")
    return Endpoint("signer", path, settings.signer_group)


def socket_path(settings: Settings) -> Path:
    """Return the path alone."""
    return endpoint(settings).path
