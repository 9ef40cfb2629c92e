"""`/.well-known/did.json` and `jwks.json`, open to any origin, and the page that tells of them."""

import hashlib
from typing import Final

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from signing import did_document, jwks
from verify_service.api_description import problems
from verify_service.clock import date_in_shanghai
from verify_service.keys.model import SigningKeyRow
from verify_service.keys.queries import list_signing_keys
from verify_service.pages.rendering import render_keys
from verify_service.pages.responses import page, parse_language
from verify_service.pages.verification_views import KeysView, KeyView
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
    trust = context.trust
    body = did_document(trust.did, trust.keys, trust.compromised)
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
    trust = context.trust
    return Response(jwks(trust.keys, trust.compromised, (*trust.document_keys, *trust.receipt_keys)), headers=OPEN)


@get("/keys", include_in_schema=False, opt=UNLIMITED)
async def show_keys(context: NamedDependency[WebContext], lang: FromQuery[str | None] = None) -> Response[bytes]:
    """Show every public key with its state, the downloads, and how to verify without this site."""
    async with context.connection() as connection:
        rows = await list_signing_keys(connection)
    view = KeysView(context.public_url, context.trust.did, tuple(_view(row) for row in reversed(rows)))
    return page(render_keys(view, context.site, parse_language(lang)))


def _view(row: SigningKeyRow) -> KeyView:
    digest = hashlib.sha256(row.public_key).hexdigest()
    groups = (digest[at : at + 4] for at in range(0, len(digest), 4))
    return msgspec.convert(
        {
            "key_id": row.key_id,
            "purpose": row.purpose,
            "state": row.state.value,
            "since": date_in_shanghai(row.created_at),
            "fingerprint": " ".join(groups),
        },
        KeyView,
    )
