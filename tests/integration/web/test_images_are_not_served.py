"""Seal and logo leave inside certificates alone: no address of the site serves them."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from msgspec.structs import replace

from tests.integration.web.conftest import asking
from tests.pictures import block, ring
from verify_service.app import ROUTES
from verify_service.institution import SAMPLE_FILE
from verify_service.pages.assets import MEDIA_TYPES, site_assets
from verify_service.pages.offline import KIT
from verify_service.settings import Settings
from verify_service.translations import PUBLIC_SITE
from verify_service.verifier_kit import PROGRAMS, kit_files, kit_vectors

IMAGES = {"seal.png": ring(), "logo.png": block()}
PNG = b"\x89PNG"
PARAMETER = re.compile(r"\{[^}]+\}")


def with_images(site: Settings, folder: Path) -> Settings:
    """Return the settings of a site whose certificates bear a seal and a logo."""
    folder.chmod(0o755)
    for name, data in IMAGES.items():
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o644)
    institution = folder / "institution.toml"
    institution.write_text(
        SAMPLE_FILE.read_text("utf-8") + '\n[images]\nseal = "seal.png"\nlogo = "logo.png"\n', "utf-8"
    )
    return replace(site, image_dir=folder, institution_file=institution)


def guesses(folder: Path) -> Iterator[str]:
    """Yield what somebody might put into an address to be served an image."""
    for name, data in IMAGES.items():
        digest = hashlib.sha256(data).hexdigest()
        yield from (name, digest, f"{digest}.png", f"seal.{digest[:12]}.png", str(folder / name), f"../{name}")


async def test_no_route_serves_an_image(site: Settings, tmp_path: Path) -> None:
    paths = {path for handler in ROUTES for path in handler.paths if "GET" in handler.http_methods}
    asked = {quote(guess, safe="").join(PARAMETER.split(path)) for path in paths for guess in guesses(tmp_path)}
    asked |= {f"{folder}/{name}" for folder in ("", "/images", "/static", "/static/images") for name in IMAGES}
    assert len(asked) > 50

    async with asking(with_images(site, tmp_path)) as client:
        for path in sorted(asked):
            answer = await client.get(path)
            assert PNG not in answer.content, path
            assert not answer.headers.get("content-type", "").startswith("image/png"), path


def test_what_is_served_as_a_file_comes_from_the_public_site_alone() -> None:
    assert {name for name in site_assets() if not (PUBLIC_SITE / "static" / name).is_file()} == set()
    assert ".png" not in MEDIA_TYPES
    assert set(kit_files()) == {path.name for path in PROGRAMS}
    assert set(kit_vectors()) == {path.name for path in (KIT / "vectors").glob("*.json")}
