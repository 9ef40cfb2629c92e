"""`GET /api/openapi.json`: the API's own description, OpenAPI 3.1."""

from collections.abc import Sequence

import msgspec
from litestar import Litestar, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Contact, Server

from verify_service.institution import Institution
from verify_service.rate_limits.routes import UNLIMITED

MEDIA_TYPE = "application/vnd.oai.openapi+json"


def api_description(
    routes: Sequence[HTTPRouteHandler], institution: Institution, public_url: str
) -> HTTPRouteHandler:
    """Return the route that serves the description of these routes, which is made once, here.

    Not the framework's own: under its path it answers unknown addresses with a page of its own.
    """
    described = Litestar(routes, openapi_config=openapi_config(institution, public_url), logging_config=None)
    document = msgspec.json.encode(described.openapi_schema.to_schema())

    @get("/api/openapi.json", include_in_schema=False, opt=UNLIMITED)
    async def get_description() -> Response[bytes]:
        return Response(document, media_type=MEDIA_TYPE)

    return get_description


def openapi_config(institution: Institution, public_url: str) -> OpenAPIConfig:
    """Return the description's head; operations describe themselves by their docstrings and types."""
    contact = institution.site.contact
    return OpenAPIConfig(
        title=f"{institution.issuer.name} 证书查询 / certificate lookup",
        version="1",
        description=(
            "Ask whether a certificate is real: by any two of name, ID number and phone, or by the token of its QR "
            "code. Facts travel in bodies only. Errors are problem documents (RFC 9457)."
        ),
        contact=None if contact is None else Contact(name=contact),
        servers=[Server(url=public_url)],
        use_handler_docstrings=True,
    )
