import gzip
import hashlib
import html
import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from verify_service.pages.assets import asset_path, load_assets, served_assets, site_assets
from verify_service.translations import PUBLIC_SITE, Language

Pages = tuple[Any, ...]

STATIC = PUBLIC_SITE / "static"
SUBSETS = ("start", "answer", "more", "latin")


def test_the_name_of_a_file_is_the_hash_of_what_is_served() -> None:
    for name, asset in served_assets().items():
        stem, digest, suffix = name.rsplit(".", 2)

        assert digest == hashlib.sha256(asset.body).hexdigest()[:12]
        assert asset_path(f"{stem}.{suffix}") == f"/static/{name}"


def test_every_file_the_style_sheet_asks_for_is_served_under_its_hashed_name() -> None:
    css = site_assets()["site.css"].body.decode()
    asked = set(re.findall(r"url\(([^)]+)\)", css))

    assert {name.split(".")[0] for name in asked} == {"guilloche", *(f"heading-{script}" for script in SUBSETS)}
    assert asked <= set(served_assets())


def test_a_changed_picture_changes_the_name_of_the_style_sheet_that_shows_it(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("p{mask:url(b.svg)}")
    (tmp_path / "b.svg").write_text("<svg/>")
    before = load_assets(tmp_path)["a.css"].name
    (tmp_path / "b.svg").write_text("<svg></svg>")

    assert load_assets(tmp_path)["a.css"].name != before


def test_a_style_sheet_that_asks_for_a_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("p{mask:url(b.svg)}")

    with pytest.raises(KeyError):
        load_assets(tmp_path)


def test_licences_and_notes_are_not_served() -> None:
    assert {Path(name).suffix for name in served_assets()} == {".css", ".js", ".svg", ".woff2"}


def test_the_start_page_leaves_room_for_heads_in_its_twenty_five_kilobytes(pages: Pages) -> None:
    page = next(page for page in pages if page.name == "lookup")
    assets = site_assets()
    fetched = [assets[name].body for name in ("site.css", "guilloche.svg", "favicon.svg")]

    packed = sum(len(gzip.compress(body)) for body in (page.html.encode(), *fetched))
    assert packed + len(assets["heading-start.woff2"].body) <= 20_000  # five heads of answers come on top


def test_every_heading_can_be_set_in_the_heading_face(pages: Pages) -> None:
    # What is about receipts has headings in the face of its text.
    in_the_face = [page for page in pages if "receipt" not in page.name]
    needed = {character for page in in_the_face for character in _headings(page.html)} - {"\n"}
    listed = {script: set((STATIC / f"heading-{script}.txt").read_text("utf-8")) for script in SUBSETS}

    assert needed <= set().union(*listed.values())


@pytest.mark.parametrize("script", [script for script in SUBSETS if script != "latin"])
def test_the_style_sheet_asks_for_a_subset_by_its_own_characters_alone(script: str) -> None:
    css = site_assets()["site.css"].body.decode()
    (listed,) = re.findall(rf"heading-{script}[^}}]*unicode-range:([^}};]+)", css)

    characters = set((STATIC / f"heading-{script}.txt").read_text("utf-8").strip())
    others = {other: (STATIC / f"heading-{other}.txt").read_text("utf-8").strip() for other in SUBSETS}
    assert {int(code[2:], 16) for code in listed.split(",")} == {ord(character) for character in characters}
    assert not [other for other, listed in others.items() if other != script and characters & set(listed)]


def test_the_start_page_needs_one_subset_and_answers_two(pages: Pages) -> None:
    assert _subsets_of(pages, "lookup") == {"start"}
    assert _subsets_of(pages, "result") == {"start", "answer"}


@pytest.mark.parametrize("script", SUBSETS)
def test_the_heading_face_draws_every_character_it_lists(script: str) -> None:
    face = ImageFont.truetype(io.BytesIO(site_assets()[f"heading-{script}.woff2"].body), 40)
    listed = set((STATIC / f"heading-{script}.txt").read_text("utf-8")) - {"\n", " "}

    missing = _drawn(face, "\U0010fffd")
    assert not {character for character in listed if _drawn(face, character) == missing}


def _subsets_of(pages: Pages, prefix: str) -> set[str]:
    """Return which subsets the Chinese pages of one kind need."""
    chosen = [page for page in pages if page.name.startswith(prefix) and page.language is Language.CHINESE]
    needed = {character for page in chosen for character in _headings(page.html)}
    listed = {script: set((STATIC / f"heading-{script}.txt").read_text("utf-8").strip()) for script in SUBSETS}
    return {script for script in SUBSETS if script != "latin" and needed & listed[script]}


def _headings(page: str) -> str:
    texts = "".join(re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page, re.DOTALL))
    return html.unescape(re.sub(r"<[^>]+>", "", texts))


def _drawn(face: ImageFont.FreeTypeFont, character: str) -> bytes:
    picture = Image.new("L", (60, 60))
    ImageDraw.Draw(picture).text((5, 0), character, font=face, fill=255)
    return picture.tobytes()
