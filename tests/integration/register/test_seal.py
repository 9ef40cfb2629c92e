"""Seal, logo and the page upright, from the institution file to the file that leaves."""

import base64
from pathlib import Path

import msgspec
import pikepdf
import pytest

from tests.databases import dump
from tests.factories import trainee
from tests.office import Office
from tests.pictures import block, ring
from verify_service.database import Connection
from verify_service.embedded.server import EmbeddedServer
from verify_service.institution import SAMPLE_FILE
from verify_service.settings import PREFIX

SEALED = '\n[images]\nseal = "seal.png"\nlogo = "logo.png"\n'
KIND = "[certificates.omnimedia_operator]"
UPRIGHT = f'{KIND}\norientation = "portrait"\ncolours = {{ accent = "#204020" }}'
NUMBERS = "select count(*) from credential"


@pytest.fixture
def images(office: Office) -> Path:
    """The folder that operations mount, with a seal and a logo, named in the settings of the office."""
    folder = office.folder / "images"
    folder.mkdir(mode=0o755)
    mount(folder, "seal.png", ring())
    mount(folder, "logo.png", block())
    office.environment[f"{PREFIX}IMAGE_DIR"] = str(folder)
    return folder


def mount(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    (folder / name).chmod(0o644)


def configure(office: Office, addition: str = SEALED) -> None:
    text = SAMPLE_FILE.read_text("utf-8").replace(KIND, UPRIGHT) + addition
    office.environment[f"{PREFIX}INSTITUTION_FILE"] = office.write("institution.toml", text)


class Paper(msgspec.Struct, frozen=True):
    """What a drawn file shows of the configuration."""

    is_upright: bool
    images: set[tuple[int, int]]
    """Width and height of the pictures that have an opacity of their own, as seal and logo do."""


def draw(office: Office, number: str) -> Paper:
    path = office.folder / "one.pdf"
    ran = office.run("certificates", "pdf", number, "-o", str(path))
    assert ran.code == 0, ran.err
    with pikepdf.open(path) as document:
        page = document.pages[0]
        opaque = [picture for picture in page.get_images().values() if "/SMask" in picture]
        sizes = {(int(picture.Width), int(picture.Height)) for picture in opaque}
        return Paper(page.mediabox[3] > page.mediabox[2], sizes)


def test_a_certificate_is_drawn_upright_with_seal_and_logo_and_passes_the_gate(office: Office, images: Path) -> None:
    assert images.is_dir()
    configure(office)
    office.enrol_passed([trainee(0)])
    assert office.issue().json["issued"] == 1

    (line,) = office.list()

    assert draw(office, line["number"]) == Paper(is_upright=True, images={(496, 496), (300, 100)})


def test_what_stands_keeps_its_paper_whatever_is_configured_later(office: Office, images: Path) -> None:
    office.enrol_passed([trainee(0)])
    office.issue()
    configure(office)
    office.enrol_passed([trainee(1)], "C2")
    office.issue("C2")
    (images / "seal.png").rename(images / "seal-2026.png")
    mount(images, "seal.png", ring(600))
    office.enrol_passed([trainee(2)], "C3")
    office.issue("C3")

    drawn = [draw(office, office.list("--cohort", cohort)[0]["number"]) for cohort in ("C1", "C2", "C3")]

    assert drawn == [
        Paper(is_upright=False, images=set()),
        Paper(is_upright=True, images={(496, 496), (300, 100)}),
        Paper(is_upright=True, images={(600, 600), (300, 100)}),
    ]


@pytest.mark.parametrize("name", ["seal.png", "logo.png"])
@pytest.mark.parametrize("harm", ["missing", "altered", "open to others"])
async def test_who_lacks_an_image_is_held_by_name_and_the_others_leave(
    office: Office, images: Path, superuser: Connection, name: str, harm: str
) -> None:
    office.enrol_passed([trainee(0)])
    office.issue()
    configure(office)
    office.enrol_passed([trainee(1)])
    office.issue()
    before, after = (line["number"] for line in sorted(office.list(), key=lambda line: str(line["number"])))
    if harm == "missing":
        (images / name).unlink()
    elif harm == "altered":
        mount(images, name, (images / name).read_bytes() + b"\0")
    else:
        (images / name).chmod(0o666)

    gate = office.run("certificates", "gate", "--cohort", "C1", "--json")
    export = office.run("certificates", "export", "--cohort", "C1", "-o", str(office.folder / "c1.zip"))

    reason = {"seal.png": "SEAL_MISSING", "logo.png": "LOGO_MISSING"}[name]
    assert (gate.code, gate.json["passed"]) == (1, 1)
    ((number, why, detail),) = [(one["number"], one["reason"], one["detail"]) for one in gate.json["held"]]
    assert (number, why) == (after, reason)
    assert "VERIFY_SERVICE_IMAGE_DIR" in detail
    assert f"held: {after}: {reason}: " in export.err
    assert before not in export.err
    alarms = await superuser.fetch("select object_id, detail from audit_event where action = 'print_held'")
    assert {alarm["object_id"] for alarm in alarms} == {after}

    mount(images, name, {"seal.png": ring(), "logo.png": block()}[name])
    assert office.run("certificates", "gate", "--cohort", "C1", "--json").json["held"] == []


@pytest.mark.parametrize(
    ("name", "data", "named"),
    [
        ("seal.png", None, "seal.png in VERIFY_SERVICE_IMAGE_DIR"),
        ("logo.png", None, "logo.png in VERIFY_SERVICE_IMAGE_DIR"),
        ("seal.png", b"\x89PNG\r\n", "seal.png in VERIFY_SERVICE_IMAGE_DIR"),
        ("seal.png", block(500, 500)[:200], "seal.png in VERIFY_SERVICE_IMAGE_DIR"),
    ],
)
async def test_no_number_is_taken_for_a_seal_that_cannot_be_printed(
    office: Office, images: Path, superuser: Connection, name: str, data: bytes | None, named: str
) -> None:
    office.enrol_passed([trainee(0)])
    configure(office)
    if data is None:
        (images / name).unlink()
    else:
        mount(images, name, data)

    ran = office.issue()

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert named in ran.err
    assert await superuser.fetchval(NUMBERS) == 0


async def test_no_number_is_taken_while_the_folder_is_not_named(office: Office, superuser: Connection) -> None:
    office.enrol_passed([trainee(0)])
    configure(office)

    ran = office.issue()

    assert (ran.code, "VERIFY_SERVICE_IMAGE_DIR is not set" in ran.err) == (2, True)
    assert await superuser.fetchval(NUMBERS) == 0


def test_no_backup_holds_an_image(server: EmbeddedServer, database_name: str, office: Office, images: Path) -> None:
    assert images.is_dir()
    configure(office)
    office.enrol_passed([trainee(0)])
    office.issue()
    draw(office, office.list()[0]["number"])

    dumped = dump(server, database_name)

    for image in (ring(), block()):
        middle = image[len(image) // 2 :][:48]
        assert middle.hex().encode() not in dumped
        assert base64.b64encode(middle)[4:-4] not in dumped
    assert b"89504e470d0a1a0a" not in dumped  # how every PNG begins
