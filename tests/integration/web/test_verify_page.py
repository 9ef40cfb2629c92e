"""`/verify`: the forms, and the answers in words."""

from collections.abc import Mapping

import msgspec
import pytest

from tests.integration.web.artefacts import qr_picture
from tests.integration.web.conftest import BROWSER, Client, asking
from tests.integration.web.test_problems_over_http import take_away
from tests.registers import Certificate
from verify_service.embedded.server import EmbeddedServer
from verify_service.settings import RateLimits, Settings

Certificates = Mapping[str, Certificate]
ANSWERS = [("valid", "证书有效"), ("revoked-exam_misconduct", "证书已撤销"), ("old", "已更正换发")]


@pytest.mark.parametrize(("key", "words"), ANSWERS)
async def test_the_page_says_in_words_what_came_of_a_file_and_of_a_text(
    client: Client, certificates: Certificates, key: str, words: str
) -> None:
    certificate = certificates[key]

    for page in (
        await client.post("/verify", files={"file": ("a.png", qr_picture(certificate.qr))}, headers=BROWSER),
        await client.post("/verify", files={"qr": (None, certificate.qr)}, headers=BROWSER),
    ):
        assert page.status_code == 200
        assert f'class="word">{words}</h1>' in page.text
        assert certificate.name in page.text.replace("<wbr>", "")
        assert certificate.number in page.text
        assert certificate.id_number not in page.text
        assert certificate.token not in page.text


async def test_a_changed_record_reads_as_such_and_shows_nothing_of_itself(
    client: Client, certificates: Certificates
) -> None:
    valid = certificates["valid"]
    record = (await client.get(f"/v/{valid.token}/record.json")).text.replace(valid.name, "王冒名")

    page = await client.post("/verify", files={"file": ("a.json", record)}, headers=BROWSER)

    assert page.status_code == 200
    assert 'class="word">内容不符</h1>' in page.text
    assert [said for said in ("证书有效", "未查询到", "王冒名", valid.name) if said in page.text] == []


async def test_the_answer_is_given_in_english_too(client: Client, certificates: Certificates) -> None:
    page = await client.post("/verify?lang=en", files={"qr": (None, certificates["valid"].qr)}, headers=BROWSER)

    assert 'class="word">Certificate valid</h1>' in page.text
    assert "Digital signature" in page.text


@pytest.mark.parametrize(
    ("field", "words"), [({"file": ("", b"")}, "请先选择一个文件"), ({"qr": (None, "")}, "请先填写二维码的内容")]
)
async def test_an_empty_form_comes_back_with_the_reason_beside_its_field(
    client: Client, field: dict[str, tuple[str | None, bytes | str]], words: str
) -> None:
    (name,) = field
    body = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename=""\r\n\r\n\r\n--b--\r\n'
    headers = {**BROWSER, "Content-Type": "multipart/form-data; boundary=b"}

    page = await client.post("/verify", content=body.encode(), headers=headers)

    assert page.status_code == 400
    assert words in page.text
    assert page.text.count('aria-invalid="true"') == 1


async def test_a_form_that_is_none_of_ours_is_answered_with_a_page(client: Client) -> None:
    page = await client.post("/verify", files={"other": ("a", b"a")}, headers=BROWSER)

    assert page.status_code == 400
    assert "没有收到完整的内容" in page.text


async def test_without_its_database_the_page_says_that_it_cannot_tell(
    server: EmbeddedServer, settings: Settings, database_name: str, certificates: Certificates
) -> None:
    valid = certificates["valid"]
    async with asking(settings) as client:
        assert (await client.get("/verify", headers=BROWSER)).status_code == 200
        await take_away(server, database_name)

        page = await client.post("/verify", files={"file": ("a.png", qr_picture(valid.qr))}, headers=BROWSER)

    assert page.status_code == 503
    assert int(page.headers["retry-after"]) > 0
    assert 'class="word">暂时无法核验</h1>' in page.text
    assert [said for said in ("证书有效", "内容不符", "未查询到") if said in page.text] == []


async def test_checks_are_counted_apart_from_lookups_and_scans(site: Settings, certificates: Certificates) -> None:
    valid = certificates["valid"]
    limits = RateLimits("1/hour", "1/hour", "1000/second")
    async with asking(msgspec.structs.replace(site, rate_limits=limits)) as client:
        spent = [await client.post("/verify", files={"qr": (None, valid.qr)}, headers=BROWSER) for _ in range(2)]

        assert [page.status_code for page in spent] == [200, 429]
        assert (await client.post("/api/v1/verifications", json={"qr": valid.qr})).status_code == 429
        assert (await client.get("/verify", headers=BROWSER)).status_code == 200
        assert (await client.get(f"/v/{valid.token}", headers=BROWSER)).status_code == 200
        assert (await client.post("/api/v1/lookups", json=valid.facts("name", "phone"))).status_code == 200
