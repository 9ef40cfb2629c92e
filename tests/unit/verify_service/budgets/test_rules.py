"""Which buckets a question is counted in."""

import pytest

from tests.desks import ALLOWANCES, BUDGET_SECRET
from verify_service.budgets.model import Counted
from verify_service.budgets.rules import code_debits, debits, token_debits
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.sealing.model import SecretKey, SecretPurpose

NAME, ID_NUMBER, PHONE = "林一芳", "110000199001019704", "19411111111"


def buckets(**facts: str) -> dict[Counted, bytes]:
    return {debit.counted: debit.bucket for debit in debits(BUDGET_SECRET, Facts(**facts), ALLOWANCES)}


OF_A_CODE = {"CODE_ID_NUMBER", "CODE_PHONE"}


@pytest.mark.parametrize(
    ("facts", "counted"),
    [
        ({"name": NAME, "id_number": ID_NUMBER}, {"NAME_ID_PREFIX", "ID_NUMBER", "ID_PREFIX", "NAME"}),
        ({"name": NAME, "phone": PHONE}, {"NAME_PHONE_PREFIX", "PHONE", "PHONE_PREFIX", "NAME"}),
        ({"id_number": ID_NUMBER, "phone": PHONE}, {"ID_NUMBER", "PHONE", "ID_PREFIX", "PHONE_PREFIX"}),
        ({"name": NAME, "id_number": ID_NUMBER, "phone": PHONE}, {*Counted.__members__} - OF_A_CODE),
        ({"name": NAME}, {"NAME"}),
        ({}, set()),
    ],
)
def test_a_question_is_counted_by_every_pair_and_every_fact_it_tests(facts: dict[str, str], counted: set[str]) -> None:
    assert {each.name for each in buckets(**facts)} == counted


def test_another_ending_is_another_number_of_the_same_prefix() -> None:
    one, other = (buckets(name=NAME, id_number=ID_NUMBER[:14] + ending) for ending in ("9704", "9712"))

    assert {counted for counted in one if one[counted] == other[counted]} == {
        Counted.NAME_ID_PREFIX,
        Counted.ID_PREFIX,
        Counted.NAME,
    }


def test_another_spelling_of_a_name_is_the_same_name() -> None:
    assert buckets(name="迪丽拜尔·吐尔逊", phone=PHONE) == buckets(name="迪丽拜尔吐尔逊", phone=PHONE)


def test_buckets_are_in_the_order_they_are_locked_and_all_different() -> None:
    found = debits(BUDGET_SECRET, Facts(name=NAME, id_number=ID_NUMBER, phone=PHONE), ALLOWANCES)

    assert [debit.bucket for debit in found] == sorted({debit.bucket for debit in found})
    assert len(found) == 7


def test_another_secret_is_another_bucket() -> None:
    another = SecretKey(SecretPurpose.BUDGET, 2, bytes(32))

    assert {debit.bucket for debit in debits(another, Facts(name=NAME), ALLOWANCES)}.isdisjoint(
        buckets(name=NAME).values()
    )


def test_pairs_have_the_strictest_allowances() -> None:
    tries = {
        debit.counted: [(allowance.tries, allowance.window.days) for allowance in debit.allowances]
        for debit in debits(BUDGET_SECRET, Facts(name=NAME, id_number=ID_NUMBER, phone=PHONE), ALLOWANCES)
    }

    pair = [(5, 1), (10, 30), (30, 365)]
    assert tries == {
        Counted.NAME_ID_PREFIX: pair,
        Counted.NAME_PHONE_PREFIX: pair,
        Counted.ID_NUMBER: pair,
        Counted.PHONE: pair,
        Counted.ID_PREFIX: [(20, 1)],
        Counted.PHONE_PREFIX: [(50, 1)],
        Counted.NAME: [(200, 1)],
    }


@pytest.mark.parametrize(
    ("facts", "counted"),
    [
        ({"id_number": ID_NUMBER}, {"CODE_ID_NUMBER", "ID_NUMBER", "ID_PREFIX"}),
        ({"phone": PHONE}, {"CODE_PHONE", "PHONE", "PHONE_PREFIX"}),
        (
            {"id_number": ID_NUMBER, "phone": PHONE},
            {"ID_NUMBER", "PHONE", "ID_PREFIX", "PHONE_PREFIX", *OF_A_CODE},
        ),
    ],
)
def test_a_number_compared_with_a_code_is_counted_by_the_code_too(facts: dict[str, str], counted: set[str]) -> None:
    asked = token_debits(BUDGET_SECRET, "0123456789ABCDEF", Facts(**facts), ALLOWANCES)

    assert {debit.counted.name for debit in asked} == counted
    assert [debit.bucket for debit in asked] == sorted(debit.bucket for debit in asked)


def test_the_buckets_of_a_code_are_its_own() -> None:
    first, second = (
        code_debits(BUDGET_SECRET, token, ALLOWANCES) for token in ("0123456789ABCDEF", "0123456789ABCDEG")
    )

    assert len({debit.bucket for debit in (*first, *second)}) == 4
    assert {debit.allowances for debit in (*first, *second)} == {ALLOWANCES.pair}
