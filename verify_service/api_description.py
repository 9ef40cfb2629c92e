"""`GET /api/openapi.json`: the API's own description, OpenAPI 3.1."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from litestar import Litestar, Response, get
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.spec import Components, Contact, Example, SecurityScheme, Server

from verify_service.api_details import complete
from verify_service.challenges import Challenge, ChallengeParameters
from verify_service.institution import Institution
from verify_service.problems import (
    INTERNAL_ERROR,
    JSON,
    MALFORMED_FIELD,
    TOO_MANY_FAILURES,
    ProblemDocument,
    ProblemKind,
    RefusedField,
    problem_document,
)
from verify_service.rate_limits.routes import UNLIMITED
from verify_service.tables.rules.explanations import explain

MEDIA_TYPE: Final = "application/vnd.oai.openapi+json"
SCHEME: Final = "apiKey"
"""What an operation that needs a key says: `security=[{SCHEME: []}]`."""
WEBHOOK_TOKEN: Final = "webhookToken"  # noqa: S105  # its name in the description
"""The same of an operation on a webhook."""
KEY: Final = SecurityScheme(
    type="http", scheme="bearer", bearer_format="vsk_…", description="A key that the issuer hands to platforms"
)

TOKEN: Final = SecurityScheme(type="http", scheme="bearer", description="The token made with a webhook")
EXAMPLE_CHALLENGE: Final = Challenge(
    ChallengeParameters(
        algorithm="PBKDF2/SHA-256",
        cost=1000,
        expires_at=1_795_838_400,
        key_length=32,
        key_prefix="0f" * 16,
        key_signature="1e" * 32,
        nonce="2d" * 16,
        salt="3c" * 16,
    ),
    signature="4b" * 32,
)


def api_description(
    routes: Sequence[HTTPRouteHandler], dependencies: Mapping[str, Provide], institution: Institution, public_url: str
) -> HTTPRouteHandler:
    """Return the route that serves the description of these routes, which is made once, here.

    The framework's own route would bring another that answers every unknown address under `/api` in its own words.
    """
    config = openapi_config(institution, public_url)
    described = Litestar(routes, dependencies=dependencies, openapi_config=config, logging_config=None)
    document = msgspec.json.encode(complete(described.openapi_schema.to_schema(), public_url))

    @get("/api/openapi.json", include_in_schema=False, opt=UNLIMITED)
    async def get_description() -> Response[bytes]:
        return Response(document, media_type=MEDIA_TYPE)

    return get_description


def problems(*kinds: ProblemKind) -> dict[int, ResponseSpec]:
    """Return what the description says of the problems a route may answer with; those of one status are one."""
    by_status: dict[int, list[ProblemKind]] = {}
    for kind in (*kinds, INTERNAL_ERROR):
        by_status.setdefault(kind.status, []).append(kind)
    return {
        status: ResponseSpec(
            ProblemDocument,
            description=". ".join(f"`{kind.name}`: {kind.title}" for kind in alike),
            media_type=JSON,
            generate_examples=False,
            examples=[_example(kind) for kind in alike],
        )
        for status, alike in by_status.items()
    }


def _example(kind: ProblemKind) -> Example:
    errors = (RefusedField("phone", "LENGTH", explain("LENGTH", about="phone")),) if kind == MALFORMED_FIELD else ()
    challenge = EXAMPLE_CHALLENGE if kind == TOO_MANY_FAILURES else None
    document = problem_document(kind, public_url="", errors=errors, challenge=challenge)
    return Example(id=kind.name, summary=kind.title, value=msgspec.to_builtins(document))


def openapi_config(institution: Institution, public_url: str) -> OpenAPIConfig:
    """Return the description's head; operations describe themselves by their docstrings and types."""
    contact = institution.site.contact
    return OpenAPIConfig(
        title=f"{institution.issuer.name} 证书查询 / certificate lookup",
        version="1",
        description=(
            "Ask whether a certificate is real: by any two of name, ID number and phone, or by the token of its QR "
            "code. Facts travel in bodies only. Errors are problem documents (RFC 9457), "
            "or pages for whoever prefers HTML. `lang=en` puts sentences into English."
        ),
        contact=None if contact is None else Contact(name=contact),
        servers=[Server(url=public_url)],
        components=Components(security_schemes={SCHEME: KEY, WEBHOOK_TOKEN: TOKEN}),
        use_handler_docstrings=True,
    )
