"""`keys init` makes what is missing and nothing twice; identity and keys, once made, are never quietly replaced."""

import asyncio
import json
from pathlib import Path

import asyncpg
import msgspec
import pytest

from signing import KeyPurpose
from verify_service.audit.model import Actor
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.errors import UsageError
from verify_service.key_directory import KeyDirectory
from verify_service.keys import queries, service
from verify_service.keys.model import Issuer
from verify_service.private_keys import PrivateKeys
from verify_service.sealing.model import SecretPurpose
from verify_service.settings import Settings

PUBLIC_URL = "https://cert.example.cn"
SECRETS = ["field-1", "index-1", "subject-1", "budget-1", "webhook-1"]
PURPOSES = {"credential", "qr", "status", "field", "index", "subject", "budget", "webhook"}
LATER_KEYS = {"log", "pdf", "receipt", "audit"}


@pytest.fixture
def directory(tmp_path: Path) -> KeyDirectory:
    """An empty KEY_DIR."""
    return KeyDirectory(Settings(data_dir=tmp_path, key_dir=tmp_path / "new keys"))


def files(directory: KeyDirectory) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in directory.path.iterdir()}


async def test_the_first_run_makes_identity_secrets_and_keys(
    operator: Connection, directory: KeyDirectory, actor: Actor
) -> None:
    made, notice = await service.initialise(operator, directory, PUBLIC_URL, actor)

    year = (await queries.today(operator)).year
    assert made[:6] == [*SECRETS, "did:web:cert.example.cn"]
    assert made[6:9] == [f"{year}-c1", f"{year}-q1", f"{year}-s1"]
    assert await queries.find_issuer(operator) == Issuer("did:web:cert.example.cn", PUBLIC_URL)
    assert notice is not None
    assert set(files(directory)) >= {"passphrase", "field-1.key", f"{year}-c1.pem", f"{year}-q1.pem", f"{year}-s1.pem"}


async def test_a_second_run_makes_nothing_and_touches_nothing(
    operator: Connection, directory: KeyDirectory, actor: Actor
) -> None:
    await service.initialise(operator, directory, PUBLIC_URL, actor)
    before = files(directory)

    assert await service.initialise(operator, directory, PUBLIC_URL, actor) == ([], None)

    assert files(directory) == before
    assert await operator.fetchval("select count(*) from approval") == 1


async def test_making_keys_is_approved_by_the_operator_and_recorded(
    operator: Connection, directory: KeyDirectory, actor: Actor
) -> None:
    made, _ = await service.initialise(operator, directory, PUBLIC_URL, actor)

    approval = await operator.fetchrow("select approval_id, action, given_by, actor from approval")
    events = await operator.fetch("select actor, action, object_id, detail from audit_event order by audit_event_id")
    assert approval is not None
    assert tuple(approval)[1:] == ("keys", "operator", actor.name)
    assert [event["object_id"] for event in events] == made
    assert {json.loads(event["detail"])["approval"] for event in events} == {str(approval["approval_id"])}


async def test_four_runs_at_once_make_every_key_once(
    database: DatabaseUrls, operator: Connection, directory: KeyDirectory
) -> None:
    async def run(name: str) -> list[str]:
        async with connected(database.operator, "OPERATOR_DATABASE_URL") as connection:
            made, _ = await service.initialise(connection, directory, PUBLIC_URL, Actor(name))
            return made

    made = await asyncio.gather(*(run(f"operator {number}") for number in range(4)))

    assert sorted(map(bool, made)) == [False, False, False, True]
    purposes = [row.purpose for row in await queries.list_signing_keys(operator)]
    assert sorted(purposes) == sorted(set(purposes))


async def test_after_a_crash_between_file_and_register_the_spent_id_is_not_used_again(
    operator: Connection, directory: KeyDirectory, actor: Actor
) -> None:
    year = (await queries.today(operator)).year
    directory.prepare()
    directory.add_private_key(f"{year}-c1", b"written, then the power failed")

    made, _ = await service.initialise(operator, directory, PUBLIC_URL, actor)

    assert f"{year}-c2" in made
    assert f"{year}-c1" not in made
    directory.signer(f"{year}-c2")


async def test_every_registered_key_signs_as_its_public_half_says(
    operator: Connection, settings: Settings, key_dir: Path
) -> None:
    directory = KeyDirectory(settings)
    trusted = await service.trusted_keys(operator)

    for purpose in (KeyPurpose.CREDENTIAL, KeyPurpose.QR, KeyPurpose.STATUS):
        key = await service.active_key(operator, purpose)
        assert directory.signer(key.key_id).public_key == key.raw
        assert trusted.get(key.key_id, purpose) == key
        assert (key.cose_kid is not None) == (purpose is KeyPurpose.QR)


async def test_a_purpose_without_an_active_key_is_named(operator: Connection) -> None:
    with pytest.raises(UsageError, match="no active credential key") as refused:
        await service.active_key(operator, KeyPurpose.CREDENTIAL)

    assert (refused.value.code, refused.value.exit_code) == ("KEY_MISSING", 2)


async def test_a_lost_secret_is_not_replaced(operator: Connection, settings: Settings, actor: Actor) -> None:
    (settings.key_dir / "field-1.key").unlink()
    directory = KeyDirectory(settings)

    with pytest.raises(UsageError, match="KEY_DIR lacks: field; restore KEY_DIR") as refused:
        await service.initialise(operator, directory, settings.require_public_url(), actor)

    assert refused.value.code == "KEY_MISSING"
    assert directory.secrets(SecretPurpose.FIELD) == ()


@pytest.mark.parametrize("name", SECRETS)
async def test_a_secret_that_is_not_the_registers_is_named_before_it_is_used(
    operator: Connection, settings: Settings, actor: Actor, name: str
) -> None:
    directory = KeyDirectory(settings)
    (settings.key_dir / f"{name}.key").unlink(missing_ok=True)
    purpose, version = name.split("-")
    directory.add_secret(SecretPurpose(purpose), int(version))

    for use in (
        lambda: service.require_genuine_secrets(operator, directory.every_secret()),
        lambda: service.initialise(operator, directory, settings.require_public_url(), actor),
    ):
        with pytest.raises(UsageError, match=f"{name} in KEY_DIR is not the register's") as refused:
            await use()
        assert (refused.value.code, refused.value.exit_code) == ("KEY_WRONG", 2)


async def test_the_secrets_of_the_register_are_genuine(operator: Connection, settings: Settings) -> None:
    held = KeyDirectory(settings).every_secret()

    await service.require_genuine_secrets(operator, held)

    assert [secret.key_id for secret in held] == SECRETS


async def test_a_secret_that_the_register_does_not_know_is_used_by_nobody(
    operator: Connection, settings: Settings
) -> None:
    directory = KeyDirectory(settings)
    directory.add_secret(SecretPurpose.FIELD, 2)

    states = await service.require_genuine_secrets(operator, directory.every_secret())

    used = service.require_secrets(directory.require_secrets(), states)
    assert [secret.key_id for secret in used.field] == ["field-1"]


async def test_secrets_whose_registration_was_cut_off_are_registered_by_the_next_run(
    operator: Connection, directory: KeyDirectory, actor: Actor
) -> None:
    directory.prepare()
    directory.add_secret(SecretPurpose.FIELD, 1)
    before = directory.secrets(SecretPurpose.FIELD)
    await service.require_genuine_secrets(operator, before)

    made, _ = await service.initialise(operator, directory, PUBLIC_URL, actor)

    assert "field-1" not in made
    assert directory.secrets(SecretPurpose.FIELD) == before
    assert set(await queries.list_secret_checks(operator)) == set(SECRETS)


async def test_the_database_dates_what_becomes_of_a_key(operator: Connection, key_dir: Path) -> None:
    await operator.execute("update signing_key set state = 'rotated' where purpose = 'status'")

    assert await operator.fetchval("select now() - state_since < '1 minute' from signing_key where purpose = 'status'")


async def test_a_later_public_url_is_refused_unless_the_old_one_is_named(
    operator: Connection, settings: Settings
) -> None:
    moved = msgspec.structs.replace(settings, public_url="https://new.example.cn")
    assert (await service.require_issuer(operator, settings)).public_url == settings.public_url

    with pytest.raises(UsageError, match="FORMER_PUBLIC_URLS") as refused:
        await service.require_issuer(operator, moved)

    assert refused.value.code == "PUBLIC_URL_CHANGED"
    told = msgspec.structs.replace(moved, former_public_urls=(settings.require_public_url(),))
    assert (await service.require_issuer(operator, told)).public_url == settings.public_url


async def test_before_keys_init_there_is_no_issuer(operator: Connection, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, key_dir=tmp_path, public_url=PUBLIC_URL)

    with pytest.raises(UsageError, match="verify-service keys init"):
        await service.require_issuer(operator, settings)


async def test_the_list_shows_every_key_and_no_private_half(operator: Connection, settings: Settings) -> None:
    directory = KeyDirectory(settings)

    listed = await service.list_keys(operator, PrivateKeys(directory))

    shown = msgspec.json.encode(listed).decode()
    assert {key.purpose for key in listed} - LATER_KEYS == PURPOSES
    assert all(key.in_key_dir and key.state == "active" for key in listed)
    for content in files(directory).values():
        assert content.decode().strip() not in shown


@pytest.mark.parametrize(
    "change",
    [
        "update issuer set did = 'did:web:evil.example'",
        "delete from issuer",
        "delete from signing_key",
        "update signing_key set public_key = '\\x00'",
        "update signing_key set key_id = '2020-c1'",
        "update signing_key set state_since = '2020-01-01'",
        "update secret_check set mac = ''",
        "delete from secret_check",
    ],
)
async def test_the_operator_may_not_rewrite_identity_or_keys(operator: Connection, change: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await operator.execute(change)


@pytest.mark.parametrize(
    "second",
    [
        "insert into issuer (did, public_url) values ('did:web:b.example', 'https://b.example')",
        "insert into signing_key (key_id, purpose, public_key) values ('2020-c9', 'credential', 'another')",
        "insert into signing_key (key_id, purpose, public_key, cose_kid) values ('2020-l9', 'log', 'another', 1)",
    ],
)
async def test_there_is_one_issuer_one_active_key_a_purpose_and_one_key_a_cose_kid(
    operator: Connection, key_dir: Path, second: str
) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await operator.execute(second)
