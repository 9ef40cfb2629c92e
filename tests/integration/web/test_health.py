"""`/healthz` says that the process answers, `/readyz` that lookups can be answered."""

import msgspec
import pytest

from tests.integration.web.conftest import Client, asking
from verify_service.app import create_app
from verify_service.database import Connection
from verify_service.embedded.server import DatabaseUrls
from verify_service.errors import ServiceError, UsageError
from verify_service.key_directory import KeyDirectory
from verify_service.sealing.model import SecretPurpose
from verify_service.settings import Settings


async def test_a_service_with_its_database_and_keys_is_alive_and_ready(client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        response = await client.get(path)

        assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    "change",
    [
        "delete from schema_migration where version = (select max(version) from schema_migration)",
        "update schema_migration set sha256 = decode(repeat('00', 32), 'hex') where version = 1",
        "drop table schema_migration",
    ],
)
async def test_a_register_that_is_not_as_the_migrations_left_it_is_not_ready(
    settings: Settings, superuser: Connection, change: str
) -> None:
    async with asking(settings) as client:
        await superuser.execute(change)

        ready, alive = await client.get("/readyz"), await client.get("/healthz")

    assert (ready.status_code, alive.status_code) == (503, 200)
    assert ready.headers["content-type"] == "application/problem+json"
    assert int(ready.headers["retry-after"]) > 0


async def test_a_register_whose_issuer_is_gone_is_not_ready(settings: Settings, superuser: Connection) -> None:
    async with asking(settings) as client:
        await superuser.execute("set session_replication_role = replica")
        await superuser.execute("delete from issuer")

        assert (await client.get("/readyz")).status_code == 503


async def test_a_service_does_not_start_on_an_unmigrated_database(
    settings: Settings, empty_database: DatabaseUrls
) -> None:
    with pytest.raises(ServiceError, match="migrate"):
        await create_app(settings, empty_database.web)


async def test_a_service_does_not_start_under_another_public_url(settings: Settings) -> None:
    moved = msgspec.structs.replace(settings, public_url="https://cert.example.cn")
    assert moved.database_url is not None

    with pytest.raises(UsageError, match="PUBLIC_URL"):
        await create_app(moved, moved.database_url)

    stayed = msgspec.structs.replace(moved, former_public_urls=(str(settings.public_url),))
    async with asking(stayed) as client:
        assert (await client.get("/readyz")).status_code == 200


@pytest.mark.parametrize("lost", ["field-1.key", "index-1.key"])
async def test_a_service_does_not_start_without_a_secret_it_needs(settings: Settings, lost: str) -> None:
    (settings.key_dir / lost).unlink()
    assert settings.database_url is not None

    with pytest.raises(UsageError, match=lost.split("-", maxsplit=1)[0]):
        await create_app(settings, settings.database_url)


@pytest.mark.parametrize("purpose", [SecretPurpose.FIELD, SecretPurpose.INDEX])
async def test_a_service_does_not_start_with_a_secret_of_another_register(
    settings: Settings, purpose: SecretPurpose
) -> None:
    (settings.key_dir / f"{purpose}-1.key").unlink()
    KeyDirectory(settings).add_secret(purpose, 1)
    assert settings.database_url is not None

    with pytest.raises(UsageError, match=f"{purpose}-1 in KEY_DIR is not the register's"):
        await create_app(settings, settings.database_url)


async def test_the_web_process_needs_neither_signing_keys_nor_the_subject_secret(settings: Settings) -> None:
    for file in (*settings.key_dir.glob("*.pem"), settings.key_dir / "subject-1.key", settings.key_dir / "passphrase"):
        file.unlink()

    async with asking(settings) as client:
        assert (await client.get("/readyz")).status_code == 200
