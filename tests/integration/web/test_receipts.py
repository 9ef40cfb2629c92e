"""`POST /receipt`, and receipts handed in on `/verify`: over HTTP, for every answer a visitor may want to file."""

import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pypdfium2  # type: ignore[import-untyped]  # ships no py.typed
import pytest

from signing import format_token
from tests.conftest import PUBLIC_URL
from tests.integration.web.conftest import BROWSER, Client, asking
from tests.integration.web.test_problems_over_http import take_away
from tests.office import Office
from tests.registers import Certificate
from verify_service.clock import now
from verify_service.embedded.server import EmbeddedServer
from verify_service.receipts import routes
from verify_service.receipts.model import OFFERED
from verify_service.settings import RateLimits, Settings

Certificates = Mapping[str, Certificate]
UNKNOWN = format_token(bytes(10))
STATES = [
    ("valid", "证书有效", "valid"),
    ("revoked-key_compromise", "证书已撤销", "revoked"),
    ("old", "已更正换发", "superseded"),
]
STATUS = {key: status for key, _, status in STATES}


def offer_on(page: httpx.Response) -> str:
    """Return what the hidden field of an answer's page holds."""
    assert page.status_code == 200
    (value,) = re.findall(r'<input type="hidden" name="answer" value="([^"]+)">', page.text)
    return html.unescape(value)


async def looked_up(client: Client, facts: Mapping[str, str]) -> httpx.Response:
    return await client.post("/lookup", data=dict(facts), headers=BROWSER)


async def scanned(client: Client, token: str) -> httpx.Response:
    return await client.get(f"/v/{token}", headers=BROWSER)


async def receipt_of(client: Client, page: httpx.Response) -> bytes:
    answer = await client.post("/receipt", data={"answer": offer_on(page)}, headers=BROWSER)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert re.fullmatch(
        r'attachment; filename="receipt-R\d{8}-[0-9A-Z]{10}\.pdf"', answer.headers["content-disposition"]
    )
    assert answer.headers["cache-control"] == "no-store"
    return answer.content


def text_of(file: bytes) -> str:
    return str(pypdfium2.PdfDocument(file)[0].get_textpage().get_text_range())


async def verdict_on(client: Client, file: bytes) -> dict[str, Any]:
    answer = await client.post("/api/v1/verifications", files={"file": ("r.pdf", file)})
    assert answer.status_code == 200
    verdict: dict[str, Any] = answer.json()
    assert verdict["certificate"] is None
    return verdict


@pytest.mark.parametrize(("key", "word", "status"), STATES)
async def test_a_lookup_gives_a_receipt_of_its_answer_that_verifies(
    client: Client, certificates: Certificates, key: str, word: str, status: str
) -> None:
    certificate = certificates[key]

    file = await receipt_of(client, await looked_up(client, certificate.facts("name", "idNumber")))

    text = text_of(file)
    assert word in text
    assert certificate.number in text
    assert [fact for fact in (certificate.name, certificate.id_number, certificate.phone) if fact in text] == []
    verdict = await verdict_on(client, file)
    assert list(verdict) == ["outcome", "checks", "certificate", "receipt"]
    assert verdict["outcome"] == "valid", [c for c in verdict["checks"] if c["detail"] != "NOT_OF_RECEIPTS"]
    states, (present,) = verdict["receipt"]["states"], verdict["receipt"]["now"]
    assert states["asked"].keys() == {"by", "name", "idNumber"}
    assert states["asked"]["idNumber"] == f"{certificate.id_number[0]}****************{certificate.id_number[-1]}"
    assert (states["certificates"][0]["status"], present["status"]) == (status, status)
    assert states["recheck"] == f"{PUBLIC_URL}/"
    assert certificate.name not in str(verdict)


@pytest.mark.parametrize(("key", "word", "status"), STATES)
async def test_a_qr_page_gives_a_receipt_that_leads_back_to_it(
    client: Client, certificates: Certificates, key: str, word: str, status: str
) -> None:
    certificate = certificates[key]

    file = await receipt_of(client, await scanned(client, certificate.token))

    text = text_of(file)
    assert word in text
    assert [fact for fact in (certificate.name, certificate.token) if fact in text] == []
    states = (await verdict_on(client, file))["receipt"]["states"]
    assert states["recheck"] == f"{PUBLIC_URL}/v/{certificate.token}"
    assert states["certificates"][0]["status"] == status
    assert states["certificates"][0]["holder"] != certificate.name


@pytest.mark.parametrize("token", [UNKNOWN, "x", "%22%3E%3Cscript%3E", "证书"])
async def test_a_code_that_opens_nothing_gives_one_too(client: Client, token: str) -> None:
    file = await receipt_of(client, await scanned(client, token))

    assert "未查询到" in text_of(file)
    assert "script" not in text_of(file)
    assert (await verdict_on(client, file))["receipt"]["states"]["outcome"] == "not_found"


async def test_not_found_looks_the_same_whatever_the_cause(client: Client, certificates: Certificates) -> None:
    valid, namesake = certificates["valid"], certificates["namesake-0"]
    questions = (
        {"name": namesake.name, "phone": namesake.phone},
        {"name": valid.name, "idNumber": namesake.id_number},
        {"name": "林无此人", "idNumber": namesake.id_number},
    )

    files = [await receipt_of(client, await looked_up(client, question)) for question in questions]

    stated = [(await verdict_on(client, file))["receipt"] for file in files]
    assert {(one["states"]["outcome"], len(one["states"]["certificates"]), len(one["now"])) for one in stated} == {
        ("not_found", 0, 0)
    }
    assert all("未查询到" in text_of(file) for file in files)


async def test_several_certificates_stand_on_one_receipt(client: Client, certificates: Certificates) -> None:
    person = certificates["twofold-0"]

    file = await receipt_of(client, await looked_up(client, person.facts("idNumber", "phone")))

    assert "查询到 2 份证书" in text_of(file)
    assert all(certificates[key].number in text_of(file) for key in ("twofold-0", "twofold-1"))
    assert "name" not in (await verdict_on(client, file))["receipt"]["states"]["asked"]


async def test_pressing_twice_gives_the_same_file_without_asking_the_register_again(
    server: EmbeddedServer, settings: Settings, database_name: str, certificates: Certificates
) -> None:
    async with asking(settings) as client:
        page = await looked_up(client, certificates["valid"].facts("name", "phone"))
        first = await receipt_of(client, page)
        await take_away(server, database_name)

        assert await receipt_of(client, page) == first


@pytest.mark.parametrize("answer", ["", "AAAA", "证书", "x" * 5000])
async def test_what_was_not_sealed_here_gives_no_receipt(client: Client, answer: str) -> None:
    page = await client.post("/receipt", data={"answer": answer}, headers=BROWSER)

    assert page.status_code == 400
    assert "没有收到完整的内容" in page.text


async def test_an_altered_answer_gives_no_receipt(client: Client, certificates: Certificates) -> None:
    offer = offer_on(await looked_up(client, certificates["revoked-exam_misconduct"].facts("name", "phone")))

    for altered in (offer[:-1], offer[:40] + ("A" if offer[40] != "A" else "B") + offer[41:]):
        assert (await client.post("/receipt", data={"answer": altered}, headers=BROWSER)).status_code == 400


async def test_an_old_answer_gives_no_receipt_and_says_what_to_do(
    client: Client, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = offer_on(await looked_up(client, certificates["valid"].facts("name", "phone")))
    monkeypatch.setattr(routes, "now", lambda: now() + OFFERED * 1.1)

    page = await client.post("/receipt", data={"answer": offer}, headers=BROWSER)

    assert page.status_code == 410
    assert "请重新查询" in page.text


@pytest.mark.parametrize(
    ("key", "word"), [("valid", "有效"), ("revoked-key_compromise", "已撤销"), ("old", "已更正换发")]
)
async def test_the_page_says_that_the_receipt_is_genuine_and_never_that_a_certificate_is_valid(
    client: Client, certificates: Certificates, key: str, word: str
) -> None:
    file = await receipt_of(client, await scanned(client, certificates[key].token))

    pages = [
        await client.post("/verify", files={"file": ("r.pdf", changed)}, headers=BROWSER)
        for changed in (file, file + b"%", file[:20_000] + bytes([file[20_000] ^ 1]) + file[20_001:])
    ]

    words = [re.findall(r'class="word">([^<]+)<', page.text) for page in pages]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert words[:2] == [["回执属实"], ["回执被改动"]]
    assert words[2] in (["回执被改动"], ["内容不符"])
    assert f'<b class="status is-{STATUS[key]}">{word}</b>' in pages[0].text
    assert "证书有效" not in "".join(page.text for page in pages)
    assert certificates[key].name not in "".join(page.text for page in pages)
    assert certificates[key].number not in pages[1].text


async def test_what_was_revoked_since_is_told_beside_what_was_stated(
    settings: Settings, certificates: Certificates, tmp_path: Path
) -> None:
    valid = certificates["valid"]
    async with asking(settings) as client:
        file = await receipt_of(client, await looked_up(client, valid.facts("name", "phone")))
        office = Office(settings, tmp_path)
        assert office.run("certificates", "revoke", valid.number, "--reason", "holder_request").code == 0

        verdict = await verdict_on(client, file)
        page = await client.post("/verify", files={"file": ("r.pdf", file)}, headers=BROWSER)

    assert verdict["outcome"] == "valid"
    assert verdict["receipt"]["states"]["certificates"][0]["status"] == "valid"
    (present,) = verdict["receipt"]["now"]
    assert (present["status"], present["statusReason"]) == ("revoked", "withdrawn")
    assert "回执属实" in page.text
    assert "有效</b>" in page.text
    assert "已撤销</b>" in page.text


async def test_the_answer_is_given_in_english_too(client: Client, certificates: Certificates) -> None:
    page = await client.post("/lookup?lang=en", data=certificates["valid"].facts("name", "phone"), headers=BROWSER)
    assert "Download the receipt" in page.text

    answer = await client.post(
        "/verify?lang=en", files={"file": ("r.pdf", await receipt_of(client, page))}, headers=BROWSER
    )

    assert "Receipt genuine" in answer.text


async def test_receipts_are_counted_apart_from_everything_else(site: Settings, certificates: Certificates) -> None:
    valid = certificates["valid"]
    limits = RateLimits("1/hour", "1/hour", "1000/second")
    async with asking(msgspec.structs.replace(site, rate_limits=limits)) as client:
        page = await looked_up(client, valid.facts("name", "phone"))
        await receipt_of(client, page)

        assert (await client.post("/receipt", data={"answer": offer_on(page)}, headers=BROWSER)).status_code == 429
        assert (await scanned(client, valid.token)).status_code == 200
        assert (await looked_up(client, valid.facts("name", "phone"))).status_code == 429


async def test_without_its_key_the_site_answers_and_offers_no_receipt(
    settings: Settings, certificates: Certificates
) -> None:
    for file in settings.key_dir.glob("*-r*.key"):
        file.unlink()

    async with asking(settings) as client:
        pages = [
            await looked_up(client, certificates["valid"].facts("name", "phone")),
            await scanned(client, certificates["valid"].token),
        ]

    assert all("证书有效" in page.text and "/receipt" not in page.text for page in pages)


async def test_after_a_rotation_old_answers_and_old_receipts_stand_and_after_a_theft_nobody_can_tell(
    settings: Settings, certificates: Certificates, tmp_path: Path
) -> None:
    office = Office(settings, tmp_path)
    async with asking(settings) as client:
        page = await looked_up(client, certificates["valid"].facts("name", "phone"))
        first = (await client.get("/.well-known/jwks.json")).json()["keys"][-1]["kid"]
        assert office.run("keys", "rotate", "receipt").code == 0
        after_rotation = await receipt_of(client, page)
        assert office.run("keys", "retire", first).code == 0
        assert (await verdict_on(client, after_rotation))["outcome"] == "valid"

        note = office.private("stolen")
        assert office.run("keys", "retire", first, "--compromised", "--note", note).code == 0
        assert (await verdict_on(client, after_rotation))["outcome"] == "unverifiable"
        told = await client.post("/verify", files={"file": ("r.pdf", after_rotation)}, headers=BROWSER)

    assert "无法确认这份回执" in told.text
