"""The table of access, asked row by row: a new route joins these tests by standing in it."""

import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests.consoles import Console, Person
from verify_service.accounts.model import Role
from verify_service.console_app import operations_served
from verify_service.consoles.access import ACCESS
from verify_service.database import Connection

UNSAFE = sorted(operation for operation in ACCESS if not operation.startswith("GET "))
GUARDED = sorted(operation for operation, access in ACCESS.items() if access.roles)
FORBIDDEN = 403
PROVING = sorted(operation for operation, access in ACCESS.items() if access.step_up)
OPENED_BY_PROOF = re.compile(r".*(/account/(password|recovery-codes|passkeys)|/(issue|revoke|correct|erasure)\b)")
"""Forms on pages that nobody opened without a recent proof: what was typed into one may come later than that."""
UPLOADS = {"POST /staff/rosters", "POST /partner/rosters", "POST /staff/results"}
"""What takes files in: as text it is refused before its token could be read."""


def address_of(operation: str) -> tuple[str, str]:
    """Return method and an address of the operation's shape, of an object that is nobody's."""
    method, _, path = operation.partition(" ")
    return method, re.sub(r"\{[a-z_]+\}", lambda _: str(uuid4()), path)


def test_every_route_stands_in_the_table(console_app_operations: set[str]) -> None:
    assert console_app_operations == set(ACCESS)


@pytest.fixture
def console_app_operations(console: Console) -> set[str]:
    return set(operations_served(console.app))


async def test_nobody_gets_anywhere_without_signing_in(console: Console) -> None:
    stranger = console.stranger()
    for operation in GUARDED:
        method, address = address_of(operation)
        answer = await stranger.http.request(method, address, headers={"Origin": stranger.public_url})
        assert answer.status_code == 401, operation


async def test_every_route_is_open_to_its_roles_and_shut_to_the_others(console: Console) -> None:
    """Shut is 403; open is anything else, for the objects asked for are nobody's."""
    people = await one_of_each(console)
    for operation in GUARDED:
        method, address = address_of(operation)
        for role, person in people.items():
            if operation.endswith("/sign-out"):
                continue
            sent = {"form_token": person.form_token} if method == "POST" else None
            answer = await person.http.request(method, address, data=sent, headers={"Origin": person.public_url})
            is_shut = answer.status_code == FORBIDDEN
            assert is_shut == (role not in ACCESS[operation].roles), (operation, role, answer.status_code)


@pytest.mark.parametrize("minutes", [9, 11, 29, 31])
async def test_only_a_form_that_was_opened_by_a_recent_proof_is_taken_after_ten_minutes(
    console: Console, staff_connection: Connection, minutes: int
) -> None:
    people = await one_of_each(console)
    age = f"update account_session set proven_at = now() - interval '{minutes} minutes'"  # noqa: S608  # a number
    for operation in PROVING:
        await staff_connection.execute(age)
        person = people[min(ACCESS[operation].roles)]
        method, address = address_of(operation)
        sent = {"form_token": person.form_token} if method == "POST" else None
        answer = await person.http.request(method, address, data=sent, headers={"Origin": person.public_url})
        is_typed = method == "POST" and OPENED_BY_PROOF.match(operation)
        must_prove = minutes > (30 if is_typed else 10)
        assert ("/proof" in answer.headers.get("location", "")) == must_prove, (operation, answer.status_code)


async def test_a_form_that_came_too_late_leads_back_to_the_page_it_stood_on(
    console: Console, staff_connection: Connection
) -> None:
    person = await console.sign_in(Role.ADMINISTRATOR)
    await staff_connection.execute("update account_session set proven_at = now() - interval '11 minutes'")
    account = f"{person.public_url}/staff/accounts/{uuid4()}"
    for referer in (f"{person.public_url}/staff/accounts", f"{account}/link", f"{account}/roles"):
        headers = {"Origin": person.public_url, "Referer": referer}
        sent = {"form_token": person.form_token, "decision": "approved"}
        answer = await person.http.post(f"/staff/grants/{uuid4()}", data=sent, headers=headers)
        assert answer.headers["location"] == "/staff/proof?next=%2Fstaff%2Faccounts", referer


async def test_the_page_says_before_anything_is_typed_that_its_forms_ask_for_the_proof(
    console: Console, staff_connection: Connection
) -> None:
    person, reader = await console.sign_in(Role.ADMINISTRATOR), await console.sign_in(Role.AUDITOR)
    for minutes, is_said in ((9, False), (11, True)):
        age = f"update account_session set proven_at = now() - interval '{minutes} minutes'"  # noqa: S608  # a number
        await staff_connection.execute(age)
        assert ("/staff/proof?next=/staff/accounts" in (await person.get("/staff/accounts")).text) is is_said
        assert "/staff/proof" not in (await reader.get("/staff/accounts")).text
        assert ("/proof?lang=en&amp;next=" in (await person.get("/staff/accounts?lang=en")).text) is is_said


async def test_no_form_of_another_site_or_without_its_token_is_taken(console: Console) -> None:
    people = await one_of_each(console)
    for operation in UNSAFE:
        person = people[min(ACCESS[operation].roles, default=Role.REGISTRAR)]
        method, address = address_of(operation)
        ours, right = person.public_url, {"form_token": person.form_token}
        for origin, fields in [
            ("https://evil.test", right),
            ("null", right),
            (None, right),
            (ours, {}),
            (ours, {"form_token": "0" * 64}),
            (ours, {"form_token": ""}),
        ]:
            headers = {} if origin is None else {"Origin": origin}
            files = {"file": b""} if operation in UPLOADS else None
            answer = await person.http.request(method, address, data=fields, files=files, headers=headers)
            assert answer.status_code == FORBIDDEN, (operation, origin, fields)


async def test_what_is_no_request_of_ours_is_no_fault_of_ours(console: Console) -> None:
    person = await console.sign_in(Role.REGISTRAR)
    assert (await person.http.options("/staff/sign-in")).status_code == 405
    assert (await person.get("/staff/cohorts/%00")).status_code == 400
    assert (await person.post("/staff/search", {"text": "\0"})).status_code == 400
    as_text = await person.post("/staff/rosters", {"cohort": "C1"})
    assert as_text.status_code == 415, "hundreds of megabytes of text would be held in memory"


async def test_who_is_signed_out_while_a_form_is_on_its_way_does_nothing(
    console: Console, staff_connection: Connection
) -> None:
    person = await console.sign_in(Role.REGISTRAR)

    async def slow_form() -> AsyncIterator[bytes]:
        yield f"form_token={person.form_token}&name=".encode()
        await staff_connection.execute("update account_session set ended_at = now()")
        yield "甲中心".encode()

    headers = {"Origin": person.public_url, "Content-Type": "application/x-www-form-urlencoded"}
    answer = await person.http.post("/staff/partners", content=slow_form(), headers=headers)

    assert answer.status_code == 401
    assert await staff_connection.fetchval("select count(*) from partner") == 0


async def one_of_each(console: Console) -> dict[Role, Person]:
    """Return somebody of each role."""
    return {role: await console.sign_in(role, partner="甲中心" if role is Role.PARTNER else None) for role in Role}
