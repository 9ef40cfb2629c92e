"""The second wall of the partners' pages: their role sees the rows of one partner, whatever the page asks for."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.databases import lent_database
from tests.registers import PARTNERS
from verify_service.database import Connection, connected
from verify_service.embedded.server import DatabaseUrls, EmbeddedServer
from verify_service.migrate import MIGRATIONS

BIND: Final = "select set_config('verify_service.partner_id', $1, true)"
WITH_POLICIES: Final = """
select relname::text from pg_class
 where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and relrowsecurity
"""
READABLE: Final = """
select distinct table_name::text from information_schema.column_privileges
 where grantee in ('verify_service_portal', 'PUBLIC') and table_schema = 'public' and privilege_type = 'SELECT'
"""
CHANGEABLE: Final = """
select table_name::text, column_name::text, privilege_type::text from information_schema.column_privileges
 where grantee in ('verify_service_portal', 'PUBLIC') and table_schema = 'public' and privilege_type <> 'SELECT'
"""
REMOVABLE: Final = """
select table_name::text from information_schema.table_privileges
 where grantee in ('verify_service_portal', 'PUBLIC') and table_schema = 'public'
   and privilege_type in ('DELETE', 'TRUNCATE', 'TRIGGER')
"""
NOBODYS_OWN: Final = {
    *(
        "certificate_kind",
        "template",
        "issuer",
        "signing_key",
        "secret_check",
        "working_day_year",
        "working_day_exception",
    ),
    *("working_day_year", "working_day_exception", "schema_migration", "audit_event", "audit_head"),
}
CERTIFICATES: Final = """
select {0}::text, partner_id
  from credential
  join exam_entry using (exam_entry_id)
  join enrolment using (enrolment_id)
  join subject_key on subject_key.subject_id = credential.subject_id
"""
# Whose each row is, said once more and in another way than the policies do: as joins that the owner runs.
WHOSE: Final[Mapping[str, tuple[str, str]]] = {
    "partner": ("partner_id", "select partner_id::text, partner_id from partner"),
    "partner_alias": ("folded_name", "select folded_name, partner_id from partner_alias"),
    "draft": ("draft_id", "select draft_id::text, partner_id from draft"),
    "draft_file": ("draft_id", "select draft_id::text, partner_id from draft_file join draft using (draft_id)"),
    "draft_photo": (
        "draft_photo_id",
        "select draft_photo_id::text, partner_id from draft_photo join draft using (draft_id)",
    ),
    "cohort": (
        "cohort_id",
        "select cohort_id::text, partner_id from enrolment union select cohort_id::text, partner_id from cohort",
    ),
    "enrolment": ("enrolment_id", "select enrolment_id::text, partner_id from enrolment"),
    "exam_entry": (
        "exam_entry_id",
        "select exam_entry_id::text, partner_id from exam_entry join enrolment using (enrolment_id)",
    ),
    "sitting": (
        "exam_entry_id || kind",
        """
        select exam_entry_id || sitting.kind, partner_id
          from sitting join exam_entry using (exam_entry_id) join enrolment using (enrolment_id)
        """,
    ),
    "subject": ("subject_id", "select subject_id::text, partner_id from subject join enrolment using (subject_id)"),
    "subject_key": (
        "subject_id",
        "select subject_id::text, partner_id from subject_key join enrolment using (subject_id)",
    ),
    "redemption_code": (
        "enrolment_id",
        "select enrolment_id::text, partner_id from redemption_code join enrolment using (enrolment_id)",
    ),
    "photo": (
        "photo_id",
        f"""
        select photo.photo_id::text, partner_id from photo join enrolment using (photo_id)
         union {CERTIFICATES.format("photo.photo_id")} join photo on photo.photo_id = credential.photo_id
        """,  # noqa: S608  # a constant
    ),
    "credential": ("credential_id", CERTIFICATES.format("credential_id")),
    "credential_signature": (
        "credential_id",
        CERTIFICATES.format("credential_id") + "join credential_signature using (credential_id)",
    ),
    "credential_event": (
        "credential_id || event",
        CERTIFICATES.format("(credential_id || event)") + "join credential_event using (credential_id)",
    ),
    "print_check": (
        "print_check_id",
        CERTIFICATES.format("print_check_id") + "join print_check using (credential_id)",
    ),
    "delivery": ("delivery_id", "select delivery_id::text, partner_id from delivery"),
    "delivery_item": (
        "delivery_id || certificate_number",
        "select delivery_id || certificate_number, partner_id from delivery_item join delivery using (delivery_id)",
    ),
    "delivery_event": (
        "delivery_id || event",
        "select delivery_id || event, partner_id from delivery_event join delivery using (delivery_id)",
    ),
    "delivery_item_event": (
        "delivery_id || certificate_number",
        """
        select delivery_id || certificate_number, partner_id
          from delivery_item_event join delivery using (delivery_id)
        """,
    ),
}
# A parcel of one certificate that was sent, and came back.
PARCEL: Final = (
    "insert into delivery (delivery_id, partner_id, created_by) values ($1, $2, 'registrar')",
    """
    insert into delivery_item (delivery_id, certificate_number, packed_by)
    select delivery_id, certificate_number, 'registrar'
      from credential
      join exam_entry using (exam_entry_id)
      join enrolment using (enrolment_id)
      join delivery using (partner_id)
     where (delivery_id, partner_id) = ($1, $2)
     limit 1
    """,
    """
    insert into delivery_event (delivery_id, event, happened_on, courier, recorded_by)
    select delivery_id, 'sent', current_date, 'SF', 'registrar' from delivery where (delivery_id, partner_id) = ($1, $2)
    """,
    """
    insert into delivery_item_event (delivery_id, certificate_number, event, reason, recorded_by)
    select delivery_id, certificate_number, 'returned', 'lost', 'registrar'
      from delivery_item
      join delivery using (delivery_id)
     where (delivery_id, partner_id) = ($1, $2)
    """,
)
THEIR_OWN: Final = {"partner", "partner_alias", "draft", "draft_file", "draft_photo"}
"""What is a partner's by itself, not by its enrolments."""
WRITTEN_OF_DRAFTS: Final = {
    "INSERT": (
        *("draft_id", "content", "cohort_code", "kind", "partner_id", "uploaded_by", "file_digest"),
        *("row_count", "rejected_count"),
        *("kek_id", "wrapped", "sealed_source", "sealed_changes"),
    ),
    "UPDATE": (
        *("state", "row_count", "rejected_count", "kek_id", "wrapped", "sealed_source", "sealed_changes"),
        *("sealed_note", "sealed_amendment", "changed_at"),
    ),
}
DRAFTS: Final = (
    """
    insert into draft (draft_id, content, cohort_code, kind, partner_id, uploaded_by, file_digest, row_count,
                       rejected_count, kek_id, wrapped, sealed_source, sealed_changes)
    select gen_random_uuid(), 'roster', 'C1', 'online_host', partner_id, '', sha256(''), 0, 0, 'field-1', '', '', ''
      from partner
    """,
    "insert into draft_file (draft_id, sealed_file) select draft_id, '' from draft",
    """
    insert into draft_photo (draft_photo_id, draft_id, entry, warnings, sealed_jpeg)
    select gen_random_uuid(), draft_id, 0, '{}', '' from draft
    """,
)
REFUSED: Final = [
    "select code_index from redemption_code",
    "select sealed_document from credential",
    "select approval_id from credential",
    "select approval_id from credential_event",
    "select theory_score_tenths from sitting",
    "select detail from audit_event",
    *(f"table {name}" for name in ("approval", "replaced_redemption_code", "lookup_key")),
    *(f"table {name}" for name in ("status_list", "webhook_watch", "api_client", "budget")),
    "update redemption_code set code_index = ''",
    "update redemption_code set redeemed_at = now()",
    "update enrolment set partner_id = portal_partner()",
    "update subject set sealed_name = ''",
    "insert into enrolment (enrolment_id, subject_id, cohort_id, partner_id) values ('{0}', '{0}', '{0}', '{0}')",
    "insert into photo (photo_id, subject_id, sealed_jpeg) values ('{0}', '{0}', '')",
    "insert into credential_event (credential_id, event, reason) values ('{0}', 'revoked', '')",
    "insert into audit_event (actor, action, object_type, object_id, occurred_at) values ('', '', '', '', now())",
    "insert into partner_alias (folded_name, partner_id) values ('', '{0}')",
    "update draft set state = 'imported'",
    "update draft set amended_by = ''",
    "update draft set partner_id = null",
    "delete from draft",
    "delete from enrolment",
    "delete from redemption_code",
    "delete from print_check",
    "truncate sitting",
    "create table mine (word text)",
    "create temporary table mine (word text)",
    "alter table enrolment disable row level security",
    "set role verify_service_console",
    "select note from delivery",
    "select created_by from delivery",
    "insert into delivery (delivery_id, partner_id, created_by) values ('{0}', '{0}', '')",
]


@pytest.fixture
def database_name(server: EmbeddedServer, shared_template: str) -> Iterator[str]:
    with lent_database(server, shared_template) as name:
        yield name


@pytest.fixture
async def portal(database: DatabaseUrls) -> AsyncIterator[Connection]:
    async with connected(database.portal, "PORTAL_DATABASE_URL") as connection:
        yield connection


@pytest.fixture
async def partners(migration: Connection) -> list[UUID]:
    """The two partners of the register, the one the tests bind to first."""
    return [await migration.fetchval("select partner_id from partner where name = $1", name) for name in PARTNERS]


@pytest.fixture
async def parcels(migration: Connection, partners: list[UUID]) -> None:
    """A delivery to each partner."""
    for partner in partners:
        delivery_id = uuid4()
        for statement in PARCEL:
            await migration.execute(statement, delivery_id, partner)


@pytest.fixture(autouse=True)
async def drafts(migration: Connection) -> None:
    """A draft of each partner, with a file and a photo."""
    for statement in DRAFTS:
        await migration.execute(statement)


@asynccontextmanager
async def bound(connection: Connection, partner: UUID | str) -> AsyncIterator[Connection]:
    """Lend the connection in a transaction that is bound to a partner."""
    async with connection.transaction():
        await connection.execute(BIND, str(partner))
        yield connection


async def visible(portal: Connection, table: str) -> list[str]:
    key, _ = WHOSE[table]
    return sorted(row[0] for row in await portal.fetch(f"select ({key})::text from {table}"))  # noqa: S608  # above


async def test_every_table_with_policies_is_tested_here(migration: Connection) -> None:
    assert {row["relname"] for row in await migration.fetch(WITH_POLICIES)} == WHOSE.keys()


async def test_whatever_the_role_may_read_has_policies_or_is_nobodys_own(migration: Connection) -> None:
    assert {row["table_name"] for row in await migration.fetch(READABLE)} == WHOSE.keys() | NOBODYS_OWN


@pytest.mark.parametrize("setting", [None, ""])
async def test_without_a_partner_there_are_no_rows(portal: Connection, setting: str | None) -> None:
    async with portal.transaction():
        if setting is not None:
            await portal.execute(BIND, setting)
        for table in WHOSE:
            assert await visible(portal, table) == [], table


async def test_each_partner_sees_its_own_rows_all_of_them_and_no_others(
    portal: Connection, migration: Connection, partners: list[UUID], parcels: None
) -> None:
    for table, (_, whose) in WHOSE.items():
        rows = {(row[0], row[1]) for row in await migration.fetch(whose)}
        for partner in partners:
            expected = sorted(key for key, owner in rows if owner == partner)
            assert expected, f"{table} has nothing of one partner: the test would prove nothing"
            async with bound(portal, partner):
                assert await visible(portal, table) == expected, table


async def test_a_partner_that_is_not_there_sees_nothing_and_what_is_no_id_is_an_error(portal: Connection) -> None:
    async with bound(portal, UUID(int=0)):
        assert [table for table in WHOSE if await visible(portal, table)] == []
    with pytest.raises(asyncpg.InvalidTextRepresentationError):
        async with bound(portal, "' or true"):
            await visible(portal, "enrolment")


async def test_the_binding_ends_with_its_transaction(portal: Connection, partners: list[UUID]) -> None:
    async with bound(portal, partners[0]):
        assert await visible(portal, "enrolment")

    assert await visible(portal, "enrolment") == []


async def test_who_becomes_another_partners_is_seen_by_that_one_alone(
    portal: Connection, operator: Connection, partners: list[UUID]
) -> None:
    async with bound(portal, partners[0]):
        before = await visible(portal, "credential")
    await operator.execute("update enrolment set partner_id = $2 where partner_id = $1", *partners)

    async with bound(portal, partners[0]):
        assert [table for table in WHOSE if table not in THEIR_OWN and await visible(portal, table)] == []
    async with bound(portal, partners[1]):
        assert set(before) < set(await visible(portal, "credential"))


async def test_it_adds_and_changes_nothing_but_these(migration: Connection) -> None:
    changed = {tuple(row) for row in await migration.fetch(CHANGEABLE)}

    assert changed == {
        ("redemption_code", "sealed_code", "UPDATE"),
        *(("print_check", column, "INSERT") for column in ("credential_id", "edition", "drawing_digest", "held_for")),
        *(("audit_event", column, "INSERT") for column in ("actor", "action", "object_type", "object_id", "detail")),
        *(("draft", column, change) for change, columns in WRITTEN_OF_DRAFTS.items() for column in columns),
        *(("draft_file", column, "INSERT") for column in ("draft_id", "sealed_file")),
        *(
            ("draft_photo", column, "INSERT")
            for column in ("draft_photo_id", "draft_id", "entry", "code", "warnings", "sealed_jpeg")
        ),
    }
    assert {row[0] for row in await migration.fetch(REMOVABLE)} == {"draft_file", "draft_photo"}


@pytest.mark.parametrize("statement", REFUSED)
async def test_it_may_not(portal: Connection, partners: list[UUID], statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with bound(portal, partners[0]):
            await portal.execute(statement.format(partners[0]))


async def test_it_forgets_codes_of_its_partner_and_makes_none(
    portal: Connection, migration: Connection, partners: list[UUID]
) -> None:
    kept = "select count(*) from redemption_code join enrolment using (enrolment_id) where partner_id = $1"
    kept += " and sealed_code is not null"
    before = [await migration.fetchval(kept, partner) for partner in partners]
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="violates row-level security"):
        async with bound(portal, partners[0]):
            await portal.execute("update redemption_code set sealed_code = 'x'")
    async with bound(portal, partners[0]):
        await portal.execute("update redemption_code set sealed_code = null")

    assert all(before)
    assert [await migration.fetchval(kept, partner) for partner in partners] == [0, before[1]]


async def test_it_notes_what_it_saw_of_its_partners_prints_only(
    portal: Connection, migration: Connection, partners: list[UUID]
) -> None:
    noting = "insert into print_check (credential_id, edition, held_for) values ($1, 'full', 'PRINT_UNREADABLE')"
    for partner, other in (partners, partners[::-1]):
        async with bound(portal, partner):
            mine = await portal.fetchval("select credential_id from credential limit 1")
            await portal.execute(noting, mine)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="violates row-level security"):
            async with bound(portal, other):
                await portal.execute(noting, mine)


async def test_tables_with_policies_are_not_opened_where_another_role_is_subject_to_them(superuser: Connection) -> None:
    """A server whose roles are of an earlier release would lose its lookups: the migration stops before that."""
    (migration,) = MIGRATIONS.glob("*_row_level_security.sql")
    transaction = superuser.transaction()
    await transaction.start()
    await superuser.execute("create role verify_service_newcomer")
    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="yet: verify_service_newcomer"):
        await superuser.execute(migration.read_text(encoding="utf-8"))
    await transaction.rollback()
