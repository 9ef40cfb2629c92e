"""`receipt.json`: one spelling, and nothing in it that a reader does not know."""

import re

import msgspec
import pytest

from tests.artefacts import ISSUED_AT
from tests.receipts import ANSWERS
from verify_service.receipts.model import Receipt
from verify_service.receipts.rules.statements import new_number, read_receipt, write_receipt

WRITTEN = write_receipt(ANSWERS["valid"])


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_receipt_survives_the_round_trip(answer: Receipt) -> None:
    assert read_receipt(write_receipt(answer)) == answer


def test_its_members_are_those_that_are_documented() -> None:
    assert msgspec.json.decode(WRITTEN) == {
        "type": "CertificateCheckReceipt",
        "form": 1,
        "number": "R20261123-7H3K9QWXYZ",
        "issuer": {
            "did": "did:web:rz.example.cn",
            "name": "示例培训中心",
            "nameEnglish": "Sample Training Centre",
        },
        "asked": {"by": "facts", "name": "迪**逊", "idNumber": "1****************X", "phone": "1*********4"},
        "outcome": "found",
        "certificates": [
            {
                "title": "网络视听主播岗位合格证书",
                "number": "QHZ2026000001X",
                "issuedOn": "2026-11-20",
                "status": "valid",
            }
        ],
        "checkedAt": "2026-11-23T02:00:00Z",
        "freshUntil": "2026-11-24T02:00:00Z",
        "recheck": "https://rz.example.cn/",
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        WRITTEN + b" ",
        WRITTEN.replace(b'"form":1', b'"form":1.0'),
        WRITTEN.replace(b'"form":1', b'"form":1,"more":1'),
        WRITTEN.replace(b"CertificateCheckReceipt", b"Certificate"),
        WRITTEN.replace(b"2026-11-24T02", b"2036-11-24T02"),
        WRITTEN.replace(b'"status":"valid"', b'"status":"good"'),
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_anything_else_is_no_receipt(data: bytes) -> None:
    assert read_receipt(data) is None


def test_a_number_tells_the_day_in_shanghai_and_comes_once() -> None:
    numbers = {new_number(ISSUED_AT.replace(hour=17)) for _ in range(1000)}

    assert len(numbers) == 1000
    assert all(re.fullmatch(r"R20261124-[0-9A-HJKMNP-TV-Z]{10}", number) for number in numbers)
