"""Where the consoles listen."""

from verify_service.settings import Settings
from verify_service.unix_sockets import Endpoint, default_path


def endpoint(settings: Settings) -> Endpoint:
    """Return where the console process of these settings listens, and who may connect."""
    path = settings.console_socket or default_path(settings.data_dir, "console")
    return Endpoint("console", path, settings.console_group)
