"""Templates: what is frozen of the institution file, and that certificates issued before are still drawn alike."""

import hashlib
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import asdict, replace

from pdf import DESIGNS, Label, Orientation, Palette
from tests.pictures import block, ring
from verify_service.credentials.service.templates import Template, current_templates
from verify_service.errors import UsageError
from verify_service.image_directory import ImageDirectory
from verify_service.institution import OTHER_DOCUMENT, SAMPLE_FILE, load_institution
from verify_service.settings import Settings

SAMPLE = SAMPLE_FILE.read_text("utf-8")
IMAGES = '\n[images]\nseal = "seal.png"\nlogo = "logo.png"\n'
HOST = "[certificates.online_host]"
DIGESTS = {
    "omnimedia_operator": "0eb5a38b3c0dd0a7def5d172caf014dd2b37a4864d2f57ce94eb367aa1a21a56",
    "online_host": "9902f509107781acef1bf5eb8818d327c420c90285c87770f9570f4b6dab016b",
}
"""Of the sample's templates before orientation, colours, captions and images could be configured."""


def templates(folder: Path, text: str = SAMPLE, **images: bytes) -> dict[str, Template]:
    """Return what an institution file and images of a folder come to."""
    folder.chmod(0o755)
    for name, data in images.items():
        (folder / f"{name}.png").write_bytes(data)
        (folder / f"{name}.png").chmod(0o644)
    file = folder / "institution.toml"
    file.write_text(text, "utf-8")
    settings = Settings(data_dir=folder, key_dir=folder, institution_file=file, image_dir=folder)
    return current_templates(load_institution(settings), ImageDirectory(settings))


def test_who_configures_nothing_new_keeps_the_templates_of_before(tmp_path: Path) -> None:
    assert {kind: made.digest().hex() for kind, made in templates(tmp_path).items()} == DIGESTS


def test_a_template_of_before_is_read_and_says_how_it_was_drawn(tmp_path: Path) -> None:
    content = templates(tmp_path)["online_host"].content()
    assert {"orientation", "palette", "seal", "logo", "other_document"}.isdisjoint(msgspec.json.decode(content))

    old = msgspec.json.decode(content, type=Template)

    assert (old.orientation, old.palette, old.seal, old.logo) == (Orientation.LANDSCAPE, None, None, None)
    assert old.paper(is_resident=False).labels.id_number == Label("证件号码", "ID Document No.")
    assert old.content() == content


def test_everything_configured_is_frozen_and_read_again(tmp_path: Path) -> None:
    options = f'{HOST}\norientation = "portrait"\ncolours = {{ accent = "#003300" }}\n'
    options += 'labels = { name = { chinese = "持证人", english = "Holder" } }'

    made = templates(tmp_path, SAMPLE.replace(HOST, options) + IMAGES, seal=ring(), logo=block())["online_host"]

    read = msgspec.json.decode(made.content(), type=Template)
    assert read == made
    assert read.orientation is Orientation.PORTRAIT
    assert read.palette == replace(DESIGNS["online_host"].palette, accent="#003300")
    assert read.texts.labels.name == Label("持证人", "Holder")
    assert (read.seal, read.logo) == (hashlib.sha256(ring()).hexdigest(), hashlib.sha256(block()).hexdigest())


def test_every_colour_is_frozen_where_one_is_configured(tmp_path: Path) -> None:
    made = templates(tmp_path, SAMPLE.replace(HOST, f'{HOST}\ncolours = {{ gold = "#806020" }}'))["online_host"]

    assert msgspec.json.decode(made.content())["palette"].keys() == asdict(DESIGNS["online_host"].palette).keys()
    assert isinstance(made.palette, Palette)


def test_the_caption_of_another_document_is_frozen(tmp_path: Path) -> None:
    caption = '{ other_document = { chinese = "护照号码", english = "Passport No." } }'

    made = templates(tmp_path, SAMPLE.replace(HOST, f"{HOST}\nlabels = {caption}"))["online_host"]

    assert made.paper(is_resident=False).labels.id_number == Label("护照号码", "Passport No.")
    assert made.paper(is_resident=True) == made.texts
    assert made.other_document != OTHER_DOCUMENT


def test_another_seal_is_another_template(tmp_path: Path) -> None:
    one = templates(tmp_path, SAMPLE + IMAGES, seal=ring(), logo=block())
    other = templates(tmp_path, SAMPLE + IMAGES, seal=ring(500), logo=block())

    assert {one[kind].digest() for kind in one}.isdisjoint(made.digest() for made in other.values())


@pytest.mark.parametrize(
    ("images", "named"),
    [
        ({"logo": block()}, "seal.png in VERIFY_SERVICE_IMAGE_DIR cannot be read"),
        ({"seal": ring()}, "logo.png in VERIFY_SERVICE_IMAGE_DIR cannot be read"),
        ({"seal": block(), "logo": block()}, "seal.png in VERIFY_SERVICE_IMAGE_DIR: the seal has 300 x 100 pixels"),
        ({"seal": ring()[:300], "logo": block()}, "seal.png in VERIFY_SERVICE_IMAGE_DIR: the seal is not a readable"),
        ({"seal": ring(), "logo": b"no PNG"}, "logo.png in VERIFY_SERVICE_IMAGE_DIR: the logo is not a readable PNG"),
    ],
)
def test_an_image_that_cannot_be_printed_is_named(tmp_path: Path, images: dict[str, bytes], named: str) -> None:
    with pytest.raises(UsageError) as refused:
        templates(tmp_path, SAMPLE + IMAGES, **images)

    assert named in refused.value.message


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("网络视听主播岗位合格证书", "网络视听主播岗位合格证书" * 3, "title is too long"),
        ('scan_hint = "扫码查验真伪"', 'scan_hint = "扫码查验\U0002ffff"', "U+2FFFF"),
        (HOST, f'{HOST}\nlabels = {{ other_document = {{ chinese = "\U0002ffff", english = "No." }} }}', "U+2FFFF"),
    ],
)
def test_a_text_that_cannot_be_printed_is_refused_with_its_place(
    tmp_path: Path, before: str, after: str, named: str
) -> None:
    with pytest.raises(UsageError) as refused:
        templates(tmp_path, SAMPLE.replace(before, after))

    assert named in refused.value.message
    assert "VERIFY_SERVICE_INSTITUTION_FILE: " in refused.value.message
    assert "`$.certificates." in refused.value.message
