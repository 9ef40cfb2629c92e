"""KEY_DIR: open to its owner alone, added to and never overwritten; what is missing or broken is named."""

import base64
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signing import seal_private_key
from verify_service.errors import UsageError
from verify_service.key_directory import KeyDirectory
from verify_service.sealing.model import SecretPurpose
from verify_service.settings import Settings


def key_directory(path: Path, passphrase: str | None = None) -> KeyDirectory:
    return KeyDirectory(Settings(data_dir=path.parent, key_dir=path, key_passphrase=passphrase))


@pytest.fixture
def directory(tmp_path: Path) -> KeyDirectory:
    directory = key_directory(tmp_path / "some" / "keys", "correct horse")
    directory.prepare()
    return directory


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_folder_and_files_are_their_owners_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        directory = key_directory(tmp_path / "keys")
        notice = directory.prepare()
        directory.add_secret(SecretPurpose.FIELD, 1)
        directory.add_private_key("2026-c1", b"pem")
    finally:
        os.umask(before)

    assert mode(directory.path) == 0o700
    names = {file.name: mode(file) for file in directory.path.iterdir()}
    assert names == {"passphrase": 0o600, "field-1.key": 0o600, "2026-c1.pem": 0o600}
    assert notice is not None
    assert str(directory.path / "passphrase") in notice
    assert directory.passphrase().decode() not in notice


@pytest.mark.parametrize("open_mode", [0o755, 0o710, 0o701, 0o770])
def test_a_folder_open_to_others_is_refused(directory: KeyDirectory, open_mode: int) -> None:
    directory.path.chmod(open_mode)

    with pytest.raises(UsageError, match="chmod 700"):
        directory.prepare()
    with pytest.raises(UsageError, match="chmod 700"):
        directory.secrets(SecretPurpose.FIELD)


def test_a_random_passphrase_is_written_once_and_kept(tmp_path: Path) -> None:
    directory = key_directory(tmp_path / "keys")
    directory.prepare()
    passphrase = directory.passphrase()

    assert directory.prepare() is None
    assert directory.passphrase() == passphrase
    assert len(passphrase) >= 43


def test_a_passphrase_that_is_set_is_never_written(directory: KeyDirectory) -> None:
    assert directory.passphrase() == b"correct horse"
    assert list(directory.path.iterdir()) == []


@pytest.mark.parametrize(("content", "code"), [(None, "KEY_MISSING"), ("", "KEY_BROKEN"), (" \n", "KEY_BROKEN")])
def test_keys_are_never_sealed_under_an_empty_passphrase(tmp_path: Path, content: str | None, code: str) -> None:
    directory = key_directory(tmp_path)
    if content is not None:
        (tmp_path / "passphrase").write_text(content)

    with pytest.raises(UsageError) as refused:
        directory.passphrase()

    assert refused.value.code == code


def test_versions_of_a_secret_come_newest_first(directory: KeyDirectory) -> None:
    for version in (1, 10, 2):
        directory.add_secret(SecretPurpose.INDEX, version)
    (directory.path / "index-03.key").write_text("not a name of ours")
    (directory.path / "index-3.key.bak").write_text("not a name of ours")

    secrets = directory.secrets(SecretPurpose.INDEX)

    assert [secret.key_id for secret in secrets] == ["index-10", "index-2", "index-1"]
    assert {len(secret.key) for secret in secrets} == {32}
    assert len({secret.key for secret in secrets}) == 3


@pytest.mark.parametrize("content", [b"", b"c2hvcnQ=", b"!!!", base64.urlsafe_b64encode(bytes(33)), b"\xff" * 44])
def test_a_broken_secret_is_named_and_not_quoted(directory: KeyDirectory, content: bytes) -> None:
    (directory.path / "field-1.key").write_bytes(content)

    with pytest.raises(UsageError, match=r"field-1\.key in KEY_DIR does not hold 32 bytes") as refused:
        directory.secrets(SecretPurpose.FIELD)

    assert refused.value.code == "KEY_BROKEN"


@pytest.mark.parametrize("missing", [SecretPurpose.FIELD, SecretPurpose.INDEX, SecretPurpose.SUBJECT])
def test_a_missing_secret_is_named(directory: KeyDirectory, missing: SecretPurpose) -> None:
    for purpose in SecretPurpose:
        if purpose is not missing:
            directory.add_secret(purpose, 1)

    with pytest.raises(UsageError, match=f"KEY_DIR has no {missing.value} secret") as refused:
        directory.require_secrets()

    assert refused.value.exit_code == 2


def test_nothing_that_stands_is_overwritten(directory: KeyDirectory) -> None:
    directory.add_secret(SecretPurpose.FIELD, 1)
    before = directory.secrets(SecretPurpose.FIELD)

    with pytest.raises(UsageError, match="KEY_DIR"):
        directory.add_secret(SecretPurpose.FIELD, 1)

    assert directory.secrets(SecretPurpose.FIELD) == before
    assert [file.name for file in directory.path.iterdir()] == ["field-1.key"]


def test_a_file_whose_writing_was_cut_off_is_written_again(directory: KeyDirectory) -> None:
    with patch.object(os, "fsync", side_effect=SystemExit), pytest.raises(SystemExit):
        directory.add_secret(SecretPurpose.FIELD, 1)

    assert directory.secrets(SecretPurpose.FIELD) == ()
    directory.add_secret(SecretPurpose.FIELD, 1)

    assert len(directory.secrets(SecretPurpose.FIELD)) == 1


def test_two_writers_of_one_name_never_share_an_unfinished_file(directory: KeyDirectory) -> None:
    sync = os.fsync

    def let_another_write_first(descriptor: int) -> None:
        with patch.object(os, "fsync", sync):
            directory.add_private_key("2026-c1", b"the other's, whole")
        sync(descriptor)

    with patch.object(os, "fsync", let_another_write_first), pytest.raises(UsageError, match="KEY_DIR"):
        directory.add_private_key("2026-c1", b"ours")

    assert (directory.path / "2026-c1.pem").read_bytes() == b"the other's, whole\n"


def test_no_second_passphrase_is_made_up_beside_keys_sealed_under_another(directory: KeyDirectory) -> None:
    directory.add_private_key("2026-c1", b"sealed under the passphrase that is set")

    with pytest.raises(UsageError, match="KEY_PASSPHRASE is not set") as refused:
        key_directory(directory.path).prepare()

    assert refused.value.exit_code == 2
    assert [file.name for file in directory.path.iterdir()] == ["2026-c1.pem"]


def a_file(path: Path) -> None:
    path.write_text("not a folder")


def a_dangling_link(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


@pytest.mark.parametrize("put", [a_file, a_dangling_link])
def test_what_is_no_folder_is_refused_by_name(tmp_path: Path, put: Callable[[Path], None]) -> None:
    directory = key_directory(tmp_path / "keys")
    put(directory.path)

    for use in (directory.prepare, lambda: directory.add_secret(SecretPurpose.FIELD, 1)):
        with pytest.raises(UsageError, match=r"KEY_DIR .*/keys cannot be used") as refused:
            use()
        assert refused.value.exit_code == 2


def test_a_full_disk_leaves_nothing_behind(directory: KeyDirectory) -> None:
    with (
        patch.object(os, "fsync", side_effect=OSError(errno.ENOSPC, "No space left on device")),
        pytest.raises(UsageError, match="No space left"),
    ):
        directory.add_secret(SecretPurpose.FIELD, 1)

    assert list(directory.path.iterdir()) == []


def test_a_signer_signs_with_the_key_of_its_id(directory: KeyDirectory) -> None:
    private_key = Ed25519PrivateKey.generate()
    directory.add_private_key("2026-c1", seal_private_key(private_key, directory.passphrase()))

    signer = directory.signer("2026-c1")

    assert directory.has_private_key("2026-c1")
    assert signer.key_id == "2026-c1"
    assert signer.public_key == private_key.public_key().public_bytes_raw()


def test_a_signer_that_is_missing_or_locked_is_named(directory: KeyDirectory) -> None:
    sealed = seal_private_key(Ed25519PrivateKey.generate(), b"another passphrase")
    directory.add_private_key("2026-c1", sealed)
    directory.add_private_key("2026-c2", b"not a key")

    for key_id, code in (("2026-c1", "KEY_LOCKED"), ("2026-c2", "KEY_LOCKED"), ("2026-c3", "KEY_MISSING")):
        with pytest.raises(UsageError, match=key_id) as refused:
            directory.signer(key_id)
        assert (refused.value.code, refused.value.exit_code) == (code, 2)
