"""Status lists say what the register says, and are signed anew exactly when that is due."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signing import (
    Ed25519Signer,
    KeyId,
    KeyPurpose,
    Signer,
    StatusList,
    TrustedKeys,
    certificate_status,
    verify_status_list,
)
from tests.conftest import PUBLIC_URL
from tests.factories import trainees
from tests.office import Office
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls
from verify_service.key_directory import KeyDirectory
from verify_service.keys.service import active_key, trusted_keys
from verify_service.settings import Settings
from verify_service.status_lists.service import publish

ANN, BOB, EVE = trainees(3)
DID = "did:web:127.0.0.1%3A8000"
SELECT_POSITIONS = "select certificate_number, status_list, status_index from credential"


@pytest.fixture
async def signer_role(database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.signer, "SIGNER_DATABASE_URL") as connection:
        yield connection


@pytest.fixture
async def status_signer(operator: Connection, settings: Settings) -> Signer:
    key = await active_key(operator, KeyPurpose.STATUS)
    return KeyDirectory(settings).signer(key.key_id)


@pytest.fixture
def numbers(office: Office) -> dict[str, str]:
    """The certificate numbers of Ann, Bob and Eve, by name."""
    office.enrol_passed([ANN, BOB, EVE])
    assert office.issue().json["issued"] == 3
    return {line["name"]: line["number"] for line in office.list()}


class Lists:
    """The published lists, verified, and what they say of a certificate."""

    def __init__(self, operator: Connection, signer_role: Connection, signer: Signer) -> None:
        self.operator, self.signer_role, self.signer = operator, signer_role, signer

    async def publish(self) -> int:
        return await publish(self.signer_role, self.signer, DID, PUBLIC_URL)

    async def read(self) -> Mapping[str, StatusList]:
        keys: TrustedKeys = await trusted_keys(self.operator)
        rows = await self.operator.fetch("select purpose, content from status_list_publication where status_list = 0")
        return {row["purpose"]: verify_status_list(row["content"], keys, DID) for row in rows}

    async def status(self) -> dict[str, str]:
        """Return what the lists alone say of each certificate, by number."""
        lists = await self.read()
        return {
            row["certificate_number"]: certificate_status(
                revocation=lists["revocation"].is_set(row["status_index"]),
                refresh=lists["refresh"].is_set(row["status_index"]),
            )
            for row in await self.operator.fetch(SELECT_POSITIONS)
        }

    async def bits_set(self) -> dict[str, int]:
        lists = await self.read()
        return {purpose: int.from_bytes(found.bits, "big").bit_count() for purpose, found in lists.items()}


@pytest.fixture
async def lists(operator: Connection, signer_role: Connection, status_signer: Signer) -> Lists:
    made = Lists(operator, signer_role, status_signer)
    await made.publish()
    return made


def revoke(office: Office, number: str) -> None:
    assert office.run("certificates", "revoke", number, "--reason", "holder_request").code == 0


def correct(office: Office, number: str) -> str:
    options = ("--name", office.private("林新名"), "--note", "-", "--json")
    return str(office.run("certificates", "correct", number, *options, stdin="登记有误").json["number"])


async def test_a_register_without_certificates_has_no_list(lists: Lists) -> None:
    assert await lists.publish() == 0
    assert await lists.read() == {}


async def test_a_list_without_revocations_is_published_in_both_purposes(
    numbers: Mapping[str, str], lists: Lists
) -> None:
    assert await lists.bits_set() == {"revocation": 0, "refresh": 0}
    assert set((await lists.status()).values()) == {"valid"}


async def test_the_lists_follow_what_happens_to_certificates(
    office: Office, numbers: Mapping[str, str], lists: Lists
) -> None:
    ann, bob, eve = (numbers[person.name] for person in (ANN, BOB, EVE))
    revoke(office, ann)
    new = correct(office, bob)
    await lists.publish()

    assert await lists.status() == {ann: "revoked", bob: "superseded", eve: "valid", new: "valid"}
    assert await lists.bits_set() == {"revocation": 2, "refresh": 1}


async def test_revoked_after_it_was_superseded_is_revoked(
    office: Office, numbers: Mapping[str, str], lists: Lists
) -> None:
    number = numbers[ANN.name]
    correct(office, number)
    await lists.publish()
    assert (await lists.status())[number] == "superseded"

    revoke(office, number)
    await lists.publish()

    assert (await lists.status())[number] == "revoked"
    assert await lists.bits_set() == {"revocation": 1, "refresh": 0}


async def test_replaced_after_it_was_revoked_stays_revoked(
    office: Office, numbers: Mapping[str, str], lists: Lists
) -> None:
    number = numbers[ANN.name]
    assert office.run("certificates", "revoke", number, "--reason", "issued_in_error").code == 0
    correct(office, number)
    await lists.publish()

    assert (await lists.status())[number] == "revoked"


async def test_an_erased_persons_revocation_stays_on_the_list(
    office: Office, numbers: Mapping[str, str], lists: Lists
) -> None:
    revoke(office, numbers[ANN.name])
    await lists.publish()
    options = ("--id-number", office.private(ANN.id_number), "--note", "-", "--apply")
    assert office.run("person", "erase", *options, stdin="本人要求").code == 0
    revoke(office, numbers[BOB.name])
    await lists.publish()

    status = await lists.status()
    assert (status[numbers[ANN.name]], status[numbers[BOB.name]]) == ("revoked", "revoked")


async def test_what_did_not_change_is_not_signed_again(
    office: Office, numbers: Mapping[str, str], lists: Lists
) -> None:
    await lists.publish()
    before = await lists.read()

    assert await lists.publish() == 0
    assert await lists.read() == before
    revoke(office, numbers[ANN.name])
    assert await lists.publish() <= 1  # the command may have published already
    assert await lists.publish() == 0


async def test_a_list_is_signed_anew_long_before_it_grows_stale(
    numbers: Mapping[str, str], lists: Lists, superuser: Connection
) -> None:
    await lists.publish()
    (found, _) = (await lists.read()).values()
    assert found.valid_until - found.valid_from == timedelta(hours=24)

    await superuser.execute("update status_list_publication set signed_at = now() - interval '11 hours 59 minutes'")
    assert await lists.publish() == 0
    await superuser.execute("update status_list_publication set signed_at = now() - interval '12 hours 1 minute'")
    assert await lists.publish() == 1


async def test_both_lists_of_a_number_are_of_one_instant(
    office: Office, numbers: Mapping[str, str], lists: Lists
) -> None:
    correct(office, numbers[ANN.name])
    await lists.publish()

    found = await lists.read()

    assert found["revocation"].valid_from == found["refresh"].valid_from


async def test_a_new_key_signs_everything_anew_at_once(
    numbers: Mapping[str, str], lists: Lists, superuser: Connection, status_signer: Signer
) -> None:
    await lists.publish()
    successor = Ed25519Signer(Ed25519PrivateKey.generate(), KeyId("2999-s9"))
    await superuser.execute("update signing_key set state = 'rotated' where purpose = 'status'")
    await superuser.execute(
        "insert into signing_key (key_id, purpose, public_key) values ($1, 'status', $2)",
        successor.key_id,
        successor.public_key,
    )
    lists.signer = successor

    assert await lists.publish() == 1
    assert await lists.publish() == 0
    assert set(await lists.bits_set()) == {"revocation", "refresh"}  # and verified by the new key


async def test_of_two_publishers_at_once_one_signs(
    office: Office, numbers: Mapping[str, str], lists: Lists, superuser: Connection, database: DatabaseUrls
) -> None:
    await lists.publish()
    await superuser.execute("insert into status_list_change values (0)")

    async def alone() -> int:
        async with connected(database.signer, "SIGNER_DATABASE_URL") as connection:
            return await publish(connection, lists.signer, DID, PUBLIC_URL)

    assert sorted(await asyncio.gather(*(alone() for _ in range(4)))) == [0, 0, 0, 1]


async def test_revoking_waits_neither_for_issuing_nor_for_another_revocation(
    numbers: Mapping[str, str], lists: Lists, operator: Connection, database: DatabaseUrls
) -> None:
    """Both hold the list: who issues its row, who revokes the mark that it changed."""
    ids = [row["credential_id"] for row in await operator.fetch("select credential_id from credential")]
    insert = """
        insert into credential_event (credential_id, event, reason, approval_id)
        select credential_id, 'revoked', 'holder_request', approval_id from credential where credential_id = $1
    """
    async with (
        connected(database.operator, "OPERATOR_DATABASE_URL") as issuing,
        connected(database.operator, "OPERATOR_DATABASE_URL") as revoking,
        issuing.transaction(),
        revoking.transaction(),
    ):
        await issuing.execute("select from status_list for update")
        await revoking.execute(insert, ids[0])
        await operator.execute("set lock_timeout = '1s'")
        await operator.execute(insert, ids[1])
        await lists.publish()
        assert (await lists.bits_set())["revocation"] == 1

    assert await lists.publish() == 1  # what committed after it was published was not forgotten
    assert (await lists.bits_set())["revocation"] == 2


async def test_a_publisher_that_dies_forgets_no_change(
    office: Office, numbers: Mapping[str, str], lists: Lists, superuser: Connection
) -> None:
    await superuser.execute("insert into status_list_change values (0)")

    class DyingSigner(Ed25519Signer):
        def sign(self, data: bytes) -> bytes:  # noqa: ARG002  # the interface
            raise OSError("the token was pulled out")

    dying = DyingSigner(Ed25519PrivateKey.generate(), KeyId(lists.signer.key_id))
    with pytest.raises(OSError, match="token"):
        await publish(lists.signer_role, dying, DID, PUBLIC_URL)

    assert await lists.publish() == 1


@pytest.mark.parametrize("role", ["operator", "web"])
async def test_nobody_but_the_signer_publishes(operator: Connection, web: Connection, role: str) -> None:
    connection = {"operator": operator, "web": web}[role]
    await connection.execute("set default_transaction_read_only = off")

    for statement in (
        "insert into status_list_publication default values",
        "update status_list_publication set content = ''",
        "delete from status_list_publication",
        "delete from status_list_change",
        "insert into status_list_change values (0)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
