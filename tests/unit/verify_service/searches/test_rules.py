"""One box: what a text is taken for."""

import datetime

import pytest

from verify_service.searches.model import Hint, Typed
from verify_service.searches.rules import recognise

TODAY = datetime.date(2026, 11, 28)
NAME, ID_NUMBER, PHONE = "林一芳", "110000199001019608", "19411111111"
CERTIFICATE = "QMT2026000002M"


def told(typed: Typed) -> tuple[str | None, str | None, str | None]:
    return typed.name, typed.facts.id_number, typed.phone


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME} {ID_NUMBER}",
        f"{ID_NUMBER}　{NAME}",
        f"{NAME}，{ID_NUMBER}",
        f"姓名：{NAME} 身份证号：{ID_NUMBER}",
        f"姓名:{NAME}\n身份证号码: {ID_NUMBER}",
        f"name={NAME}; ID number={ID_NUMBER}",
        "林一芳 １１００００１９９００１０１９６０８",
    ],
)
def test_a_name_and_an_id_number_in_any_order_with_or_without_labels(text: str) -> None:
    typed = recognise(text, TODAY)

    assert told(typed) == (NAME, ID_NUMBER, None)
    assert typed.kinds == ("name", "id_number")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{NAME} {PHONE}", (NAME, None, PHONE)),
        (f"手机：+86{PHONE} 姓名：{NAME}", (NAME, None, PHONE)),
        (f"{ID_NUMBER} {PHONE}", (None, ID_NUMBER, PHONE)),
        (f"{NAME} {ID_NUMBER} {PHONE}", (NAME, ID_NUMBER, PHONE)),
        (ID_NUMBER, (None, ID_NUMBER, None)),
        (PHONE, (None, None, PHONE)),
        ("Anna Maria Lee " + PHONE, ("Anna Maria Lee", None, PHONE)),
    ],
)
def test_any_facts_of_a_person(text: str, expected: tuple[str | None, ...]) -> None:
    assert told(recognise(text, TODAY)) == expected


@pytest.mark.parametrize(
    "text", [CERTIFICATE, CERTIFICATE.lower(), f" 证书编号：{CERTIFICATE} ", "ＱＭＴ2026０００００２Ｍ"]
)
def test_a_certificate_number(text: str) -> None:
    typed = recognise(text, TODAY)

    assert (typed.certificate_number, typed.kinds) == (CERTIFICATE, ())


@pytest.mark.parametrize("text", ["2026-11", "C1", "host", "某某职业技术学院", "Media College"])
def test_a_code_or_a_partner_is_looked_for_as_it_stands(text: str) -> None:
    assert recognise(text, TODAY).words == text


def test_what_holds_a_persons_number_beside_other_words_is_no_partner() -> None:
    assert recognise(f"{NAME} {ID_NUMBER}", TODAY).words == ""


@pytest.mark.parametrize(
    ("text", "hint"),
    [(ID_NUMBER[:-1] + "7", Hint.BAD_ID_NUMBER), ("QMT2026000002X", Hint.BAD_NUMBER)],
)
def test_a_slip_of_the_hand_is_told_of(text: str, hint: Hint) -> None:
    assert hint in recognise(text, TODAY).hints


@pytest.mark.parametrize("text", ["", " ", "：", "\x00", "😀", "a" * 10_000, "%' or 1=1 --"])
def test_nothing_that_is_typed_fails(text: str) -> None:
    typed = recognise(text, TODAY)

    assert (typed.certificate_number, typed.id_number, typed.phone) == (None, None, None)
