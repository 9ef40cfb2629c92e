"""`/api/v1/webhooks/{webhook}/watches`: a client sets what its own webhook watches, and learns nothing by it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tests.conftest import PUBLIC_URL
from tests.integration.register.webhooks.conftest import Hook, add_hook, revoke
from tests.integration.web.conftest import Client, asking
from tests.office import Office
from tests.receivers import Receiver
from tests.registers import NO_LIMITS
from tests.serving import serving
from verify_service.settings import RateLimits, Settings

Lines = list[dict[str, Any]]
UNKNOWN = "ZZZZZZZZZZZZZZZZ"


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    async with asking(msgspec.structs.replace(settings, rate_limits=NO_LIMITS)) as client:
        yield client


def path_of(hook: Hook) -> str:
    return f"/api/v1/webhooks/{hook.id}/watches"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def watch(client: Client, hook: Hook, *tokens: str, path: str = "") -> httpx.Response:
    return await client.post(path_of(hook) + path, json={"tokens": tokens}, headers=bearer(hook.token))


def body(answer: httpx.Response) -> Any:  # noqa: ANN401  # an answer without what is each one's own
    return answer.status_code, answer.json(), {name: answer.headers[name] for name in answer.headers if name != "date"}


async def test_a_client_watches_counts_and_watches_no_longer(client: Client, hook: Hook, hosts: Lines) -> None:
    one, two, three = hosts[:3]
    answers = [
        await watch(client, hook, one["token"], two["qr"]),
        await watch(client, hook, f"{PUBLIC_URL}/v/{three['token']}/record.json", one["token"]),
        await client.get(path_of(hook), headers=bearer(hook.token)),
        await watch(client, hook, two["token"], UNKNOWN, path="/removals"),
        await client.delete(path_of(hook), headers=bearer(hook.token)),
    ]

    assert [answer.status_code for answer in answers] == [200] * 5
    assert [answer.json()["watched"] for answer in answers] == [2, 3, 3, 2, 0]
    assert {answer.json()["limit"] for answer in answers} == {100_000}
    assert answers[0].headers["cache-control"] == "no-store"


async def test_a_token_that_nobody_has_is_answered_and_counted_like_one_that_stands(
    client: Client, sample: Office, receiver: Receiver, hosts: Lines
) -> None:
    answers = []
    for token in (hosts[0]["token"], UNKNOWN):
        hook = add_hook(sample, receiver.url)
        asked = [await watch(client, hook, token), await watch(client, hook, token)]
        asked.append(await client.get(path_of(hook), headers=bearer(hook.token)))
        asked.append(await watch(client, hook, token, path="/removals"))
        answers.append([body(answer) for answer in asked])

    assert answers[0] == answers[1]


async def test_a_number_opens_nothing_and_every_refused_entry_is_named_without_its_value(
    client: Client, hook: Hook, hosts: Lines
) -> None:
    number = hosts[0]["number"]

    answer = await watch(client, hook, hosts[0]["token"], number, "赵无人", f"https://evil.example/v/{UNKNOWN}")

    assert (answer.status_code, answer.json()["type"]) == (400, f"{PUBLIC_URL}/problems/malformed-field")
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("tokens[1]", "WATCH_BY_NUMBER"),
        ("tokens[2]", "WATCH_TOKEN"),
        ("tokens[3]", "WATCH_OTHER_SITE"),
    ]
    assert number not in answer.text
    assert "evil" not in answer.text
    assert (await client.get(path_of(hook), headers=bearer(hook.token))).json()["watched"] == 0


async def test_without_the_webhooks_own_token_there_is_one_answer_whether_it_exists_or_not(
    client: Client, sample: Office, receiver: Receiver, hook: Hook, hosts: Lines
) -> None:
    other = add_hook(sample, receiver.url)
    removed = add_hook(sample, receiver.url)
    assert sample.run("webhooks", "remove", removed.id).code == 0
    nobody = "00000000-0000-7000-8000-000000000000"
    answers = []
    for webhook, headers in (
        (hook.id, {}),
        (hook.id, bearer("")),
        (hook.id, bearer(other.token)),
        (hook.id, bearer(hook.secret)),
        (hook.id, {"Authorization": hook.token}),
        (hook.id, {"Authorization": f"Basic {hook.token}"}),
        (nobody, bearer(hook.token)),
        ("1", bearer(hook.token)),
        (removed.id, bearer(removed.token)),
    ):
        path = f"/api/v1/webhooks/{webhook}/watches"
        for method, where in (("GET", path), ("DELETE", path), ("POST", path), ("POST", path + "/removals")):
            sent = {"json": {"tokens": [hosts[0]["token"]]}} if method == "POST" else {}
            answers.append(body(await client.request(method, where, headers=headers, **sent)))  # type: ignore[arg-type]

    assert answers == [answers[0]] * len(answers)
    assert answers[0][0] == 401
    assert answers[0][2]["www-authenticate"] == "Bearer"


async def test_over_the_limit_nothing_is_added(
    client: Client, sample: Office, receiver: Receiver, hosts: Lines
) -> None:
    hook = add_hook(sample, receiver.url, "--max-watches", "2")

    answer = await watch(client, hook, *(line["token"] for line in hosts[:3]))

    assert (answer.status_code, answer.json()["type"]) == (409, f"{PUBLIC_URL}/problems/too-many-watches")
    assert (await watch(client, hook, hosts[0]["token"])).json() == {"watched": 1, "limit": 2}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"tokens": []}', 400),
        (b'{"tokens": ["' + UNKNOWN.encode() + b'"], "number": 1}', 400),
        (b'{"tokens": [1]}', 400),
        (msgspec.json.encode({"tokens": [UNKNOWN] * 1001}), 400),
        (b'{"tokens": ["' + b"A" * 600_000 + b'"]}', 413),
    ],
)
async def test_a_body_of_another_shape_is_refused(client: Client, hook: Hook, content: bytes, status: int) -> None:
    headers = {**bearer(hook.token), "Content-Type": "application/json"}

    assert (await client.post(path_of(hook), content=content, headers=headers)).status_code == status


async def test_five_thousand_are_watched_in_five_requests(client: Client, hook: Hook) -> None:
    tokens = [f"{number:016}" for number in range(5000)]

    answers = [await watch(client, hook, *tokens[begin : begin + 1000]) for begin in range(0, 5000, 1000)]

    assert [answer.json()["watched"] for answer in answers] == [1000, 2000, 3000, 4000, 5000]


async def test_guessing_is_limited_by_network_and_apart_from_lookups(settings: Settings, hook: Hook) -> None:
    limits = RateLimits("2/minute", "100/minute", "100/minute")
    async with asking(msgspec.structs.replace(settings, rate_limits=limits)) as client:
        statuses = [(await client.get(path_of(hook), headers=bearer("x"))).status_code for _ in range(3)]
        lookup = await client.post("/api/v1/lookups", json={"name": "赵无人", "phone": "19499999999"})

    assert statuses == [401, 401, 429]
    assert lookup.status_code == 200


async def test_serve_keeps_a_sender_and_the_word_arrives(
    sample: Office, settings: Settings, hook: Hook, receiver: Receiver, hosts: Lines, tmp_path: Path
) -> None:
    def watch_and_revoke() -> None:
        with serving(settings, tmp_path) as served:
            with served.client() as client:
                tokens = {"tokens": [hosts[0]["qr"]]}
                assert client.post(path_of(hook), json=tokens, headers=bearer(hook.token)).status_code == 200
            revoke(sample, hosts[0])
            receiver.wait_for(1)
            log = served.log.read_text()
            assert served.stop() == 0
        for word in (hook.token, hook.secret, hosts[0]["token"], receiver.url):
            assert word not in log

    await asyncio.to_thread(watch_and_revoke)

    assert hook.judge(receiver.received[0])["data"]["number"] == hosts[0]["number"]
