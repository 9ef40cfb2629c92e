"""Signing in: every way in, no way round, and no telling which part was wrong."""

import re
import time
from uuid import UUID

import argon2
import httpx
import pyotp
import pytest

from tests.consoles import CLIENT, Console, Person
from verify_service.accounts.model import Role
from verify_service.accounts.rules.passwords import matches
from verify_service.accounts.service import signing_in
from verify_service.accounts.service.inviting import invite
from verify_service.accounts.service.signing_in import (
    OFFERS_PER_NETWORK,
    QUARTER,
    TRIES_PER_NAME,
    NotSignedInError,
)
from verify_service.audit.model import Actor
from verify_service.database import Connection, connected
from verify_service.turns import Turns

PASSWORD = "四方食事，不过一碗人间烟火"
OPERATOR = Actor("operator")


async def invited(console: Console, name: str = "registrar-1") -> str:
    async with connected(console.operator_url, "OPERATOR_DATABASE_URL") as connection:
        made = await invite(connection, OPERATOR, name=name, roles=frozenset({Role.REGISTRAR}))
    return made.token


def shape_of(argument: object) -> object:
    """Return what makes the work of a statement's argument: its type, and how many there are of a list."""
    if isinstance(argument, UUID):  # the driver has a class of its own
        return UUID
    return len(argument) if isinstance(argument, list) else type(argument)


def hidden_fields(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page.text))


async def form_token_on(person: Person, path: str) -> str:
    return hidden_fields(await person.get(path))["form_token"]


async def post_form(person: Person, path: str, **fields: str) -> httpx.Response:
    return await send_back(person, await person.get(path), path, **fields)


async def send_back(person: Person, page: httpx.Response, path: str, **fields: str) -> httpx.Response:
    """Send the form of this very page."""
    return await person.http.post(path, data={**hidden_fields(page), **fields}, headers={"Origin": person.public_url})


def app_of(page: httpx.Response) -> pyotp.TOTP:
    """Return the app that has taken over the secret which an invitation's page shows."""
    secret = re.search(r'<dd class="code">([A-Z2-7]+)</dd>', page.text)
    assert secret is not None, page.text
    return pyotp.TOTP(secret[1])


async def accept_on(person: Person, page: httpx.Response, path: str) -> tuple[pyotp.TOTP, list[str]]:
    """Accept the invitation of this very page; return the app and the recovery codes."""
    app = app_of(page)
    done = await send_back(person, page, path, password=PASSWORD, again=PASSWORD, code=app.at(time.time() - 30))
    codes = re.findall(r"<li>([0-9a-z-]{19})</li>", done.text)
    assert len(codes) == 10, done.text
    return app, codes


async def accept(console: Console, name: str = "registrar-1") -> tuple[pyotp.TOTP, list[str]]:
    """Accept an invitation as its owner would."""
    path = f"/staff/invitations/{await invited(console, name)}"
    person = console.stranger()
    return await accept_on(person, await person.get(path), path)


async def sign_in(person: Person, name: str, password: str, code: str) -> httpx.Response:
    return await post_form(person, "/staff/sign-in", name=name, password=password, code=code)


async def test_an_invited_person_gets_in_once_by_the_link_and_then_by_password_and_code(console: Console) -> None:
    app, _ = await accept(console)
    person = console.stranger()

    done = await sign_in(person, "registrar-1", PASSWORD, app.now())

    assert done.status_code == 303
    assert (await person.get("/staff")).status_code == 200


async def test_a_link_that_was_used_is_a_missing_page(console: Console) -> None:
    path, person = f"/staff/invitations/{await invited(console)}", console.stranger()
    await accept_on(person, await person.get(path), path)

    used = await console.stranger().get(path)
    never = await console.stranger().get("/staff/invitations/never-made")

    assert used.status_code == never.status_code == 404
    assert used.content == never.content


async def test_whoever_opened_a_link_before_has_no_secret_of_the_account(console: Console) -> None:
    """A mail gateway opens every link of a message, a chat shows a preview of it."""
    path, person = f"/staff/invitations/{await invited(console)}", console.stranger()
    seen_before = app_of(await console.stranger().get(path))

    mine, _ = await accept_on(person, await person.get(path), path)

    theirs = await sign_in(console.stranger(), "registrar-1", PASSWORD, seen_before.now())
    assert theirs.status_code == 400
    assert (await sign_in(console.stranger(), "registrar-1", PASSWORD, mine.now())).status_code == 303


async def test_a_mistyped_code_leaves_the_secret_that_was_scanned(console: Console) -> None:
    path, person = f"/staff/invitations/{await invited(console)}", console.stranger()
    page = await person.get(path)

    again = await send_back(person, page, path, password=PASSWORD, again=PASSWORD, code="not a code")

    assert (again.status_code, app_of(again).secret) == (400, app_of(page).secret)
    await accept_on(person, again, path)


async def test_without_the_offer_of_its_page_an_invitation_is_not_accepted(console: Console) -> None:
    path, person = f"/staff/invitations/{await invited(console)}", console.stranger()
    page = await person.get(path)
    elsewhere = await person.get(f"/staff/invitations/{await invited(console, 'registrar-2')}")
    for offer in ("", "%", "AQ", hidden_fields(elsewhere)["offer"]):
        fields = {"password": PASSWORD, "again": PASSWORD, "code": app_of(elsewhere).now(), "offer": offer}

        page = await send_back(person, page, path, **fields)

        assert page.status_code == 400
        assert "原来的二维码已失效" in page.text
    await accept_on(person, page, path)


async def test_a_code_works_once(console: Console) -> None:
    app, _ = await accept(console)
    code = app.now()

    first = await sign_in(console.stranger(), "registrar-1", PASSWORD, code)
    second = await sign_in(console.stranger(), "registrar-1", PASSWORD, code)

    assert (first.status_code, second.status_code) == (303, 400)


async def test_a_recovery_code_stands_in_for_a_code_once(console: Console) -> None:
    _, codes = await accept(console)

    first = await sign_in(console.stranger(), "registrar-1", PASSWORD, codes[0].upper())
    second = await sign_in(console.stranger(), "registrar-1", PASSWORD, codes[0])

    assert (first.status_code, second.status_code) == (303, 400)


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        ("nobody-1", PASSWORD, None),
        ("registrar-1", "not the password at all", None),
        ("registrar-1", PASSWORD, "000000"),
        ("registrar-1", PASSWORD, "not a code"),
        ("registrar-1", PASSWORD, "٠٠٠٠٠٠"),
        ("x" * 64, "\ud83d", "\ufffd"),
    ],
)
async def test_whatever_is_wrong_the_answer_is_the_same(
    console: Console, name: str, password: str, code: str | None
) -> None:
    app, _ = await accept(console)
    password = password.encode("utf-8", "replace").decode()

    answer = await sign_in(console.stranger(), name, password, code or app.now())
    other = await sign_in(console.stranger(), name, "wrong in every way", "999999")

    assert answer.status_code == other.status_code == 400
    hide = re.compile(r'name="form_token" value="[0-9a-f]+"')
    assert hide.sub("", answer.text) == hide.sub("", other.text)


async def test_a_failure_is_the_same_work_whether_or_not_the_name_is_somebodys(
    console: Console, staff_connection: Connection, operator: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No clock is asked: the statements with the shape of what they carry, and the passwords compared, are the work."""
    await accept(console)
    await accept(console, "shut-out-1")
    await operator.execute("update account set disabled_at = now() where name = 'shut-out-1'")
    await invited(console, "invited-1")
    compared: list[argon2.Parameters] = []

    def noting(password_hash: str, password: str) -> bool:
        compared.append(argon2.extract_parameters(password_hash))
        return matches(password_hash, password)

    monkeypatch.setattr(signing_in, "matches", noting)

    async def work(name: str, password: str) -> list[object]:
        done: list[object] = []
        compared.clear()
        secrets = await console.context.secrets(staff_connection)
        typed = {"name": name, "password": password, "code": "000000"}
        logger = staff_connection.query_logger(lambda query: done.append((query.query, *map(shape_of, query.args))))
        with logger, pytest.raises(NotSignedInError):
            await signing_in.sign_in(staff_connection, secrets, Turns().turn, CLIENT, **typed)
        await staff_connection.execute("select")  # the loop has told of the last statement before this one is answered
        return [*done, *compared]

    of_nobody = await work("nobody-1", PASSWORD)
    assert len(of_nobody) > 8, of_nobody
    for name, password in [
        ("registrar-1", "not the password at all"),
        ("registrar-1", PASSWORD),
        ("shut-out-1", PASSWORD),
        ("invited-1", PASSWORD),
    ]:
        assert await work(name, password) == of_nobody, name


async def test_the_trail_notes_a_failure_without_what_was_typed_and_not_without_end(
    console: Console, staff_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "FAILURES_NOTED", 2)
    for _ in range(3):
        await sign_in(console.stranger(), "my-secret-password", PASSWORD, "000000")

    noted = "select actor, object_id, detail->>'name', detail->'lastInThisHour' from audit_event where action = $1"
    rows = await staff_connection.fetch(f"{noted} order by audit_event_id", "sign_in_failed")

    assert [tuple(row) for row in rows] == [("?", "?", "?", "false"), ("?", "?", "?", "true")]


async def test_somebody_who_was_shut_out_is_told_what_a_stranger_is(console: Console, operator: Connection) -> None:
    app, _ = await accept(console)
    person = console.stranger()
    await sign_in(person, "registrar-1", PASSWORD, app.now())
    await operator.execute("update account set disabled_at = now() where name = 'registrar-1'")

    assert (await person.get("/staff")).status_code == 401
    assert (await sign_in(console.stranger(), "registrar-1", PASSWORD, app.at(time.time() + 30))).status_code == 400


async def test_after_ten_tries_right_and_wrong_are_refused_alike(console: Console) -> None:
    app, _ = await accept(console)
    for _ in range(TRIES_PER_NAME[QUARTER]):
        await sign_in(console.stranger(), "registrar-1", "wrong", "000000")

    right = await sign_in(console.stranger(), "registrar-1", PASSWORD, app.now())
    wrong = await sign_in(console.stranger(), "registrar-1", "wrong", "000000")

    assert right.status_code == wrong.status_code == 429


async def test_a_cookie_chosen_by_somebody_else_is_never_a_session(console: Console) -> None:
    """Session fixation: the id after signing in is none that was there before."""
    app, _ = await accept(console)
    person = console.stranger()
    person.http.cookies.set("session", "chosen-by-an-attacker")

    done = await sign_in(person, "registrar-1", PASSWORD, app.now())

    assert "chosen-by-an-attacker" not in done.headers["set-cookie"]
    attacker = console.stranger()
    attacker.http.cookies.set("session", "chosen-by-an-attacker")
    assert (await attacker.get("/staff")).status_code == 401


async def test_a_copied_cookie_is_worth_nothing_after_signing_out(console: Console) -> None:
    person = await console.sign_in(Role.REGISTRAR)
    thief = console.stranger()
    thief.http.cookies.set("session", person.token or "")
    assert (await thief.get("/staff")).status_code == 200

    assert (await person.post("/staff/sign-out")).status_code == 303

    assert (await thief.get("/staff")).status_code == 401


async def test_a_role_taken_away_is_gone_at_the_next_request(console: Console, migration: Connection) -> None:
    person = await console.sign_in(Role.ADMINISTRATOR)
    assert (await person.get("/staff/accounts")).status_code == 200

    await migration.execute("update account set roles = '{registrar}' where name = $1", person.account.name)

    assert (await person.get("/staff/accounts")).status_code == 403


async def test_an_old_proof_has_to_be_given_again_and_leads_back(
    console: Console, staff_connection: Connection
) -> None:
    person = await console.sign_in(Role.REGISTRAR)
    await staff_connection.execute("update account_session set proven_at = now() - interval '11 minutes'")

    answer = await person.get("/staff/account/password")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/staff/proof?next=%2Fstaff%2Faccount%2Fpassword"


async def test_signing_in_leads_nowhere_but_here(console: Console) -> None:
    app, _ = await accept(console)

    done = await post_form(
        console.stranger(),
        "/staff/sign-in",
        name="registrar-1",
        password=PASSWORD,
        code=app.now(),
        asked="//evil.test/",
    )

    assert done.headers["location"] == "/staff"


async def test_a_password_that_is_changed_ends_other_sessions(console: Console) -> None:
    app, _ = await accept(console)
    here, elsewhere = console.stranger(), console.stranger()
    await sign_in(here, "registrar-1", PASSWORD, app.now())
    await sign_in(elsewhere, "registrar-1", PASSWORD, app.at(time.time() + 30))

    page = "/staff/account/password"
    done = await post_form(here, page, password="a rather long sentence", again="a rather long sentence")

    assert done.status_code == 303
    assert (await here.get("/staff")).status_code == 200
    assert (await elsewhere.get("/staff")).status_code == 401


async def test_a_stranger_cannot_fill_the_table_of_challenges(console: Console, staff_connection: Connection) -> None:
    person = console.stranger()
    token = await form_token_on(person, "/staff/sign-in")
    statuses = [
        (
            await person.http.post(
                "/staff/sign-in/passkey-options", data={"form_token": token}, headers={"Origin": person.public_url}
            )
        ).status_code
        for _ in range(OFFERS_PER_NETWORK + 3)
    ]

    assert statuses == [200] * OFFERS_PER_NETWORK + [429] * 3
    assert await staff_connection.fetchval("select count(*) from passkey_challenge") == OFFERS_PER_NETWORK


async def test_a_guesser_elsewhere_shuts_nobody_out_nor_keeps_them_from_proving_it_again(console: Console) -> None:
    app, _ = await accept(console)
    guesser = console.stranger()
    guesser.http.headers["X-Forwarded-For"] = "203.0.113.9"
    for _ in range(TRIES_PER_NAME[QUARTER] + 5):
        await sign_in(guesser, "registrar-1", "wrong", "000000")
    assert (await sign_in(guesser, "registrar-1", PASSWORD, "000000")).status_code == 429

    person = console.stranger()
    assert (await sign_in(person, "registrar-1", PASSWORD, app.now())).status_code == 303
    later = app.at(time.time() + 30)
    proof = await post_form(person, "/staff/proof", password=PASSWORD, code=later)
    assert proof.status_code == 303


async def test_a_form_that_another_tab_opened_first_still_works(console: Console) -> None:
    app, _ = await accept(console)
    person = console.stranger()
    first = await form_token_on(person, "/staff/sign-in")
    await form_token_on(person, "/staff/sign-in")

    fields = {"form_token": first, "name": "registrar-1", "password": PASSWORD, "code": app.now()}
    done = await person.http.post("/staff/sign-in", data=fields, headers={"Origin": person.public_url})

    assert done.status_code == 303
