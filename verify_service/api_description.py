"""`GET /api/openapi.json`: the API's own description, OpenAPI 3.1."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from litestar import Litestar, Response, get
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.spec import Contact, Server

from verify_service.institution import Institution
from verify_service.problems import INTERNAL_ERROR, JSON, ProblemDocument, ProblemKind
from verify_service.rate_limits.routes import UNLIMITED

MEDIA_TYPE: Final = "application/vnd.oai.openapi+json"


def api_description(
    routes: Sequence[HTTPRouteHandler], dependencies: Mapping[str, Provide], config: OpenAPIConfig
) -> HTTPRouteHandler:
    """Return the route that serves the description of these routes, which is made once, here.

    The framework's own route would bring another that answers every unknown address under `/api` in its own words.
    """
    described = Litestar(routes, dependencies=dependencies, openapi_config=config, logging_config=None)
    document = msgspec.json.encode(described.openapi_schema.to_schema())

    @get("/api/openapi.json", include_in_schema=False, opt=UNLIMITED)
    async def get_description() -> Response[bytes]:
        return Response(document, media_type=MEDIA_TYPE)

    return get_description


def problems(*kinds: ProblemKind) -> dict[int, ResponseSpec]:
    """Return what the description says of the problems a route may answer with; those of one status are one."""
    said: dict[int, list[str]] = {}
    for kind in (*kinds, INTERNAL_ERROR):
        said.setdefault(kind.status, []).append(f"`{kind.name}`: {kind.title}")
    return {
        status: ResponseSpec(ProblemDocument, description=". ".join(titles), media_type=JSON, generate_examples=False)
        for status, titles in said.items()
    }


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
