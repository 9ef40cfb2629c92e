"""The signer's role adds signatures, supersession and the trail, and may do nothing else; nobody else may sign."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls

PRIVILEGES = """
select table_name::text, privilege_type::text from information_schema.role_table_grants
 where grantee = 'verify_service_signer' and table_schema = 'public' and privilege_type <> 'SELECT'
"""
COLUMN_PRIVILEGES = """
select distinct table_name::text from information_schema.column_privileges
 where grantee = $1 and table_schema = 'public' and privilege_type = 'INSERT'
"""
CLOSED = [
    *("subject", "photo", "sitting", "redemption_code", "replaced_redemption_code", "lookup_key", "template"),
    *("cohort", "partner", "partner_alias", "certificate_number_counter"),
]
REFUSED = [
    "insert into credential (credential_id) values (gen_random_uuid())",
    "insert into approval (approval_id, action, given_by, actor) values (gen_random_uuid(), 'issue', 'operator', 'me')",
    "insert into signing_key (key_id, purpose, public_key) values ('2026-c9', 'credential', '\\x00')",
    "update signing_key set state = 'active'",
    "update credential_signature set sealed_record = ''",
    "update subject_key set wrapped = ''",
    "delete from subject_key",
    "delete from credential_signature",
    "delete from credential_event",
    "truncate audit_event",
    "insert into credential_signature (credential_id, signed_at) values (gen_random_uuid(), now())",
    "insert into audit_event (actor, action, object_type, object_id, occurred_at) values ('', '', '', '', now())",
    "select sealed_note from approval",
    "update audit_event set actor = 'me'",
    "delete from audit_head",
    "insert into audit_head (audit_event_id, event_hash, signed_note, signed_at) values (1, '', '', now())",
    "create table mine (word text)",
    """
    insert into credential_event (credential_id, event, reason, approval_id)
    values (gen_random_uuid(), 'revoked', 'holder_request', gen_random_uuid())
    """,
]


@pytest.fixture
async def signer(database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.signer, "SIGNER_DATABASE_URL") as connection:
        yield connection


@pytest.mark.parametrize("table", CLOSED)
async def test_the_signer_reads_no_person_and_nothing_it_does_not_need(signer: Connection, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await signer.fetch(f"table {table}")


@pytest.mark.parametrize("statement", REFUSED)
async def test_the_signer_may_not(signer: Connection, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await signer.execute(statement)


async def test_the_signer_adds_rows_to_these_tables_alone(migration: Connection) -> None:
    added = {row["table_name"] for row in await migration.fetch(COLUMN_PRIVILEGES, "verify_service_signer")}
    whole = {tuple(row) for row in await migration.fetch(PRIVILEGES)}

    published = {"status_list_publication", "open_badge_proof"}
    assert added - published == {"audit_event", "audit_head", "credential_event", "credential_signature"}
    assert {(table, right) for table, right in whole if table not in published} == {("status_list_change", "DELETE")}


@pytest.mark.parametrize(
    "statement",
    [
        "insert into credential_signature (credential_id, sealed_record, sealed_qr) values (gen_random_uuid(), '', '')",
        """
        insert into credential_event (credential_id, event, reason, successor, approval_id)
        values (gen_random_uuid(), 'superseded', 'corrected', gen_random_uuid(), gen_random_uuid())
        """,
        """
        insert into approval (approval_id, action, given_by, actor, second_actor)
        values (gen_random_uuid(), 'issue', 'two_people', 'a', 'b')
        """,
        """
        insert into approval (approval_id, action, given_by, actor, recorded_by)
        values (gen_random_uuid(), 'issue', 'operator', 'a', 'postgres')
        """,
    ],
)
async def test_the_operator_may_neither_sign_nor_supersede_nor_speak_for_two(
    operator: Connection, statement: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await operator.execute(statement)


@pytest.mark.parametrize(
    ("given_by", "second_actor", "object_type", "object_id"),
    [
        ("two_people", None, "cohort", "x"),
        ("two_people", "ann", "cohort", "x"),
        ("two_people", "bob", None, None),
        ("operator", "bob", None, None),
        ("operator", None, "cohort", None),
        ("operator", None, None, "x"),
    ],
)
async def test_an_approval_of_one_is_not_of_two_and_names_a_whole_object_or_none(
    superuser: Connection, given_by: str, second_actor: str | None, object_type: str | None, object_id: str | None
) -> None:
    await superuser.execute("alter table approval disable trigger approval_bound")  # it looks for a proposal first
    with pytest.raises(asyncpg.CheckViolationError):
        await superuser.execute(
            "insert into approval (approval_id, action, given_by, actor, second_actor, object_type, object_id)"
            " values (gen_random_uuid(), 'issue', $1, 'ann', $2, $3, $4)",
            *(given_by, second_actor, object_type, object_id),
        )


async def test_who_recorded_an_approval_is_the_login_role(operator: Connection) -> None:
    await operator.execute(
        "insert into approval (approval_id, action, given_by, actor) values (gen_random_uuid(), 'keys', 'operator', '')"
    )

    assert await operator.fetchval("select recorded_by from approval") == "verify_service_operator"
