"""`GET /api/docs`: the viewer of the API's description, from files of our own."""

from typing import Final

from litestar import Response, get

from verify_service.pages.rendering import render_api_docs
from verify_service.pages.responses import page
from verify_service.rate_limits.routes import UNLIMITED

# The viewer sets styles by script and draws its icons from data: URLs; nothing else on the site may.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@get("/api/docs", include_in_schema=False, opt=UNLIMITED)
async def show_api_docs() -> Response[bytes]:
    """Show the viewer."""
    return page(render_api_docs(), headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})
