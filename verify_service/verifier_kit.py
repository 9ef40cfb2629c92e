"""`/kit/…`: programs, examples and a page by which anybody checks certificates without us."""

from collections.abc import Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Final

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_304_NOT_MODIFIED

import signing
from signing import STATUS_PURPOSES, did_document, jwks
from verify_service.entity_tags import names, weak_tag
from verify_service.keys.routes import OPEN
from verify_service.pages.offline import KIT, offline_policy, render_offline
from verify_service.pages.verification_views import OfflineView
from verify_service.problems import NOT_FOUND, ProblemError
from verify_service.rate_limits.routes import UNLIMITED
from verify_service.status_lists.service import find_published
from verify_service.web_context import WebContext

MEDIA_TYPES: Final = {".mjs": "text/javascript", ".py": "text/x-python", ".md": "text/markdown"}
FORMAT: Final = Path(signing.__file__).parent / "FORMAT.md"
PROGRAMS: Final = (KIT / "verify.mjs", KIT / "verify.py", FORMAT)


class KitFile(msgspec.Struct, frozen=True):
    """One file as it is served."""

    body: bytes
    media_type: str
    tag: str


@cache
def kit_files() -> Mapping[str, KitFile]:
    """Return the programs and the description of the format by name, read once for the life of the process."""
    return {path.name: _read(path, MEDIA_TYPES[path.suffix]) for path in PROGRAMS}


@cache
def kit_vectors() -> Mapping[str, KitFile]:
    """Return worked examples, with which a verifier written by others is tested, by name."""
    return {path.name: _read(path, "application/json") for path in (KIT / "vectors").glob("*.json")}


@get("/kit/{name:str}", include_in_schema=False, opt=UNLIMITED)
async def get_kit_file(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Return a program or the description of the format."""
    return _answer(request, kit_files().get(name))


@get("/kit/vectors/{name:str}", include_in_schema=False, opt=UNLIMITED)
async def get_kit_vector(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Return a worked example."""
    return _answer(request, kit_vectors().get(name))


@get("/kit/offline.html", include_in_schema=False, opt=UNLIMITED)
async def get_offline_page(context: NamedDependency[WebContext]) -> Response[bytes]:
    """Return the page that checks QR codes without a network, with the keys and status lists of this moment."""
    trust = context.trust
    view = OfflineView(
        did_document=did_document(trust.did, trust.keys, trust.compromised).decode(),
        jwks=jwks(trust.keys, trust.compromised, (*trust.document_keys, *trust.receipt_keys)).decode(),
        origins=(context.public_url, *context.settings.former_public_urls),
        status_lists=await _published_lists(context),
    )
    headers = {"Content-Security-Policy": f"{offline_policy()}; frame-ancestors 'none'", "Cache-Control": "no-cache"}
    return Response(render_offline(view, context.site), media_type="text/html", headers=headers)


async def _published_lists(context: WebContext) -> tuple[str, ...]:
    """Return every signed list, both purposes of each number; they are numbered from 0 without gaps."""
    found: list[str] = []
    async with context.connection() as connection:
        for number in count():
            lists = [await find_published(connection, purpose, number) for purpose in STATUS_PURPOSES]
            published = [content.decode() for content in lists if content is not None]
            if not published:
                break
            found += published
    return tuple(found)


def _read(path: Path, media_type: str) -> KitFile:
    body = path.read_bytes()
    return KitFile(body, media_type, weak_tag(body))


def _answer(request: Request[Any, Any, Any], file: KitFile | None) -> Response[bytes]:
    if file is None:
        raise ProblemError(NOT_FOUND)
    headers = {**OPEN, "ETag": file.tag}
    if names(request.headers.get("if-none-match", ""), file.tag):
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(file.body, media_type=file.media_type, headers=headers)
