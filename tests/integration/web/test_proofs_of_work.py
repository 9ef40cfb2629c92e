"""A proof of work earns one more answer, to the same question, once; right and wrong questions are offered the same."""

import asyncio
import base64
import html
import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest

from tests.integration.web.conftest import BROWSER, Client, asking
from tests.registers import NO_LIMITS, Certificate
from tests.solving import solve
from verify_service.database import Connection
from verify_service.settings import BudgetLimits, Settings

PATH = "/api/v1/lookups"
NOBODY = {"name": "赵无人", "idNumber": "110000199001019704"}
SCRIPT = r'src="(/static/working\.[0-9a-f]{12}\.js)"'


@pytest.fixture
def quick(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, rate_limits=NO_LIMITS, effort=2)


@pytest.fixture
async def client(quick: Settings) -> AsyncIterator[Client]:
    async with asking(quick) as client:
        yield client


@pytest.fixture
def right(certificates: Mapping[str, Certificate]) -> dict[str, str]:
    return certificates["valid"].facts("name", "idNumber")


@pytest.fixture
def wrong(right: dict[str, str]) -> dict[str, str]:
    """Spends the ID number's own budget, which the right question is counted in too."""
    return {**right, "name": NOBODY["name"]}


async def ask(client: Client, facts: Mapping[str, str], solution: str | None = None) -> httpx.Response:
    return await client.post(PATH, json=facts, headers={"Proof-Of-Work": solution} if solution else {})


async def spend(client: Client, facts: Mapping[str, str], tries: int = 5) -> None:
    for _ in range(tries):
        assert (await ask(client, facts)).json()["outcome"] == "not_found"


async def solution_for(client: Client, facts: Mapping[str, str]) -> str:
    refused = await ask(client, facts)
    assert refused.status_code == 429
    return solve(refused.json()["proofOfWork"])


def masked(refused: httpx.Response) -> tuple[Any, ...]:
    """Return a refusal with what is random in it replaced by its length."""
    text = re.sub(r"[0-9a-f]{32,}", lambda found: f"<{len(found[0])}>", refused.text)
    text = re.sub(r"expiresAt\W+\d{10}", "<instant>", html.unescape(text))
    headers = {
        name: value for name, value in refused.headers.items() if name != "content-length"
    }  # of compressed bytes
    return refused.status_code, text, headers, len(refused.content)


async def test_right_and_wrong_are_refused_alike_but_for_random_digits(
    client: Client, right: dict[str, str], wrong: dict[str, str]
) -> None:
    await spend(client, wrong)

    refused = [await ask(client, facts) for facts in (right, wrong, right, wrong)]

    assert refused[0].json()["proofOfWork"]["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    assert refused[0].headers["retry-after"] == "86400"
    assert all(masked(each) == masked(refused[0]) for each in refused)
    assert len({each.text for each in refused}) == 4


async def test_it_earns_the_answer_whichever_it_is(
    client: Client, right: dict[str, str], wrong: dict[str, str]
) -> None:
    await spend(client, wrong)

    answers = [await ask(client, facts, await solution_for(client, facts)) for facts in (right, wrong)]

    assert [answer.json()["outcome"] for answer in answers] == ["found", "not_found"]


async def test_it_is_spent_by_one_answer_right_or_wrong(
    client: Client, right: dict[str, str], wrong: dict[str, str]
) -> None:
    await spend(client, wrong)
    for facts in (right, wrong):
        solution = await solution_for(client, facts)
        assert (await ask(client, facts, solution)).status_code == 200

        again = [await ask(client, facts, solution) for _ in range(3)]

        assert [each.status_code for each in again] == [429] * 3
        assert all("proofOfWork" in each.json() for each in again)


async def test_of_one_solution_handed_in_many_times_at_once_one_is_answered(
    client: Client, right: dict[str, str], wrong: dict[str, str]
) -> None:
    await spend(client, wrong)
    solution = await solution_for(client, right)

    answers = await asyncio.gather(*(ask(client, right, solution) for _ in range(20)))

    assert sorted(answer.status_code for answer in answers) == [200] + [429] * 19


async def test_after_eight_answers_a_day_nothing_more_is_offered(client: Client) -> None:
    await spend(client, NOBODY)
    for _ in range(3):
        answer = await ask(client, NOBODY, await solution_for(client, NOBODY))
        assert answer.json()["outcome"] == "not_found"

    refused = await ask(client, NOBODY)

    assert refused.status_code == 429
    assert "proofOfWork" not in refused.json()


async def test_solutions_that_were_laid_by_are_answered_no_oftener(client: Client) -> None:
    await spend(client, NOBODY)
    stock = [await solution_for(client, NOBODY) for _ in range(10)]

    answers = await asyncio.gather(*(ask(client, NOBODY, solution) for solution in stock))

    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [429] * 7


async def test_it_is_of_no_use_to_another_question(
    client: Client, right: dict[str, str], wrong: dict[str, str], certificates: Mapping[str, Certificate]
) -> None:
    await spend(client, wrong)
    solution = await solution_for(client, wrong)

    for facts in (right, {**right, "phone": certificates["valid"].phone}):
        assert (await ask(client, facts, solution)).status_code == 429
    # And was not spent by trying.
    assert (await ask(client, wrong, solution)).status_code == 200


@pytest.mark.parametrize("solution", ["a", "e30=", "é", "a" * 10_000, base64.b64encode(b"[" * 1000).decode()])
async def test_what_is_no_solution_is_refused_like_none(
    client: Client, right: dict[str, str], wrong: dict[str, str], solution: str
) -> None:
    await spend(client, wrong)
    headers = [(b"proof-of-work", solution.encode())]

    refused = await client.post(PATH, json=right, headers=headers)

    assert masked(refused) == masked(await ask(client, right))


async def test_an_altered_one_is_refused(client: Client, right: dict[str, str], wrong: dict[str, str]) -> None:
    await spend(client, wrong)
    unpacked = json.loads(base64.b64decode(await solution_for(client, right)))
    unpacked["challenge"]["parameters"]["expiresAt"] += 1

    refused = await ask(client, right, base64.b64encode(json.dumps(unpacked).encode()).decode())

    assert refused.status_code == 429


@pytest.mark.parametrize(
    "changed",
    [
        {"budgets": BudgetLimits(pair="5/day;5/30 days")},
        {"budgets": BudgetLimits(pair="5/day")},
        {"budgets": BudgetLimits(name="5/day")},
        {"effort": 0},
    ],
)
async def test_nothing_is_offered_where_it_would_not_help(quick: Settings, changed: dict[str, Any]) -> None:
    async with asking(msgspec.structs.replace(quick, **changed)) as client:
        await spend(client, NOBODY)

        refused = await ask(client, NOBODY)

    assert refused.status_code == 429
    assert "proofOfWork" not in refused.json()


async def test_the_page_offers_it_to_its_script_and_asks_the_same_again(
    client: Client, right: dict[str, str], wrong: dict[str, str]
) -> None:
    await spend(client, wrong)
    refused = await client.post("/lookup", data=right, headers=BROWSER)
    assert refused.status_code == 429
    (challenge,) = re.findall(r'data-challenge="([^"]+)" hidden', refused.text)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html.unescape(refused.text)))
    assert fields == {**right, "phone": ""}

    answer = await client.post("/lookup", data={**fields, "solution": solve(json.loads(html.unescape(challenge)))})

    assert "证书有效" in answer.text


async def test_the_page_is_the_same_for_right_and_wrong_but_for_what_was_typed(
    client: Client, right: dict[str, str], wrong: dict[str, str]
) -> None:
    await spend(client, wrong)

    pages = [masked(await client.post("/lookup", data=facts, headers=BROWSER)) for facts in (right, wrong)]

    told = [page[1].replace(f'value="{facts["name"]}"', "") for page, facts in zip(pages, (right, wrong), strict=True)]
    assert told[0] == told[1]
    assert pages[0][2] == pages[1][2]


async def test_only_the_page_with_an_offer_may_run_a_script(client: Client) -> None:
    await spend(client, NOBODY)
    offered = await client.post("/lookup", data=NOBODY, headers=BROWSER)
    for _ in range(3):
        await ask(client, NOBODY, await solution_for(client, NOBODY))
    spent = await client.post("/lookup", data=NOBODY, headers=BROWSER)

    assert "script-src 'self'" in offered.headers["content-security-policy"]
    (script,) = re.findall(SCRIPT, offered.text)
    assert (await client.get(script)).status_code == 200
    assert offered.headers["cache-control"] == "no-store"
    assert "script-src" not in spent.headers["content-security-policy"]
    assert [value for value in ("<script", *NOBODY.values()) if value in spent.text] == []


async def test_a_spent_one_is_forgotten_after_it_has_expired(
    client: Client, superuser: Connection, right: dict[str, str], wrong: dict[str, str]
) -> None:
    await spend(client, wrong)
    first = await solution_for(client, right)
    await ask(client, right, first)
    assert await superuser.fetchval("select max(expires_at) < now() + interval '11 minutes' from spent_proof_of_work")
    await superuser.execute("update spent_proof_of_work set expires_at = now() - interval '61 seconds'")

    await ask(client, right, await solution_for(client, right))

    assert await superuser.fetchval("select count(*) from spent_proof_of_work") == 1


async def test_the_database_takes_none_that_has_expired_by_its_own_clock(web: Connection) -> None:
    await web.execute("set default_transaction_read_only = off")
    spend_one = "select spend_proof_of_work($1, now() + $2::text::interval)"

    assert await web.fetchval(spend_one, bytes(32), "-1 second") is False
    assert await web.fetchval(spend_one, bytes(32), "1 second") is True
    assert await web.fetchval(spend_one, bytes(32), "1 second") is False


@pytest.mark.parametrize(
    "change", ["delete from spent_proof_of_work", "insert into spent_proof_of_work values (sha256('a'), now())"]
)
async def test_the_public_process_takes_no_spent_one_back(web: Connection, change: str) -> None:
    await web.execute("set default_transaction_read_only = off")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await web.execute(change)
