"""Everything the register `published` serves, fetched as anybody can, before judges that others wrote."""

import json
from typing import Any

import msgspec
import pytest
import rfc8785

from signing import PublicKey, TrustedKeys, canonicalize, parse_did_document, parse_jwks, parse_qr_text
from tests.databases import run_apart
from tests.integration.web.conftest import Client, asking
from tests.interop.judging import CONSORTIUM, JCS, RDFC, by_cwt, in_javascript
from tests.office import Office
from verify_service.settings import Settings

DID = "did:web:127.0.0.1%3A8000"


class Published(msgspec.Struct, frozen=True):
    """What the service gave out: records and twins as their bytes, QR codes as their texts, and all keys."""

    records: list[bytes]
    badges: list[bytes]
    qr_texts: list[str]
    keys: list[PublicKey]
    did_document: bytes


@pytest.fixture(scope="module")
def published(site: Settings, tmp_path_factory: pytest.TempPathFactory) -> Published:
    return run_apart(_fetch_all(site, Office(site, tmp_path_factory.mktemp("office")).list()))


async def _fetch_all(site: Settings, lines: list[dict[str, Any]]) -> Published:
    async with asking(site) as client:
        did_json, jwks_json = [(await client.get(f"/.well-known/{name}.json")).content for name in ("did", "jwks")]
        return Published(
            records=[await _fetch(client, line["token"], "record.json") for line in lines],
            badges=[await _fetch(client, line["token"], "openbadge.json") for line in lines],
            qr_texts=[line["qr"] for line in lines],
            keys=[*{*parse_did_document(did_json, DID), *parse_jwks(jwks_json)}],
            did_document=did_json,
        )


async def _fetch(client: Client, token: str, name: str) -> bytes:
    response = await client.get(f"/v/{token}/{name}")
    assert response.status_code == 200
    return response.content


def _by_javascript(published: Published, judge: str, documents: list[bytes]) -> list[str]:
    """Return why any was refused."""
    jobs = [{"judge": judge, "signed": document.decode()} for document in documents]
    keys = TrustedKeys(published.keys)
    answers = in_javascript(jobs, DID, keys, document_of_issuer=published.did_document)
    return [answer.reason for answer in answers if not answer.accepted]


def test_every_record_is_rfc_8785_as_an_independent_encoder_writes_it(published: Published) -> None:
    for record in published.records:
        document = json.loads(record)
        assert rfc8785.dumps(document) == canonicalize(document) == record


def test_every_record_is_accepted(published: Published) -> None:
    assert len(published.records) > 76
    assert _by_javascript(published, JCS, published.records) == []


@pytest.mark.parametrize("judge", [RDFC, CONSORTIUM])
def test_every_open_badge_is_accepted(published: Published, judge: str) -> None:
    assert len(published.badges) == len(published.records)
    assert _by_javascript(published, judge, published.badges) == []


def test_every_qr_code_is_accepted(published: Published) -> None:
    codes = [parse_qr_text(text)[2] for text in published.qr_texts]

    answers = by_cwt(codes, TrustedKeys(key for key in published.keys if key.cose_kid is not None))

    assert [answer.reason for answer in answers if not answer.accepted] == []
