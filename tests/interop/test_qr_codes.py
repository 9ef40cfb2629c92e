"""QR codes before three COSE libraries: all of ours accepted and read alike, every tampering refused."""

import json
from typing import Any

import cbor2
import pytest
from openvc import cbor as openvc_cbor
from openvc import cose as openvc_cose
from openvc.cbor import CborError
from openvc.cose import CoseError
from openvc.keys import KeyBackendError

from signing import decode_base64url, encode_base64url, jwks, parse_qr_text, parse_token
from tests.artefacts import DID, ISSUED_AT, ISSUER, STATEMENT, TOKEN, qr_text
from tests.interop.judging import COSE, Answer, by_cwt, in_javascript

NAMES = ["王芳", "𠮷野·𬱖", "阿卜杜热合曼·买买提艾力·吐尔逊江·艾合买提·阿不都"]
[JWK] = [jwk for jwk in json.loads(jwks(ISSUER.keys))["keys"] if "coseKid" in jwk]


def _cose(text: str) -> bytes:
    return parse_qr_text(text)[2]


def _by_auth0(codes: list[bytes]) -> list[Answer]:
    jobs = [{"judge": COSE, "signed": encode_base64url(code), "jwk": JWK} for code in codes]
    return in_javascript(jobs, DID, ISSUER.keys)


def _by_cwt(codes: list[bytes]) -> list[Answer]:
    return by_cwt(codes, ISSUER.keys)


def _by_openvc(codes: list[bytes]) -> list[Answer]:
    return [_openvc_answer(code) for code in codes]


def _openvc_answer(code: bytes) -> Answer:
    try:
        sign1 = openvc_cose.parse_sign1(openvc_cbor.decode(code))
        accepted = openvc_cose.verify_sign1(sign1, public_jwk=JWK)
    except (CborError, CoseError, KeyBackendError) as error:
        return Answer(accepted=False, reason=str(error))
    return Answer(accepted=accepted, payload=encode_base64url(sign1.payload or b""))


def _tampered(code: bytes) -> list[bytes]:
    """A flip in each part of what is signed and in the signature, other claims, and a code cut short."""
    tag = cbor2.loads(code)
    protected, unprotected, payload, signature = tag.value
    claims = cbor2.loads(payload)
    claims[-65537] = [1, "王小明", *claims[-65537][2:]]
    parts = [
        [protected, unprotected, cbor2.dumps(claims), signature],
        [protected.replace(b"\x00\x01", b"\x00\x02"), unprotected, payload, signature],
        [protected.replace(b"\x27", b"\x26"), unprotected, payload, signature],
        [protected, unprotected, payload, bytes(64)],
        [protected, unprotected, payload, signature[:63]],
    ]
    flips = [code[:place] + bytes([code[place] ^ 1]) + code[place + 1 :] for place in (6, 20, 40, len(code) - 1)]
    return [*flips, *(cbor2.dumps(cbor2.CBORTag(18, part)) for part in parts), code[:-1]]


@pytest.fixture(params=[_by_auth0, _by_cwt, _by_openvc], ids=["@auth0/cose", "cwt", "openvc-core"])
def judge(request: pytest.FixtureRequest) -> Any:  # noqa: ANN401  # a function of this module
    return request.param


def test_codes_are_accepted_and_read_as_they_were_meant(judge: Any) -> None:  # noqa: ANN401
    answers = judge([_cose(qr_text(name=name)) for name in NAMES])

    assert [answer.reason for answer in answers if not answer.accepted] == []
    assert [cbor2.loads(decode_base64url(answer.payload)) for answer in answers] == [
        {
            6: int(ISSUED_AT.timestamp()),
            7: parse_token(TOKEN),
            -65537: [1, name, STATEMENT.certificate_number, STATEMENT.status_index],
        }
        for name in NAMES
    ]


def test_every_tampering_is_refused(judge: Any) -> None:  # noqa: ANN401
    codes = [code for name in NAMES for code in _tampered(_cose(qr_text(name=name)))]

    assert [place for place, answer in enumerate(judge(codes)) if answer.accepted] == []


def test_a_code_of_another_key_under_our_kid_is_refused(judge: Any) -> None:  # noqa: ANN401
    [answer] = judge([_cose(qr_text(seed=1))])

    assert not answer.accepted
