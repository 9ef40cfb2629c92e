"""From where somebody asks for an account's page."""

from typing import Any

from litestar import Request

from verify_service.accounts.model import Client
from verify_service.accounts.rules.tokens import describe_device
from verify_service.rate_limits.rules.clients import client_of


def client_asking(request: Request[Any, Any, Any]) -> Client:
    """Return from where a request comes, by what our own process in front says: only it reaches our socket."""
    hops = request.headers.get("x-forwarded-for", "").split(",")
    client = client_of(hops[-1].strip(), (), ())
    return Client(client.neighbourhood, describe_device(request.headers.get("user-agent", "")))
