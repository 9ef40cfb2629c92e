"""Images that operations mount: which are read, which are not believed, and how one is found again."""

import hashlib
import os
from pathlib import Path

import pytest

from tests.pictures import block, ring
from verify_service.errors import UsageError
from verify_service.image_directory import MAX_IMAGE_BYTES, MAX_IMAGES, ImageDirectory
from verify_service.settings import Settings

SEAL, LOGO = ring(), block()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a seal and a logo."""
    made = tmp_path / "images"
    made.mkdir(mode=0o755)
    for name, data in (("seal.png", SEAL), ("logo.png", LOGO)):
        (made / name).write_bytes(data)
        (made / name).chmod(0o644)
    return made


def images(folder: Path | None) -> ImageDirectory:
    return ImageDirectory(Settings(data_dir=Path("data"), key_dir=Path("keys"), image_dir=folder))


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def code_of(refused: pytest.ExceptionInfo[UsageError]) -> str:
    return refused.value.code


def test_a_file_is_read_by_its_name_and_found_by_its_digest(folder: Path) -> None:
    assert images(folder).read("seal.png") == SEAL
    assert images(folder).find(sha256(LOGO)) == LOGO


def test_an_old_seal_is_found_under_whatever_name_it_has_by_then(folder: Path) -> None:
    (folder / "seal.png").rename(folder / "seal-2026.png")
    (folder / "seal.png").write_bytes(ring(500))

    assert images(folder).find(sha256(SEAL)) == SEAL


def test_what_changed_between_two_looks_is_noticed(folder: Path) -> None:
    opened = images(folder)
    assert opened.find(sha256(SEAL)) == SEAL
    other = SEAL[:-1] + b"\0"
    before = (folder / "seal.png").stat()
    (folder / "seal.png").write_bytes(other)
    os.utime(folder / "seal.png", ns=(before.st_atime_ns, before.st_mtime_ns))  # as if nothing had been

    assert opened.find(sha256(other)) == other
    with pytest.raises(UsageError) as refused:
        opened.find(sha256(SEAL))
    assert code_of(refused) == "IMAGE_MISSING"


def test_a_file_that_stays_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, read = images(folder), list[str]()
    once = ImageDirectory._read

    def count(directory: ImageDirectory, descriptor: int, name: str) -> object:
        read.append(name)
        return once(directory, descriptor, name)

    monkeypatch.setattr(ImageDirectory, "_read", count)
    for _ in range(10):
        opened.find(sha256(SEAL))

    assert read == ["logo.png", "seal.png"]


def test_other_files_of_the_folder_do_not_count(folder: Path) -> None:
    (folder / "seal.png").rename(folder / "seal.txt")

    with pytest.raises(UsageError, match="SHA-256"):
        images(folder).find(sha256(SEAL))


@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_a_file_others_may_write_to_is_refused_by_name_and_not_found(folder: Path, mode: int) -> None:
    (folder / "seal.png").chmod(mode)

    with pytest.raises(UsageError, match=r"seal\.png in VERIFY_SERVICE_IMAGE_DIR") as refused:
        images(folder).read("seal.png")
    assert code_of(refused) == "IMAGE_DIR_OPEN"
    with pytest.raises(UsageError, match=r"seal\.png in VERIFY_SERVICE_IMAGE_DIR can be written"):
        images(folder).find(sha256(SEAL))
    assert images(folder).find(sha256(LOGO)) == LOGO


@pytest.mark.parametrize("mode", [0o775, 0o757])
def test_a_folder_others_may_write_to_is_refused(folder: Path, mode: int) -> None:
    folder.chmod(mode)

    with pytest.raises(UsageError, match="VERIFY_SERVICE_IMAGE_DIR can be written") as refused:
        images(folder).read("seal.png")
    assert code_of(refused) == "IMAGE_DIR_OPEN"
    with pytest.raises(UsageError, match="VERIFY_SERVICE_IMAGE_DIR can be written"):
        images(folder).find(sha256(SEAL))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_belongs_to_somebody_else_is_refused(folder: Path) -> None:
    os.chown(folder / "seal.png", 12345, -1)

    with pytest.raises(UsageError, match="belongs to another user"):
        images(folder).read("seal.png")


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "seal.png").rename(tmp_path / "elsewhere.png")
    (folder / "seal.png").symlink_to(tmp_path / "elsewhere.png")

    with pytest.raises(UsageError) as refused:
        images(folder).read("seal.png")
    assert code_of(refused) == "IMAGE_MISSING"
    with pytest.raises(UsageError):
        images(folder).find(sha256(SEAL))


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_is_refused_and_nothing_waits_for_it(folder: Path, make: object) -> None:
    (folder / "seal.png").unlink()
    assert callable(make)
    make(folder / "seal.png")
    (folder / "seal.png").chmod(0o755)

    with pytest.raises(UsageError, match=r"seal\.png in VERIFY_SERVICE_IMAGE_DIR"):
        images(folder).read("seal.png")
    assert images(folder).find(sha256(LOGO)) == LOGO


def test_a_file_of_any_size_is_not_read_to_its_end(folder: Path) -> None:
    with (folder / "seal.png").open("wb") as stream:
        stream.truncate(1 << 40)

    with pytest.raises(UsageError, match=str(MAX_IMAGE_BYTES)):
        images(folder).read("seal.png")


def test_a_folder_of_countless_images_is_refused(folder: Path) -> None:
    for number in range(MAX_IMAGES):
        (folder / f"{number}.png").touch(mode=0o644)

    with pytest.raises(UsageError, match="more than"):
        images(folder).find(sha256(SEAL))


@pytest.mark.parametrize("name", ["nowhere", "images/seal.png"])
def test_a_folder_that_is_not_there_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    assert folder.is_dir()
    with pytest.raises(UsageError, match="VERIFY_SERVICE_IMAGE_DIR cannot be read"):
        images(tmp_path / name).read("seal.png")


def test_without_the_setting_nothing_is_read() -> None:
    with pytest.raises(UsageError, match="VERIFY_SERVICE_IMAGE_DIR is not set"):
        images(None).read("seal.png")
