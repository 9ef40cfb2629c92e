"""The API's own description, OpenAPI 3.1 at `/api/openapi.json`."""

from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Contact, Server

from verify_service.institution import Institution


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
        path="/api",
        render_plugins=[JsonRenderPlugin()],
        use_handler_docstrings=True,
    )
