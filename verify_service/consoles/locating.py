"""Where the consoles listen."""

from verify_service.settings import Settings
from verify_service.unix_sockets import Endpoint, default_path


def endpoint(settings: Settings) -> Endpoint:
    """Return where the console process of these settings listens."""
    return Endpoint("console", settings.console_socket or default_path(settings.data_dir, "console"))
