"""`POST /api/v1/lookups/batch`: who may ask, what each row is answered, and what is counted."""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import msgspec
import pytest

from tests.conftest import PUBLIC_URL
from tests.databases import run_apart
from tests.integration.web.conftest import Client, asking
from tests.integration.web.test_problems_over_http import take_away
from tests.office import Office
from tests.registers import NO_LIMITS, Certificate
from verify_service.api_clients.model import Verdict
from verify_service.api_clients.routes import Caller
from verify_service.api_clients.rules import batch_name, new_key
from verify_service.api_clients.service import claim_batch, find_client
from verify_service.app import open_context
from verify_service.batch_lookups import routes, rules
from verify_service.clock import today_in_shanghai
from verify_service.database import Connection
from verify_service.embedded.server import EmbeddedServer
from verify_service.institution import load_institution
from verify_service.lookups import service
from verify_service.lookups.model import RefusedLookup
from verify_service.settings import RateLimits, Settings

Certificates = Mapping[str, Certificate]
PATH = "/api/v1/lookups/batch"
SINGLE = "/api/v1/lookups"
STRANGER = {"name": "赵无人", "phone": "19499999999"}
MALFORMED = {"name": "赵无人", "phone": "1949999"}
DAILY = 1000


@pytest.fixture
def office(settings: Settings, tmp_path: Path) -> Office:
    return Office(settings, tmp_path)


@pytest.fixture
def key(office: Office) -> str:
    return make_key(office, "抖音", DAILY)


@pytest.fixture
async def platform(settings: Settings, key: str) -> AsyncIterator[Client]:
    """A client of a service on a register of its own, whose key it sends."""
    async with asking(msgspec.structs.replace(settings, rate_limits=NO_LIMITS)) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        yield client


def make_key(office: Office, name: str, daily: int) -> str:
    return office.run("api-keys", "create", "--name", name, "--purpose", "核验", "--daily", str(daily)).out.strip()


async def ask(platform: Client, *rows: object, **headers: str) -> httpx.Response:
    """Return the answer to a batch of these rows; `idempotency_key="…"` is a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await platform.post(PATH, json={"lookups": rows}, headers=named)


def lines(response: httpx.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


def remaining(response: httpx.Response) -> int:
    """Return how many rows the answer says are left."""
    name, left, _ = response.headers["ratelimit"].split(";")
    assert name == '"rows"'
    return int(left.removeprefix("r="))


def problem(response: httpx.Response, status: int, name: str) -> dict[str, Any]:
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    document: dict[str, Any] = response.json()
    assert document["type"] == f"{PUBLIC_URL}/problems/{name}"
    return document


async def test_each_row_is_answered_as_it_would_be_alone(platform: Client, certificates: Certificates) -> None:
    pairs = [("name", "idNumber"), ("name", "phone"), ("idNumber", "phone"), ("name", "idNumber", "phone")]
    rows = [one.facts(*pair) for one in certificates.values() for pair in pairs]
    rows += [{**certificates["valid"].facts("name", "idNumber"), "name": "赵无人"}, STRANGER]

    answered = lines(await ask(platform, *rows))

    assert [line.pop("row") for line in answered] == list(range(1, len(rows) + 1))
    assert {line["outcome"] for line in answered} == {"found", "not_found"}
    for row, line in zip(rows, answered, strict=True):
        alone = (await platform.post(SINGLE, json=row)).json()
        assert {**line, "checkedAt": ""} == {**alone, "checkedAt": ""}


async def test_of_many_guesses_at_one_person_in_one_batch_the_right_one_is_not_answered(
    platform: Client, certificates: Certificates
) -> None:
    right = certificates["valid"].facts("name", "idNumber")
    wrong = [{**right, "name": f"赵无人{place}"} for place in "甲乙丙丁戊己"]

    outcomes = [(line["outcome"], line.get("code")) for line in lines(await ask(platform, *wrong, right))]

    assert outcomes == [("not_found", None)] * 5 + [("refused", "too-many-requests")] * 2


async def test_a_bad_row_spoils_no_other_and_is_not_counted(platform: Client, certificates: Certificates) -> None:
    good = certificates["valid"].facts("name", "phone")

    response = await ask(platform, good, MALFORMED, {"name": "赵无人"}, 5, STRANGER, {**good, "email": "x"}, good)

    outcomes = [(line["outcome"], line.get("code")) for line in lines(response)]
    assert outcomes == [
        ("found", None),
        ("malformed", "malformed-field"),
        ("malformed", "two-fields-required"),
        ("malformed", "malformed-body"),
        ("not_found", None),
        ("malformed", "malformed-body"),
        ("found", None),
    ]
    assert remaining(response) == DAILY - 3
    assert MALFORMED["phone"] not in response.text


async def test_sentences_are_in_the_language_asked_for(platform: Client) -> None:
    response = await platform.post(f"{PATH}?lang=en", json={"lookups": [MALFORMED]})

    (error,) = lines(response)[0]["errors"]
    assert error["message"].isascii()


async def test_500_rows_are_answered_and_501_refused(platform: Client) -> None:
    assert len(lines(await ask(platform, *[STRANGER] * 500))) == 500

    problem(await ask(platform, *[STRANGER] * 501), 400, "malformed-body")
    problem(await ask(platform), 400, "malformed-body")


async def test_500_rows_are_asked_in_ten_turns(platform: Client) -> None:
    with patch("verify_service.batch_lookups.routes.look_up_many", wraps=service.look_up_many) as asked:
        assert len(lines(await ask(platform, *[STRANGER] * 500))) == 500

    assert asked.call_count == 500 // rules.CHUNK_ROWS == 10


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"lookups": 5}', b'{"lookups": [], "x": 1}'])
async def test_what_is_no_batch_is_refused_and_not_counted(platform: Client, content: bytes) -> None:
    response = await platform.post(PATH, content=content, headers={"Content-Type": "application/json"})

    problem(response, 400, "malformed-body")
    assert remaining(await ask(platform, STRANGER)) == DAILY - 1


async def test_a_body_too_large_or_of_another_type_is_refused(platform: Client) -> None:
    long = {"lookups": [{"name": "赵" * 200_000}]}

    problem(await platform.post(PATH, json=long), 413, "payload-too-large")
    problem(await platform.post(PATH, data=STRANGER), 415, "unsupported-media-type")


async def test_whoever_may_not_ask_is_answered_in_the_same_bytes(platform: Client, office: Office, key: str) -> None:
    stranger = platform
    del stranger.headers["Authorization"]
    former = make_key(office, "former", 10)
    assert office.run("api-keys", "revoke", "former").code == 0
    causes = {
        "none": None,
        "nobody's": f"Bearer {new_key()}".encode(),
        "revoked": f"Bearer {former}".encode(),
        "mistyped": f"Bearer {key[:-1]}".encode(),
        "another scheme": f"Basic {key}".encode(),
        "empty": b"",
        "not ASCII": f"Bearer {key[:-1]}".encode() + b"\xe9",
    }
    answers = {}
    for cause, value in causes.items():
        credentials = [] if value is None else [(b"Authorization", value)]
        response = await stranger.post(PATH, json={"lookups": [STRANGER]}, headers=credentials)
        problem(response, 401, "unauthorized")
        answers[cause] = (response.content, sorted(response.headers.items()))

    assert len({repr(answer) for answer in answers.values()}) == 1, answers
    assert ("www-authenticate", "Bearer") in answers["none"][1]


async def test_a_key_revoked_meanwhile_opens_nothing_any_more(platform: Client, office: Office) -> None:
    assert (await ask(platform, STRANGER)).status_code == 200

    office.run("api-keys", "revoke", "抖音")

    assert (await ask(platform, STRANGER)).status_code == 401


async def test_a_spent_day_is_429_for_the_whole_batch(platform: Client, certificates: Certificates) -> None:
    for _ in range(DAILY // 500 - 1):
        await ask(platform, *[STRANGER] * 500)
    await ask(platform, *[STRANGER] * 480)

    refused = await ask(platform, *[certificates["valid"].facts("name", "phone")] * 21)

    problem(refused, 429, "daily-rows-spent")
    assert remaining(refused) == 20
    assert refused.headers["ratelimit-policy"] == f'"rows";q={DAILY};w=86400'
    assert 0 < int(refused.headers["retry-after"]) <= 86_400
    assert len(lines(await ask(platform, *[STRANGER] * 20))) == 20


async def test_the_same_again_is_answered_as_things_stand_and_counted_once(
    platform: Client, office: Office, certificates: Certificates
) -> None:
    valid = certificates["valid"]
    first, second = [await ask(platform, valid.facts("name", "phone"), idempotency_key="one") for _ in range(2)]

    assert office.run("certificates", "revoke", valid.number, "--reason", "holder_request").code == 0
    third = await ask(platform, valid.facts("name", "phone"), idempotency_key='"one"')

    statuses = [lines(response)[0]["certificates"][0]["status"] for response in (first, second, third)]
    assert statuses == ["valid", "valid", "revoked"]
    assert [remaining(response) for response in (first, second, third)] == [DAILY - 1] * 3


async def test_another_body_under_the_same_key_is_refused(platform: Client) -> None:
    await ask(platform, STRANGER, idempotency_key="one")

    problem(await ask(platform, STRANGER, STRANGER, idempotency_key="one"), 422, "idempotency-key-reused")


async def test_a_second_request_before_the_first_is_answered_is_told_to_wait(
    platform: Client, superuser: Connection
) -> None:
    await ask(platform, STRANGER, idempotency_key="one")
    await superuser.execute("update batch_request set answering_until = now() + interval '1 minute'")

    refused = await ask(platform, STRANGER, idempotency_key="one")

    problem(refused, 409, "idempotency-key-in-use")
    assert 0 < int(refused.headers["retry-after"]) <= 60


@pytest.mark.parametrize("value", ["", "two words", "x" * 256])
async def test_what_is_no_idempotency_key_is_named(platform: Client, value: str) -> None:
    refused = await ask(platform, STRANGER, idempotency_key=value)

    (error,) = problem(refused, 400, "malformed-field")["errors"]
    assert (error["field"], error["code"]) == ("Idempotency-Key", "PATTERN")


async def test_a_row_that_may_not_be_asked_spoils_no_other(platform: Client, certificates: Certificates) -> None:
    async def refuse_second(*arguments: Any) -> list[Any]:  # noqa: ANN401  # as look_up_many
        answers = await service.look_up_many(*arguments)
        return [answers[0], RefusedLookup(), *answers[2:]]

    with patch("verify_service.batch_lookups.routes.look_up_many", refuse_second):
        answered = lines(await ask(platform, *[certificates["valid"].facts("name", "phone")] * 3))

    assert [line["outcome"] for line in answered] == ["found", "refused", "found"]
    assert answered[1] == {"row": 2, "outcome": "refused", "code": "too-many-requests"}


async def test_what_cannot_be_asked_half_way_says_so_and_may_be_repeated_for_nothing(
    platform: Client, certificates: Certificates, server: EmbeddedServer, database_name: str
) -> None:
    asked = 0

    async def lose_the_database(*arguments: Any) -> list[Any]:  # noqa: ANN401  # as look_up_many
        nonlocal asked
        asked += 1
        if asked == 2:
            raise ConnectionResetError
        return list(await service.look_up_many(*arguments))

    rows = [certificates["valid"].facts("name", "phone")] * 120 + [MALFORMED]
    with patch("verify_service.batch_lookups.routes.look_up_many", lose_the_database):
        answered = lines(await ask(platform, *rows, idempotency_key="one"))

    outcomes = [line["outcome"] for line in answered]
    assert outcomes == ["found"] * 50 + ["unavailable"] * 50 + ["found"] * 20 + ["malformed"]
    again = await ask(platform, *rows, idempotency_key="one")
    assert [line["outcome"] for line in lines(again)] == ["found"] * 120 + ["malformed"]
    assert remaining(again) == DAILY - 120
    run_apart(take_away(server, database_name))
    problem(await ask(platform, *rows), 503, "unavailable")


async def test_lines_leave_as_they_are_found_and_who_leaves_early_may_come_back(settings: Settings, key: str) -> None:
    assert settings.database_url is not None
    context = await open_context(settings, settings.database_url, load_institution(settings))
    await context.open()
    name = batch_name(key, "one", b"body")
    rows = rules.read_batch(json.dumps({"lookups": [STRANGER] * 500}).encode(), today_in_shanghai())
    async with context.connection() as connection:
        client = await find_client(connection, key)
        assert client is not None
        await claim_batch(connection, client, name, len(rows))
    with patch("verify_service.batch_lookups.routes.look_up_many", wraps=service.look_up_many) as asked:
        # The route's own stream, for no client leaves at an instant one could name.
        stream = routes._lines(rows, context, Caller(client, key), name, None)
        assert (await anext(stream)).count(b"\n") == rules.CHUNK_ROWS
        assert asked.call_count == 1
        await stream.aclose()

    async with context.connection() as connection:
        assert (await claim_batch(connection, client, name, len(rows))).verdict is Verdict.REPEATED
    await context.close()


async def test_batches_are_limited_apart_from_lookups(settings: Settings, key: str, certificates: Certificates) -> None:
    right = certificates["valid"].facts("name", "phone")
    limits = RateLimits(network="3/hour", neighbourhood="100/hour", everyone="1000/second")
    async with asking(msgspec.structs.replace(settings, rate_limits=limits)) as client:
        batches = [await ask(client, right, authorization=f"Bearer {key}") for _ in range(4)]
        guesses = [await ask(client, right, authorization=f"Bearer {new_key()}") for _ in range(1)]
        lookups = [await client.post(SINGLE, json=right) for _ in range(4)]

    assert [response.status_code for response in batches] == [200, 200, 200, 429]
    assert problem(batches[3], 429, "too-many-requests")
    assert [response.status_code for response in guesses] == [429]
    assert [response.status_code for response in lookups] == [200, 200, 200, 429]


async def test_the_register_keeps_nothing_of_who_was_asked_about(
    platform: Client, certificates: Certificates, superuser: Connection
) -> None:
    facts = certificates["valid"].facts()
    await ask(platform, facts, idempotency_key=certificates["valid"].phone)

    rows = await superuser.fetch("table batch_request")

    stored = repr(rows)
    assert len(rows) == 1
    assert [value for value in facts.values() if value in stored or value.encode().hex() in stored] == []
