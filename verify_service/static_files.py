"""The pages' static files: each under a name that carries the hash of its content, so browsers keep it for ever."""

from typing import Final

from litestar import Response, get
from litestar.params import FromPath

from verify_service.pages.assets import served_assets
from verify_service.problems import NOT_FOUND, ProblemError
from verify_service.rate_limits.routes import UNLIMITED

IMMUTABLE: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


@get("/static/{name:str}", include_in_schema=False, opt=UNLIMITED)
async def get_asset(name: FromPath[str]) -> Response[bytes]:
    """Return a static file by its hashed name."""
    asset = served_assets().get(name)
    if asset is None:
        raise ProblemError(NOT_FOUND)
    return Response(asset.body, media_type=asset.media_type, headers=IMMUTABLE)
