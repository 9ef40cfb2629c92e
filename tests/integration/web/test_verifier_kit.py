"""`/keys` and `/kit/`: with what is served there anybody checks the certificates of this register, and offline."""

import hashlib
import json
import re
from collections.abc import Mapping

import pytest

from signing import KeyPurpose, decode_base64url, parse_key_id
from tests.integration.web.conftest import BROWSER, Client
from tests.kit.programs import KIT, PROGRAMS, Job, Keys, judge_all
from tests.registers import Certificate
from verify_service.clock import now

Certificates = Mapping[str, Certificate]
MEDIA_TYPES = {
    "verify.mjs": "text/javascript",
    "verify.py": "text/x-python",
    "FORMAT.md": "text/markdown",
    "vectors/certificate.json": "application/json",
}
STANDING = {"valid": "valid", "revoked-exam_misconduct": "revoked", "old": "superseded", "third": "valid"}


async def published_keys(client: Client) -> Keys:
    did, jwks = [(await client.get(f"/.well-known/{name}.json")).text for name in ("did", "jwks")]
    return Keys(did, jwks)


async def published_lists(client: Client) -> tuple[str, ...]:
    return tuple([(await client.get(f"/status/{purpose}/0")).text for purpose in ("revocation", "refresh")])


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_programs_agree_with_the_register_on_its_certificates(
    client: Client, certificates: Certificates, program: str
) -> None:
    keys, lists = await published_keys(client), await published_lists(client)
    records = [(await client.get(f"/v/{certificates[key].token}/record.json")).content for key in STANDING]
    texts = [certificates[key].qr.encode() for key in STANDING]

    verdicts = judge_all(program, keys, [Job(artefact, lists, now()) for artefact in (*records, *texts)])

    assert [verdict["outcome"] for verdict in verdicts] == [*STANDING.values()] * 2
    assert [verdict["certificate"]["name"] for verdict in verdicts] == [certificates[key].name for key in STANDING] * 2


@pytest.mark.parametrize(("name", "media_type"), MEDIA_TYPES.items())
async def test_each_file_is_open_to_any_origin_and_not_sent_twice(client: Client, name: str, media_type: str) -> None:
    response = await client.get(f"/kit/{name}")

    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert response.headers["access-control-allow-origin"] == "*"
    tag = response.headers["etag"]
    again = await client.get(f"/kit/{name}", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get(f"/kit/{name}", headers={"If-None-Match": '"other"'})).status_code == 200


async def test_the_programs_are_served_as_they_are_tested(client: Client) -> None:
    for program in PROGRAMS:
        assert (await client.get(f"/kit/{program}")).content == (KIT / program).read_bytes()


@pytest.mark.parametrize(
    "name",
    ["", "offline.mjs", "offline.css", "vectors", "vectors/nothing.json", "..%2fstatic%2fsite.css", "verify.pyc"],
)
async def test_nothing_else_is_served(client: Client, name: str) -> None:
    assert (await client.get(f"/kit/{name}")).status_code == 404


@pytest.mark.parametrize(("language", "active"), [("zh-CN", "使用中"), ("en", "in use")])
async def test_the_page_of_keys_names_each_with_its_fingerprint_and_state(
    client: Client, language: str, active: str
) -> None:
    keys = await published_keys(client)
    page = (await client.get("/keys", params={"lang": language}, headers=BROWSER)).text

    assert f'<html lang="{language}">' in page
    published = json.loads(keys.jwks)["keys"]
    shown = dict(re.findall(r'figures">([^<]+)</b>.*?<code>([0-9a-f ]+)</code>', page, re.DOTALL))
    assert page.count(active) == len(shown)
    notes = [key_id for key_id in shown if parse_key_id(key_id).purpose in {KeyPurpose.LOG, KeyPurpose.AUDIT}]
    assert len(notes) == 2  # `keys publish` has them as verifier keys; they sign no artefact of the kit's
    assert {key_id: shown[key_id].replace(" ", "") for key_id in shown if key_id not in notes} == {
        key["kid"]: hashlib.sha256(public_half(key)).hexdigest() for key in published
    }


def public_half(jwk: dict[str, str]) -> bytes:
    x = decode_base64url(jwk["x"])
    return x if jwk["kty"] == "OKP" else b"\4" + x + decode_base64url(jwk["y"])


async def test_every_download_of_the_page_of_keys_is_there(client: Client) -> None:
    page = (await client.get("/keys", headers=BROWSER)).text
    links = re.findall(r'href="([^"]+)" download="', page)

    assert len(links) == 8
    for link in links:
        assert (await client.get(link)).status_code == 200, link


async def test_the_offline_page_carries_everything_and_may_ask_nobody(client: Client) -> None:
    response = await client.get("/kit/offline.html", headers=BROWSER)

    page = response.text
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert not re.search(r"https?:|'self'|unsafe|connect-src", policy)
    assert policy.removesuffix("; frame-ancestors 'none'") in page.replace("&#39;", "'")
    assert not re.search(r'<(?:script|img|link|iframe)[^>]+(?:src|href)="(?!data:,")', page)
    carried = json.loads(re.findall(r'id="carried">(.*?)</script>', page, re.DOTALL)[0])
    keys = await published_keys(client)
    assert (carried["didDocument"], carried["jwks"]) == (keys.did, keys.jwks)
    assert tuple(carried["statusLists"]) == await published_lists(client)
    assert (KIT / "verify.mjs").read_text("utf-8") in page
