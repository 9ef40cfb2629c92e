"""`GET /status/{purpose}/{number}`: the signed lists for anybody's verifier, also while the database is down."""

import gzip
from collections.abc import AsyncIterator, Mapping

import pytest

from signing import (
    KeyPurpose,
    TrustedKeys,
    certificate_status,
    parse_did_document,
    parse_token,
    verify_record,
    verify_status_list,
)
from tests.conftest import PUBLIC_URL
from tests.databases import administrate
from tests.integration.web.conftest import Client, asking
from tests.registers import Certificate
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls, EmbeddedServer
from verify_service.key_directory import KeyDirectory
from verify_service.keys.service import active_key
from verify_service.settings import Settings
from verify_service.status_lists.service import publish

DID = "did:web:127.0.0.1%3A8000"
REVOCATION = "/status/revocation/0"
PATHS = [REVOCATION, "/status/refresh/0"]


@pytest.fixture
async def asked(settings: Settings, database: DatabaseUrls, operator: Connection) -> AsyncIterator[Client]:
    """A client of a service whose lists are published."""
    key = await active_key(operator, KeyPurpose.STATUS)
    async with connected(database.signer, "SIGNER_DATABASE_URL") as signer_role:
        await publish(signer_role, KeyDirectory(settings).signer(key.key_id), DID, PUBLIC_URL)
    async with asking(settings) as client:
        yield client


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("valid", "valid"),
        ("revoked-exam_misconduct", "revoked"),
        ("revoked-key_compromise", "revoked"),
        ("old", "superseded"),
        ("new", "valid"),
        ("second", "superseded"),
        ("third", "valid"),
    ],
)
async def test_the_lists_tell_of_every_record_what_the_register_does(
    asked: Client, certificates: Mapping[str, Certificate], key: str, expected: str
) -> None:
    keys = TrustedKeys(parse_did_document((await asked.get("/.well-known/did.json")).content, DID))
    record = (await asked.get(f"/v/{certificates[key].token}/record.json")).content
    statement = verify_record(record, keys, DID)
    assert parse_token(statement.token)

    revocation, refresh = [verify_status_list((await asked.get(path)).content, keys, DID) for path in PATHS]

    index = statement.status_index
    status = certificate_status(revocation=revocation.is_set(index), refresh=refresh.is_set(index))
    assert (statement.status_list, status) == (0, expected)


@pytest.mark.parametrize("path", PATHS)
async def test_they_are_open_to_any_origin_and_kept_for_a_minute(asked: Client, path: str) -> None:
    response = await asked.get(path, headers={"Origin": "https://anybody.example"})

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/vc"
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["cache-control"] == "public, max-age=60"
    assert response.json()["id"] == PUBLIC_URL + path


async def test_a_client_that_has_the_list_is_told_so_in_a_few_bytes(asked: Client) -> None:
    response = await asked.get(REVOCATION)
    tag = response.headers["etag"]
    assert tag.startswith('"')

    for given in (tag, f"W/{tag}", f'"another", {tag}', "*"):
        again = await asked.get(REVOCATION, headers={"If-None-Match": given})
        assert (again.status_code, again.content) == (304, b"")
        assert (again.headers["etag"], again.headers["cache-control"]) == (tag, "public, max-age=60")
    for given in ('"another"', tag.strip('"'), ""):
        assert (await asked.get(REVOCATION, headers={"If-None-Match": given})).content == response.content


async def test_the_bytes_under_one_tag_are_the_same_however_they_are_asked_for(asked: Client) -> None:
    plain = await asked.get(REVOCATION, headers={"Accept-Encoding": "identity"})
    packed = await asked.get(REVOCATION, headers={"Accept-Encoding": gzip.__name__})

    assert "content-encoding" not in packed.headers
    assert (packed.headers["etag"], packed.content) == (plain.headers["etag"], plain.content)


async def test_head_has_the_header_of_get(asked: Client) -> None:
    got, head = await asked.get(REVOCATION), await asked.head(REVOCATION)

    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", got.headers["etag"])


@pytest.mark.parametrize(
    "path", ["suspension/0", "revocation/1", "revocation/00", "revocation/-1", "revocation/x", f"revocation/{10**20}"]
)
async def test_another_purpose_or_number_is_not_found(asked: Client, path: str) -> None:
    response = await asked.get(f"/status/{path}")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_without_a_database_the_last_answer_is_given_again_and_no_other(
    asked: Client, server: EmbeddedServer, database_name: str
) -> None:
    last = await asked.get(REVOCATION)
    assert last.status_code == 200
    await administrate(
        server,
        f"alter database {database_name} allow_connections false",
        f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{database_name}'",  # noqa: S608
    )

    again, never_asked = await asked.get(REVOCATION), await asked.get("/status/refresh/0")

    assert (again.status_code, again.content, again.headers["etag"]) == (200, last.content, last.headers["etag"])
    assert never_asked.status_code == 503
    assert int(never_asked.headers["retry-after"]) > 0
