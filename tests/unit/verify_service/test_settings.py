"""Settings: every refusal names its setting and quotes no secret; nothing has an unsafe default."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from verify_service.errors import UsageError
from verify_service.settings import DEFAULT_EFFORT, Settings, load_settings


def load(**settings: str) -> Settings:
    return load_settings({f"VERIFY_SERVICE_{name}": value for name, value in settings.items()})


def test_an_empty_environment_has_everything_local_commands_need() -> None:
    settings = load_settings({})

    assert settings.data_dir == Path.cwd() / ".data"
    assert settings.key_dir == settings.data_dir / "keys"
    assert (settings.database_url, settings.key_passphrase, settings.public_url) == (None, None, None)
    assert settings.rate_limit_storage == "memory://"
    assert settings.trusted_proxies == ()


def test_every_setting_is_read() -> None:
    settings = load(
        DATA_DIR="/srv/data",
        KEY_DIR="/srv/keys",
        KEY_PASSPHRASE="correct horse",
        PUBLIC_URL="https://Cert.Example.cn/",
        FORMER_PUBLIC_URLS="https://old.example.cn, https://older.example.cn/ ,",
        DATABASE_URL="postgresql://web@db/register",
        OPERATOR_DATABASE_URL="postgres://operator@db/register",
        MIGRATION_DATABASE_URL="postgresql://migration@db/register",
        INSTITUTION_FILE="/srv/institution.toml",
        IMAGE_DIR="/srv/images",
        RETENTION_FILE="/srv/retention.toml",
        RATE_LIMIT_STORAGE="redis://cache:6379",
        RATE_LIMIT_NETWORK="5/minute",
        TRUSTED_PROXIES="10.0.0.1, 192.168.0.0/16,fd00::/8",
    )

    assert (settings.data_dir, settings.key_dir) == (Path("/srv/data"), Path("/srv/keys"))
    assert settings.key_passphrase == "correct horse"
    assert settings.public_url == "https://cert.example.cn"
    assert settings.former_public_urls == ("https://old.example.cn", "https://older.example.cn")
    assert settings.database_url == "postgresql://web@db/register"
    assert settings.operator_database_url == "postgres://operator@db/register"
    assert settings.migration_database_url == "postgresql://migration@db/register"
    assert settings.institution_file == Path("/srv/institution.toml")
    assert settings.image_dir == Path("/srv/images")
    assert settings.retention_file == Path("/srv/retention.toml")
    assert (settings.rate_limit_storage, settings.rate_limits.network) == ("redis://cache:6379", "5/minute")
    assert settings.trusted_proxies == tuple(map(ip_network, ("10.0.0.1/32", "192.168.0.0/16", "fd00::/8")))


def test_relative_folders_do_not_move_with_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    settings = load(DATA_DIR="data", KEY_DIR="keys")

    assert (settings.data_dir, settings.key_dir) == (tmp_path / "data", tmp_path / "keys")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:8123", "https://cert.example.cn:8443"])
def test_a_public_url_is_https_or_loopback(url: str) -> None:
    assert load(PUBLIC_URL=url).require_public_url() == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://cert.example.cn"),
        ("PUBLIC_URL", "cert.example.cn"),
        ("PUBLIC_URL", "https://cert.example.cn/path"),
        ("PUBLIC_URL", "https://user:secret@cert.example.cn"),
        ("PUBLIC_URL", "https://"),
        ("FORMER_PUBLIC_URLS", "https://old.example.cn,ftp://older.example.cn"),
        ("DATABASE_URL", "mysql://web:secret@db/register"),
        ("DATABASE_URL", "host=db password=secret"),
        ("DATABASE_URL", "postgresql://web:secret@[::1/register"),
        ("OPERATOR_DATABASE_URL", "secret"),
        ("MIGRATION_DATABASE_URL", "secret"),
        ("TRUSTED_PROXIES", "10.0.0.0/33"),
        ("TRUSTED_PROXIES", "10.0.0.1;10.0.0.2"),
        ("TRUSTED_PROXIES", "proxy.example.cn"),
    ],
)
def test_a_malformed_setting_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(UsageError) as refused:
        load(**{name: value})

    assert refused.value.exit_code == 2
    assert f"VERIFY_SERVICE_{name}" in refused.value.message
    assert "secret" not in refused.value.message
    assert "\n" not in refused.value.message


def test_a_missing_public_url_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="VERIFY_SERVICE_PUBLIC_URL is not set"):
        load().require_public_url()


@pytest.mark.parametrize("name", ["KEY_PASSPHRASE", "DATABASE_URL", "OPERATOR_DATABASE_URL", "PUBLIC_URL", "DATA_DIR"])
def test_any_setting_may_stand_in_a_file(tmp_path: Path, name: str) -> None:
    value = {"PUBLIC_URL": "https://cert.example.cn", "DATA_DIR": "/srv/data"}.get(name, "postgresql://web:secret@db/r")
    file = tmp_path / "setting"
    file.write_text(value + "\n")

    assert load(**{f"{name}_FILE": str(file)}) == load(**{name: value})


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_a_file_that_cannot_be_used_stops_the_start(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "setting"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(UsageError, match="VERIFY_SERVICE_DATABASE_URL_FILE names"):
        load(DATABASE_URL_FILE=str(file))


def test_a_folder_in_place_of_a_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="VERIFY_SERVICE_KEY_PASSPHRASE_FILE"):
        load(KEY_PASSPHRASE_FILE=str(tmp_path))


def test_a_setting_given_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "setting"
    file.write_text("another secret")

    with pytest.raises(UsageError, match="are both set") as refused:
        load(KEY_PASSPHRASE="secret", KEY_PASSPHRASE_FILE=str(file))

    assert "secret" not in refused.value.message.replace("both set", "")


def test_the_effort_of_a_proof_of_work_is_set_switched_off_or_the_default() -> None:
    efforts = [load_settings({"VERIFY_SERVICE_PROOF_OF_WORK": text}).effort for text in ("40", "0", "")]

    assert efforts == [40, 0, DEFAULT_EFFORT]


@pytest.mark.parametrize("text", ["-1", "many", "1e3", "８００", "1000000"])
def test_an_effort_that_is_no_number_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(UsageError, match="VERIFY_SERVICE_PROOF_OF_WORK"):
        load_settings({"VERIFY_SERVICE_PROOF_OF_WORK": text})
