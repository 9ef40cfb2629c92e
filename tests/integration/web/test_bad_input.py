"""Whatever is typed or sent: the right field is named, the status is right, and the page stays as calm as ever."""

import html
import re
import socket
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from tests.factories import trainee
from tests.integration.web.conftest import BROWSER, Client
from tests.registers import Certificate
from tests.serving import Serving, serving
from verify_service.settings import Settings

Certificates = Mapping[str, Certificate]
SOMEBODY = trainee(901)
FULL_WIDTH = str.maketrans("0123456789X+-", "０１２３４５６７８９Ｘ＋－")
FORM = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded"}
GOOD = {"name": SOMEBODY.name, "idNumber": SOMEBODY.id_number, "phone": SOMEBODY.phone}
WRONG = {
    "an emoji in the name": ({"name": f"{SOMEBODY.name}😀"}, ["name"]),
    "a pasted label": ({"name": f"姓名：{SOMEBODY.name}"}, ["name"]),
    "labels on two fields": (
        {"name": f"姓名：{SOMEBODY.name}", "idNumber": f"身份证号：{SOMEBODY.id_number}"},
        ["name", "idNumber"],
    ),
    "three wrong fields": (
        {"name": "林1雯", "idNumber": "9080706050", "phone": "9080706"},
        ["name", "idNumber", "phone"],
    ),
    "a name in Zalgo": ({"name": SOMEBODY.name + "\u0300" * 50}, ["name"]),
    "nothing but marks": ({"phone": "--- ---"}, ["phone"]),
    "an ID number of 40 digits": ({"idNumber": "1" * 40}, ["idNumber"]),
    "a phone abroad": ({"phone": "+44 20 7946 0000"}, ["phone"]),
    "a name of 10,000 characters": ({"name": "林" * 1_600}, ["name"]),
}


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_field_that_is_wrong_is_named_beside_it_and_what_was_typed_is_not_repeated(
    client: Client, what: str, language: str
) -> None:
    changed, named = WRONG[what]

    page = await client.post("/lookup", params={"lang": language}, data={**GOOD, **changed}, headers=BROWSER)

    assert page.status_code == 400
    assert re.findall(r'id="error-(\w+)"', page.text) == named
    assert re.findall(r'<a href="#(\w+)">', page.text) == named
    assert not [typed for typed in changed.values() if html.escape(typed) in page.text]
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize(
    "spelt",
    [
        lambda text: text.translate(FULL_WIDTH),
        lambda text: f"  {text}\u3000",
        lambda text: " ".join((text[:3], text[3:7], text[7:])),
        lambda text: f"\u200b{text[:4]}\u202e{text[4:]}\ufeff",
    ],
    ids=["full width", "blanks around", "blanks within", "characters nobody sees"],
)
async def test_other_spellings_of_the_same_find_the_same(
    client: Client, certificates: Certificates, spelt: object
) -> None:
    assert callable(spelt)
    valid = certificates["valid"]
    facts = {"idNumber": spelt(valid.id_number), "phone": spelt(valid.phone)}

    page = await client.post("/lookup", data=facts, headers=BROWSER)

    assert page.status_code == 200
    assert "证书有效" in page.text


@pytest.mark.parametrize(
    ("headers", "body", "status", "words"),
    [
        (FORM, b"name=a&phone=" + b"1" * 10_485_760, 413, "提交的内容过大"),
        (FORM, b"", 400, "至少填写两项"),
        (FORM, b"name=%FF%FE&phone=19400000009", 400, "重新输入这个字"),
        (FORM, b"name=%00&phone=19400000009", 400, "不允许的字符"),
        (FORM, b"&" * 16_000, 400, "至少填写两项"),
        (BROWSER, b"name=a", 415, "格式不支持"),
        ({**BROWSER, "Content-Type": "application/xml"}, b"<a/>", 415, "格式不支持"),
        ({**FORM, "Content-Length": "1"}, b"n", 400, "至少填写两项"),
    ],
    ids=["10 MB", "nothing", "no UTF-8", "a zero byte", "empty fields", "no type", "XML", "one byte"],
)
async def test_a_body_that_cannot_be_used_is_answered_with_a_page_of_ours(
    client: Client, headers: Mapping[str, str], body: bytes, status: int, words: str
) -> None:
    page = await client.post("/lookup", content=body, headers=headers)

    assert page.status_code == status
    assert words in page.text
    assert 'class="brand"' in page.text


@pytest.fixture(scope="module")
def served(site: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(site, tmp_path_factory.mktemp("slow")) as served:
        yield served


def test_a_body_that_comes_byte_by_byte_keeps_nobody_waiting_and_is_answered_at_its_end(
    served: Serving, certificates: Certificates
) -> None:
    address = urlsplit(served.url)
    assert address.hostname
    assert address.port
    body = urlencode(certificates["valid"].facts("name", "phone")).encode()
    head = f"POST /lookup HTTP/1.1\r\nHost: {address.netloc}\r\nAccept: text/html\r\nConnection: close\r\n"
    kind = f"Content-Type: {FORM['Content-Type']}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=30) as slow, served.client() as other:
        slow.sendall((head + kind).encode())
        for byte in body[:-1]:
            slow.sendall(bytes([byte]))
        assert other.get("/", headers=BROWSER).status_code == httpx.codes.OK
        slow.sendall(body[-1:])
        with slow.makefile("rb") as answered:
            answer = answered.read()

    assert answer.startswith(b"HTTP/1.1 200")


def test_whoever_leaves_amid_a_body_leaves_no_fault_behind(served: Serving) -> None:
    address = urlsplit(served.url)
    assert address.hostname
    assert address.port
    with socket.create_connection((address.hostname, address.port), timeout=30) as leaving:
        leaving.sendall(b"POST /lookup HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n")
        leaving.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\nname=")

    with served.client() as other:
        assert other.get("/", headers=BROWSER).status_code == httpx.codes.OK
    assert "request_failed" not in served.log.read_text()
