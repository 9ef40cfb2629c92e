"""A solution counts for its own question until it expires, and nothing else does."""

import base64
import datetime
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desks import ALLOWANCES, BUDGET_SECRET
from tests.solving import solve
from verify_service.budgets.rules import debits
from verify_service.challenges import Challenge
from verify_service.clock import now
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.proofs_of_work.model import Proof
from verify_service.proofs_of_work.rules import LIFETIME, judge_solution, make_challenge

FACTS = Facts(name="赵无人", id_number="110000199001019704")
SECOND = datetime.timedelta(seconds=1)
OTHERS = [
    Facts(name="钱无人", id_number="110000199001019704"),
    Facts(name="赵无人", id_number="11000019900101981X"),
    Facts(name="赵无人", phone="19499999999"),
    Facts(name="赵无人", id_number="110000199001019704", phone="19499999999"),
    Facts(id_number="110000199001019704", phone="19499999999"),
]


def challenge(facts: Facts = FACTS, effort: int = 4, ago: datetime.timedelta = 0 * SECOND) -> Challenge:
    return make_challenge(BUDGET_SECRET, debits(BUDGET_SECRET, facts, ALLOWANCES), effort, now() - ago)


def judge(solution: str, facts: Facts = FACTS) -> Proof | None:
    return judge_solution(BUDGET_SECRET, debits(BUDGET_SECRET, facts, ALLOWANCES), solution)


def solved(made: Challenge) -> str:
    return solve(msgspec.to_builtins(made))


def unpack(solution: str) -> dict[str, Any]:
    unpacked: dict[str, Any] = json.loads(base64.b64decode(solution))
    return unpacked


def pack(unpacked: object) -> str:
    return base64.b64encode(json.dumps(unpacked).encode()).decode()


def test_a_solution_is_believed_and_named_by_its_challenge() -> None:
    made = challenge()

    proof = judge(solved(made))

    assert proof is not None
    assert proof.name.hex() == made.signature
    assert proof.expires_at.timestamp() == made.parameters.expires_at


def test_each_challenge_has_a_name_of_its_own() -> None:
    assert len({challenge().signature for _ in range(50)}) == 50


@pytest.mark.parametrize("other", OTHERS)
def test_a_solution_earns_nothing_for_another_question(other: Facts) -> None:
    assert judge(solved(challenge()), other) is None


def test_the_same_facts_spelt_otherwise_are_the_same_question() -> None:
    assert judge(
        solved(challenge(Facts(name="买买提·吐尔逊", phone="19499999999"))), Facts("买买提•吐尔逊", None, "19499999999")
    )


def test_nothing_of_the_question_stands_in_a_challenge() -> None:
    shown = msgspec.json.encode(challenge()).decode()

    asked = debits(BUDGET_SECRET, FACTS, ALLOWANCES)
    assert [debit.counted for debit in asked if debit.bucket.hex() in shown] == []


def test_an_expired_solution_earns_nothing() -> None:
    assert judge(solved(challenge(ago=LIFETIME - 60 * SECOND))) is not None
    assert judge(solved(challenge(ago=LIFETIME + 2 * SECOND))) is None


def _alter(member: str, value: object) -> Callable[[dict[str, Any]], None]:
    def alter(unpacked: dict[str, Any]) -> None:
        unpacked["challenge"]["parameters"][member] = value

    return alter


@pytest.mark.parametrize(
    "alter",
    [
        _alter("expiresAt", 4_102_444_800),
        _alter("cost", 1),
        _alter("keyPrefix", ""),
        _alter("keySignature", None),
        _alter("nonce", "00" * 16),
        _alter("data", {"more": 1}),
        lambda unpacked: unpacked["challenge"].update(signature="00" * 32),
        lambda unpacked: unpacked["challenge"].update(signature=unpacked["challenge"]["signature"].upper()),
        lambda unpacked: unpacked["challenge"].pop("signature"),
        lambda unpacked: unpacked["solution"].update(derivedKey="00" * 32),
        lambda unpacked: unpacked["solution"].update(derivedKey=None),
        lambda unpacked: unpacked.pop("solution"),
        lambda unpacked: unpacked.update(challenge=[]),
        lambda unpacked: unpacked.update(solution="a"),
    ],
)
def test_what_was_altered_earns_nothing(alter: Callable[[dict[str, Any]], Any]) -> None:
    unpacked = unpack(solved(challenge()))
    assert judge(pack(unpacked)) is not None

    alter(unpacked)

    assert judge(pack(unpacked)) is None


def test_an_unsolved_challenge_earns_nothing() -> None:
    made = msgspec.to_builtins(challenge())
    prefix = made["parameters"]["keyPrefix"]

    for derived in (prefix, prefix + "00" * 16):
        assert judge(pack({"challenge": made, "solution": {"counter": 0, "derivedKey": derived}})) is None


@given(
    st.text()
    | st.binary().map(lambda each: base64.b64encode(each).decode())
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["challenge", "solution", "parameters"]), inner)
        ),
    ).map(pack)
)
def test_whatever_else_is_handed_in_earns_nothing_and_raises_nothing(text: str) -> None:
    assert judge(text) is None


@pytest.mark.parametrize("depth", [10, 100_000])
def test_what_is_too_long_is_not_read(depth: int) -> None:
    assert judge(base64.b64encode(b"[" * depth).decode()) is None


@pytest.mark.parametrize("effort", [1, 2, 3, 40])
def test_the_work_is_the_effort_at_most_and_half_of_it_at_least(effort: int) -> None:
    counters = {unpack(solved(challenge(effort=effort)))["solution"]["counter"] for _ in range(20)}

    assert min(counters) >= effort // 2
    assert max(counters) <= effort
