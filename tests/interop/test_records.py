"""Records before Digital Bazaar's verifier: all of ours accepted, every tampering refused."""

import json
from typing import Any

from signing import TrustedKeys, did_document, parse_did_document
from tests.artefacts import DID, ISSUER, public_key, record
from tests.interop.judging import JCS, in_javascript

NOW = "2026-11-23T03:00:00Z"
STATEMENTS: list[dict[str, Any]] = [
    {},
    {"name": "𠮷野·𬱖"},
    {"name": "阿卜杜热合曼·买买提艾力·吐尔逊江·艾合买提·阿不都"},
    {"name": 'quotes " \\ / <>& and é, e\u0301, \u2028, \x00, \x1f, \x7f, \ufeff'},
    {"identity_type": "ext:passport"},
    {"photo_hash": "sha256$" + "0" * 64},
    {"status_list": 7, "status_index": 131_071},
]
DELETED = object()
TAMPERINGS: list[tuple[list[str | int], object]] = [
    (["name"], "另一证书"),
    (["credentialSubject", "identifier", 0, "identityHash"], "王小明"),
    (["credentialSubject", "identifier", 1, "identityHash"], "男"),
    (["credentialSubject", "identifier", 2, "identityHash"], "sha256$" + "f" * 64),
    (["credentialSubject", "licenseNumber"], "QMT20260001242"),
    (["credentialSubject", "achievement", "humanCode"], "online_host"),
    (["credentialStatus", 0, "statusListIndex"], "0"),
    (["credentialStatus", 1], DELETED),
    (["credentialStatus"], DELETED),
    (["validFrom"], "2020-01-01T00:00:00Z"),
    (["validUntil"], "2099-01-01T00:00:00Z"),
    (["issuer", "name"], "另一机构"),
    (["issuer", "id"], "did:web:elsewhere.example.cn"),
    (["relatedResource", "digestSRI"], "sha256-" + "B" * 43 + "="),
    (["@context"], ["https://www.w3.org/ns/credentials/v2"]),
    (["proof", "created"], "2026-11-23T02:00:01Z"),
    (["proof", "verificationMethod"], f"{DID}#2026-s1"),
    (["proof", "proofPurpose"], "authentication"),
    (["proof", "cryptosuite"], "eddsa-rdfc-2022"),
    (["proof", "proofValue"], "z" + "2" * 87),
    (["proof"], DELETED),
]


def _changed(signed: bytes, path: list[str | int], value: object) -> str:
    document = json.loads(signed)
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    if value is DELETED:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return json.dumps(document)


def _jobs(*signed: str) -> list[dict[str, Any]]:
    return [{"judge": JCS, "signed": one, "now": NOW} for one in signed]


def test_records_of_every_shape_are_accepted() -> None:
    answers = in_javascript(_jobs(*(record(**changes).decode() for changes in STATEMENTS)), DID, ISSUER.keys)

    assert [answer.reason for answer in answers if not answer.accepted] == []
    assert len(answers) == len(STATEMENTS)


def test_every_tampering_is_refused() -> None:
    genuine = record(photo_hash="sha256$" + "0" * 64)

    answers = in_javascript(_jobs(*(_changed(genuine, *tampering) for tampering in TAMPERINGS)), DID, ISSUER.keys)

    accepted = [path for (path, _), answer in zip(TAMPERINGS, answers, strict=True) if answer.accepted]
    assert accepted == []


def test_a_record_of_a_retired_key_is_accepted_as_long_as_the_key_is_published() -> None:
    signed = record("2025-c1").decode()
    keys = TrustedKeys([*ISSUER.keys, public_key("2025-c1")])

    kept, dropped = (in_javascript(_jobs(signed), DID, published)[0] for published in (keys, ISSUER.keys))

    assert (kept.accepted, dropped.accepted) == (True, False)


def test_a_key_that_is_published_but_not_authorised_proves_nothing() -> None:
    document = json.loads(did_document(DID, ISSUER.keys))
    document["assertionMethod"].remove(f"{DID}#2026-c1")

    published = json.dumps(document).encode()

    [answer] = in_javascript(_jobs(record().decode()), DID, ISSUER.keys, document_of_issuer=published)

    assert not answer.accepted
    assert {key.key_id for key in parse_did_document(published, DID)} == {"2026-s1"}
