"""Budgets as a visitor meets them: the same refusal for right and wrong facts, and a way that is still open."""

from collections.abc import AsyncIterator, Mapping

import msgspec
import pytest

from tests.integration.web.conftest import BROWSER, Client, asking
from tests.registers import NO_LIMITS, Certificate
from verify_service.database import Connection
from verify_service.settings import Settings

PATH = "/api/v1/lookups"
TRIES = 5
STRANGER = {"name": "赵无人", "idNumber": "110000199001019704", "phone": "19499999999"}


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    """A service of this test alone, with the default budgets; what it offers is random, and tested elsewhere."""
    async with asking(msgspec.structs.replace(settings, rate_limits=NO_LIMITS, effort=0)) as client:
        yield client


@pytest.fixture
def right(certificates: Mapping[str, Certificate]) -> dict[str, str]:
    return certificates["valid"].facts("name", "idNumber")


async def spend(client: Client, facts: Mapping[str, str]) -> None:
    answers = [await client.post(PATH, json=facts) for _ in range(TRIES)]
    assert [answer.status_code for answer in answers] == [200] * TRIES
    assert {answer.json()["outcome"] for answer in answers} == {"not_found"}


async def test_once_spent_right_and_wrong_facts_get_the_same_refusal(client: Client, right: dict[str, str]) -> None:
    wrong = {**right, "name": STRANGER["name"]}
    await spend(client, wrong)  # the ID number's own budget

    refusals = [await client.post(PATH, json=facts) for facts in (right, wrong, {**right, "phone": STRANGER["phone"]})]

    assert {(refusal.status_code, refusal.content, str(refusal.headers)) for refusal in refusals} == {
        (429, refusals[0].content, str(refusals[0].headers))
    }
    assert "proofOfWork" not in refusals[0].json()
    document = refusals[0].json()
    assert document["type"].endswith("/problems/too-many-requests")
    assert "QR code" in document["detail"]
    assert "PDF" in document["detail"]
    assert refusals[0].headers["retry-after"] == "86400"


async def test_the_refusal_is_the_same_for_somebody_who_is_not_there(client: Client, right: dict[str, str]) -> None:
    nobody = {"name": STRANGER["name"], "idNumber": STRANGER["idNumber"]}
    await spend(client, nobody)
    await spend(client, {**right, "name": "钱无人"})

    refusals = [(await client.post(PATH, json=facts)).content for facts in (nobody, right)]

    assert refusals[0] == refusals[1]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh-CN", ("查询不符次数过多", "二维码", "PDF")), ("en", ("Too many failed lookups", "QR code", "PDF"))],
)
async def test_the_page_names_the_qr_code_and_the_pdf(
    client: Client, right: dict[str, str], lang: str, words: tuple[str, ...]
) -> None:
    await spend(client, {**right, "name": STRANGER["name"]})

    page = await client.post("/lookup", params={"lang": lang}, data=right, headers=BROWSER)

    assert page.status_code == 429
    assert [word for word in words if word not in page.text] == []
    assert [
        word for word in ("证书有效", "未查询到", "Certificate valid", "1440", *right.values()) if word in page.text
    ] == []


async def test_who_is_refused_may_still_scan_the_paper(
    client: Client, right: dict[str, str], certificates: Mapping[str, Certificate]
) -> None:
    await spend(client, {**right, "name": STRANGER["name"]})

    scanned = await client.get(f"/v/{certificates['valid'].token}", headers={"Accept": "application/json"})

    assert scanned.json()["outcome"] == "valid"


async def test_the_causes_of_not_found_are_one_answer(
    client: Client, right: dict[str, str], certificates: Mapping[str, Certificate]
) -> None:
    """Nobody; a right ID number with a wrong name; namesakes; a pair beside one whose budget is spent."""
    await spend(client, {"name": right["name"], "idNumber": STRANGER["idNumber"]})
    asked = (
        {"name": STRANGER["name"], "phone": STRANGER["phone"]},
        {**right, "name": STRANGER["name"]},
        certificates["namesake-0"].facts("name", "phone"),
        {"name": right["name"], "phone": STRANGER["phone"]},
    )

    answers = [await client.post(PATH, json=facts) for facts in asked]

    assert {answer.status_code for answer in answers} == {200}
    bodies = [{**answer.json(), "checkedAt": None} for answer in answers]
    assert bodies == [{"outcome": "not_found", "checkedAt": None, "certificates": []}] * len(asked)
    assert len({len(answer.content) for answer in answers}) == 1
    names = {tuple(name for name in answer.headers if name != "date") for answer in answers}
    assert len(names) == 1


async def test_what_could_not_be_read_is_not_counted(client: Client, superuser: Connection) -> None:
    for facts in ({"name": "赵无人"}, {"name": "赵无人", "phone": "1"}):
        assert (await client.post(PATH, json=facts)).status_code == 400

    assert await superuser.fetchval("select count(*) from budget") == 0


async def test_nothing_that_was_typed_stands_in_the_tables(client: Client, superuser: Connection) -> None:
    await client.post(PATH, json=STRANGER)

    rows = str(await superuser.fetch("select budget::text, encode(bucket, 'escape') from budget"))

    assert [value for value in STRANGER.values() if value in rows or value.encode().hex() in rows] == []


async def test_where_failures_cannot_be_counted_nothing_is_answered(
    client: Client, right: dict[str, str], superuser: Connection
) -> None:
    await superuser.execute("alter table budget rename to lost")

    answers = [await client.post(PATH, json=facts) for facts in (right, {**right, "name": STRANGER["name"]})]

    assert {answer.status_code for answer in answers} == {503}
