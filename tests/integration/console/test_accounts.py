"""Accounts are given by two people, whatever a page or a stolen console believes."""

import re

import asyncpg
import pytest

from tests.consoles import Console, Person
from verify_service.accounts.model import Role
from verify_service.database import Connection


async def propose(admin: Person, name: str, *roles: Role) -> None:
    done = await admin.post("/staff/accounts", {"name": name, "roles": [role.value for role in roles]})
    assert done.status_code == 303, done.text


async def decide(person: Person, connection: Connection, decision: str | None) -> int:
    grant = await connection.fetchval("select account_grant_id from account_grant order by proposed_at desc limit 1")
    form = {} if decision is None else {"decision": decision}
    return (await person.post(f"/staff/grants/{grant}", form)).status_code


async def roles_of(connection: Connection, name: str) -> list[str]:
    roles: list[str] = await connection.fetchval("select roles from account where name = $1", name)
    return roles


async def test_an_account_of_staff_is_something_once_another_has_agreed(
    console: Console, staff_connection: Connection
) -> None:
    admin, approver = await console.sign_in(Role.ADMINISTRATOR), await console.sign_in(Role.APPROVER)
    await propose(admin, "issuer-9", Role.ISSUER)
    assert await roles_of(staff_connection, "issuer-9") == []

    assert await decide(approver, staff_connection, "approved") == 303

    assert await roles_of(staff_connection, "issuer-9") == ["issuer"]


async def test_who_proposes_decides_nothing_but_to_withdraw(console: Console, staff_connection: Connection) -> None:
    admin = await console.sign_in(Role.ADMINISTRATOR, Role.APPROVER)
    await propose(admin, "issuer-9", Role.ISSUER)

    assert await decide(admin, staff_connection, "approved") == 409
    assert await decide(admin, staff_connection, "rejected") == 409
    assert await decide(admin, staff_connection, "withdrawn") == 303
    assert await roles_of(staff_connection, "issuer-9") == []


@pytest.mark.parametrize("decision", [None, "", "approved\n", "open"])
async def test_a_form_that_decides_nothing_is_refused(
    console: Console, staff_connection: Connection, decision: str | None
) -> None:
    admin, approver = await console.sign_in(Role.ADMINISTRATOR), await console.sign_in(Role.APPROVER)
    await propose(admin, "issuer-9", Role.ISSUER)

    assert await decide(approver, staff_connection, decision) == 400
    assert await staff_connection.fetchval("select state from account_grant") == "open"


async def test_nobody_gives_roles_to_themselves(console: Console, staff_connection: Connection) -> None:
    admin, other = await console.sign_in(Role.ADMINISTRATOR), await console.sign_in(Role.ADMINISTRATOR)
    own = await admin.post(f"/staff/accounts/{admin.account.account_id}/roles", {"roles": ["approver"]})
    assert own.status_code == 409

    await other.post(f"/staff/accounts/{admin.account.account_id}/roles", {"roles": ["approver"]})
    assert await decide(admin, staff_connection, "approved") == 409


async def test_a_link_opens_an_account_of_staff_only_where_two_agreed(
    console: Console, staff_connection: Connection
) -> None:
    """Or an administrator could enter as the approver of what they proposed."""
    admin, approver = await console.sign_in(Role.ADMINISTRATOR), await console.sign_in(Role.APPROVER)
    address = f"/staff/accounts/{approver.account.account_id}"
    assert (await admin.post(f"{address}/link")).status_code == 409

    await admin.post(f"{address}/opening")
    assert (await admin.post(f"{address}/link")).status_code == 409
    second = await console.sign_in(Role.APPROVER)
    assert await decide(second, staff_connection, "approved") == 303

    page = await admin.post(f"{address}/link")
    assert re.search(r"/staff/invitations/[\w-]{43}", page.text)
    assert (await approver.get("/staff")).status_code == 401, "its sessions end with its factors"


async def test_what_two_agreed_on_three_days_ago_opens_nothing_any_more(
    console: Console, staff_connection: Connection, superuser: Connection
) -> None:
    admin, approver = await console.sign_in(Role.ADMINISTRATOR), await console.sign_in(Role.APPROVER)
    address = f"/staff/accounts/{approver.account.account_id}"
    await admin.post(f"{address}/opening")
    second = await console.sign_in(Role.APPROVER)
    assert await decide(second, staff_connection, "approved") == 303
    await superuser.execute("alter table account_grant disable trigger account_grant_guarded")
    await superuser.execute("update account_grant set decided_at = now() - interval '73 hours'")

    assert (await admin.post(f"{address}/link")).status_code == 409


async def test_a_partner_user_is_invited_by_one_and_bound_to_that_partner(
    console: Console, staff_connection: Connection
) -> None:
    admin = await console.sign_in(Role.ADMINISTRATOR)
    await console.sign_in(Role.PARTNER, partner="甲职业学院")

    page = await admin.post("/staff/accounts", {"name": "college-1", "partner": " 甲职业学院"})
    unknown = await admin.post("/staff/accounts", {"name": "college-2", "partner": "乙职业学院"})

    assert re.search(r"/partner/invitations/[\w-]{43}", page.text)
    assert await roles_of(staff_connection, "college-1") == ["partner"]
    assert unknown.status_code == 400
    assert 'value="college-2"' in unknown.text, "what was typed is kept"


@pytest.mark.parametrize(
    "statement",
    [
        "update account set roles = '{approver}'",
        "insert into account (account_id, name, roles) values (gen_random_uuid(), 'intruder', '{approver}')",
        "update account_grant set roles = '{approver}'",
        "delete from account_grant",
        "delete from account",
    ],
)
async def test_a_stolen_console_makes_nobody_an_approver(
    console: Console, staff_connection: Connection, statement: str
) -> None:
    await console.sign_in(Role.REGISTRAR)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await staff_connection.execute(statement)
