"""Every event that somebody's session makes says which session it was, so that the trail says from where."""

import json

import msgspec

from tests.consoles import Console
from tests.factories import enrol_passed, roster_csv, trainees
from tests.integration.console.test_accounts import decide, propose
from tests.integration.console.test_clinic import MINE, PEOPLE, upload
from tests.integration.console.test_proposals import send
from verify_service.accounts.model import Role
from verify_service.accounts.queries.factors import add_passkey
from verify_service.database import Connection
from verify_service.key_directory import KeyDirectory
from verify_service.settings import Settings

EVENTS = "select action, actor, detail from audit_event order by audit_event_id"
OWNERS = """
select session_id, name from account_session join account on account.account_id = account_session.account_id
"""
BEGINS = "signed_in"
"""It is about the session itself."""


async def require_sessions(connection: Connection, *expected: str) -> None:
    """Fail unless these events were made, and each that an account made bears a session of whoever acted last."""
    owners = {str(row["session_id"]): row["name"] for row in await connection.fetch(OWNERS)}
    rows = [row for row in await connection.fetch(EVENTS) if row["actor"].rpartition("+")[2] in owners.values()]
    bare = [
        row["action"]
        for row in rows
        if row["action"] != BEGINS
        and owners.get(json.loads(row["detail"]).get("session")) != row["actor"].rpartition("+")[2]
    ]
    assert bare == []
    assert set(expected) <= {row["action"] for row in rows}


async def test_of_proposals(
    console: Console, operator: Connection, settings: Settings, staff_connection: Connection
) -> None:
    await enrol_passed(operator, KeyDirectory(settings).require_secrets(), "C1", trainees(1))
    issuer, approver = await console.sign_in(Role.ISSUER), await console.sign_in(Role.APPROVER)

    proposal = await send(issuer, "/staff/cohorts/C1/issue")
    await send(issuer, proposal, f"{proposal}/withdraw")
    proposal = await send(issuer, "/staff/cohorts/C1/issue")
    await send(approver, proposal, f"{proposal}/reject", reason="not_now")
    proposal = await send(issuer, "/staff/cohorts/C1/issue")
    await send(approver, proposal, f"{proposal}/approve")

    await require_sessions(
        staff_connection,
        *("proposed", "proposal_withdrawn", "proposal_rejected", "proposal_approved", "job_started"),
    )


async def test_of_accounts(console: Console, staff_connection: Connection) -> None:
    admin, approver = await console.sign_in(Role.ADMINISTRATOR), await console.sign_in(Role.APPROVER)
    await propose(admin, "issuer-9", Role.ISSUER)
    assert await decide(approver, staff_connection, "approved") == 303

    await require_sessions(staff_connection, "roles_proposed", "roles_approved")


async def test_of_ones_own_account(console: Console, staff_connection: Connection) -> None:
    person = await console.sign_in(Role.ISSUER)
    account_id = person.account.account_id
    await add_passkey(
        staff_connection, passkey_id=b"key", account_id=account_id, public_key=b"", sign_count=0, label=""
    )
    password = "长长的一句话没有人会猜到-2026"  # invented here
    await person.post("/staff/account/password", {"password": password, "again": password})
    await person.post("/staff/account/recovery-codes")
    await person.post(f"/staff/account/passkeys/{b'key'.hex()}/remove")
    await person.post("/staff/sign-out")

    await require_sessions(
        staff_connection, "password_changed", "recovery_codes_renewed", "passkey_removed", "session_ended"
    )


async def test_of_an_import_that_two_people_answer_for(console: Console, staff_connection: Connection) -> None:
    first, second = await console.sign_in(Role.REGISTRAR), await console.sign_in(Role.REGISTRAR)
    await console.sign_in(Role.PARTNER, partner=MINE)
    at = await upload(first, "/staff/rosters", roster_csv(PEOPLE))
    assert (await first.post(f"{at}/import")).status_code == 303
    renamed = [msgspec.structs.replace(PEOPLE[0], name="林改名"), *PEOPLE[1:]]
    at = await upload(first, "/staff/rosters", roster_csv(renamed))
    await first.post(f"{at}/amendment", {"note": "户口本更名"})
    await send(second, at, f"{at}/import")

    await require_sessions(staff_connection, "enrolled", "person_amended", "draft_imported")
