"""Static files under names that carry a hash of their content, so that browsers may keep them for ever."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from verify_service.translations import PUBLIC_SITE

URL_PREFIX: Final = "/static/"
MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
"""What is served; any other file beside them (licences, notes) stays private."""

_CSS_URL: Final = re.compile(rb"url\(([a-z0-9.-]+)\)")


class Asset(msgspec.Struct, frozen=True):
    """One file as it is served; `name` is its last URL segment."""

    name: str
    body: bytes
    media_type: str


@cache
def site_assets() -> Mapping[str, Asset]:
    """Return every static file of the public site by its source name, read once for the life of the process."""
    return load_assets(PUBLIC_SITE / "static")


@cache
def served_assets() -> Mapping[str, Asset]:
    """Return every static file by the hashed name it is served under: `site.0a1b2c3d4e5f.css`."""
    return {asset.name: asset for asset in site_assets().values()}


def asset_path(name: str) -> str:
    """Return the URL path of a file by its source name: `site.css` gives `/static/site.0a1b2c3d4e5f.css`."""
    return URL_PREFIX + site_assets()[name].name


def load_assets(folder: Path) -> dict[str, Asset]:
    """Return the files of one folder by source name. Style sheets come last: theirs is the hash after rewriting."""
    paths = [path for path in folder.iterdir() if path.suffix in MEDIA_TYPES]
    assets: dict[str, Asset] = {}
    for path in sorted(paths, key=lambda path: (path.suffix == ".css", path.name)):
        body = path.read_bytes()
        if path.suffix == ".css":
            body = _with_hashed_urls(body, assets)
        assets[path.name] = Asset(_hashed_name(path, body), body, MEDIA_TYPES[path.suffix])
    return assets


def _with_hashed_urls(css: bytes, assets: Mapping[str, Asset]) -> bytes:
    """Point each relative `url(file)` at the hashed name; a file that is not there raises KeyError at start."""
    return _CSS_URL.sub(lambda match: b"url(" + assets[match[1].decode()].name.encode() + b")", css)


def _hashed_name(path: Path, body: bytes) -> str:
    return f"{path.stem}.{hashlib.sha256(body).hexdigest()[:12]}{path.suffix}"
