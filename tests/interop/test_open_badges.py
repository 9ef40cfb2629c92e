"""Open Badges twins before the verifiers that wallets for Open Badges use: they check the RDF, not the JSON."""

import json
from typing import Any

import pytest

from signing import badge_from_record, sign_badge
from tests.artefacts import DID, ISSUER, record, signer
from tests.interop.judging import CONSORTIUM, JCS, RDFC, Answer, in_javascript

NOW = "2026-11-23T03:00:00Z"
STATEMENTS: list[dict[str, Any]] = [
    {},
    {"name": "𠮷野·𬱖"},
    {"name": 'quotes " \\ / and é, e\u0301, \u2028, \t, \n, \x1f, \x7f'},
    {"identity_type": "ext:passport"},
    {"photo_hash": "sha256$" + "0" * 64},
]

TAMPERINGS = [
    ("欧阳堃喆", "欧阳堃吉"),
    ('"女"', '"男"'),
    ("QMT20260001234", "QMT20260001242"),
    ("2026-11-23T02:00:00Z", "2026-11-23T02:00:01Z"),
    ('"hashed":true', '"hashed":false'),
    ('"statusListIndex":"94567"', '"statusListIndex":"0"'),
    ("#2026-c1", "#2026-s1"),
    ("OpenBadgeCredential", "VerifiableCredential"),
]


def _twin(seed: int = 0, **changes: Any) -> str:  # noqa: ANN401  # any field's
    signed = record(seed=seed, **changes)
    return badge_from_record(signed, sign_badge(signed, signer("2026-c1", seed))).decode()


def _ask(judge: str, *badges: str) -> list[Answer]:
    return in_javascript([{"judge": judge, "signed": badge, "now": NOW} for badge in badges], DID, ISSUER.keys)


@pytest.fixture(params=[RDFC, CONSORTIUM])
def judge(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_twins_of_every_shape_are_accepted(judge: str) -> None:
    answers = _ask(judge, *(_twin(**changes) for changes in STATEMENTS))

    assert [answer.reason for answer in answers if not answer.accepted] == []


def test_every_tampering_is_refused(judge: str) -> None:
    twin = _twin()
    changed = [twin.replace(old, new) for old, new in TAMPERINGS]
    with_an_undefined_member = json.dumps(json.loads(twin) | {"grade": "A"})
    assert twin not in changed

    answers = _ask(judge, *changed, with_an_undefined_member)

    assert [place for place, answer in enumerate(answers) if answer.accepted] == []


def test_a_twin_of_a_key_that_is_not_published_is_refused(judge: str) -> None:
    [answer] = _ask(judge, _twin(seed=1))

    assert not answer.accepted


def test_the_two_proofs_do_not_pass_for_each_other() -> None:
    twin, signed = json.loads(_twin()), json.loads(record())
    twin_value, record_value = twin["proof"]["proofValue"], signed["proof"]["proofValue"]
    twin["proof"]["proofValue"], signed["proof"]["proofValue"] = record_value, twin_value

    answers = [*_ask(RDFC, json.dumps(twin)), *_ask(CONSORTIUM, json.dumps(twin)), *_ask(JCS, json.dumps(signed))]

    assert [answer.accepted for answer in answers] == [False, False, False]
