"""`/.well-known/did.json` and `jwks.json`: what anybody needs to verify without us, open to any origin."""

from typing import Final

from litestar import Response, get
from litestar.di import NamedDependency

from signing import did_document, jwks
from verify_service.api_description import problems
from verify_service.rate_limits.routes import UNLIMITED
from verify_service.web_context import WebContext

OPEN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
}
"""Five minutes: a rotated key is known to verifiers before the first certificate it signed reaches them."""


@get(
    "/.well-known/did.json",
    operation_id="GetDidDocument",
    media_type="application/did+json",
    opt=UNLIMITED,
    responses=problems(),
)
async def get_did_document(context: NamedDependency[WebContext]) -> Response[bytes]:
    """Return the issuer's DID document (did:web) with every key that signs records and status lists."""
    body = did_document(context.trust.did, context.trust.keys)
    return Response(body, headers=OPEN)


@get(
    "/.well-known/jwks.json",
    operation_id="GetJwks",
    media_type="application/jwk-set+json",
    opt=UNLIMITED,
    responses=problems(),
)
async def get_jwks(context: NamedDependency[WebContext]) -> Response[bytes]:
    """Return every public key as a JWK Set; QR keys bear their COSE kid as `coseKid`."""
    return Response(jwks(context.trust.keys), headers=OPEN)
