"""What checks of one artefact come to, with a register that says what it is told to."""

import datetime
from typing import Any

import msgspec
import pytest

from signing import TrustedKeys
from tests.artefacts import (
    ISSUED_AT,
    ISSUER,
    MASKED,
    STATEMENT,
    TOKEN,
    UNREACHABLE,
    URL,
    FakeAuthority,
    public_key,
    qr_text,
    record,
    registered,
    status_lists,
)
from verify_service.verification.model import Artefact, Verdict
from verify_service.verification.service.authority import NotAskedError
from verify_service.verification.service.checking import check

NOW = ISSUED_AT + datetime.timedelta(hours=1)
PLAIN = f"{URL}/v/{TOKEN}"
OFFLINE = NotAskedError()
OTHER_KEYS = TrustedKeys([public_key("2027-c1"), public_key("2027-q1")])
SIGNED = [Artefact(record=record()), Artefact(qr_texts=(qr_text(),)), Artefact((qr_text(),), record())]


def details(verdict: Verdict) -> dict[str, tuple[str, str]]:
    return {made.check: (made.outcome, made.detail) for made in verdict.checks}


@pytest.mark.parametrize("artefact", SIGNED)
@pytest.mark.parametrize("status", ["valid", "revoked", "superseded"])
async def test_what_is_signed_and_on_the_register_has_the_registers_status(artefact: Artefact, status: str) -> None:
    verdict = await check(artefact, FakeAuthority(registered(status)), NOW)

    assert verdict.outcome == status
    assert details(verdict)["registry"] == ("pass", "ON_REGISTER")
    assert verdict.certificate is not None
    assert (verdict.certificate.name, verdict.certificate.id_number_masked) == (STATEMENT.name, MASKED)


@pytest.mark.parametrize("artefact", SIGNED)
@pytest.mark.parametrize(
    ("found", "outcome", "registry"),
    [
        (None, "invalid", ("fail", "NOT_ON_REGISTER")),
        (registered(record=record(token="0000000000000000")), "unverifiable", ("error", "REGISTER_BROKEN")),
        (registered(record=record(seed=1)), "unverifiable", ("error", "REGISTER_BROKEN")),
        (registered(record=b""), "unverifiable", ("error", "REGISTER_BROKEN")),
        (registered(certificate_number="QMT20260001242"), "unverifiable", ("error", "REGISTER_BROKEN")),
        (UNREACHABLE, "unverifiable", ("error", "REGISTER_UNREACHABLE")),
        (OFFLINE, "valid", ("skipped", "NOT_ASKED")),
    ],
)
async def test_a_genuine_signature_is_worth_what_the_register_makes_of_it(
    artefact: Artefact, found: Exception | None, outcome: str, registry: tuple[str, str]
) -> None:
    verdict = await check(artefact, FakeAuthority(found), NOW)

    assert (verdict.outcome, details(verdict)["registry"]) == (outcome, registry)
    assert (verdict.certificate is None) == (registry[0] == "fail")


async def test_a_record_that_is_not_byte_for_byte_the_registers_is_invalid() -> None:
    verdict = await check(SIGNED[0], FakeAuthority(registered(record=record(title="另一标题"))), NOW)

    assert (verdict.outcome, details(verdict)["registry"]) == ("invalid", ("fail", "REGISTER_DIFFERS"))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "欧阳"},
        {"certificate_number": "QMT20260001242"},
        {"status_index": 1},
        {"issued_at": 1},
        {"kind_code": 2},
    ],
)
async def test_a_qr_code_that_says_other_than_the_register_is_invalid(changes: dict[str, Any]) -> None:
    verdict = await check(Artefact(qr_texts=(qr_text(**changes),)), FakeAuthority(registered()), NOW)

    assert (verdict.outcome, details(verdict)["registry"]) == ("invalid", ("fail", "REGISTER_DIFFERS"))


@pytest.mark.parametrize(
    ("found", "outcome", "signature"),
    [
        (registered(), "valid", ("pass", "SIGNED_BY_ISSUER")),
        (registered("revoked"), "revoked", ("pass", "SIGNED_BY_ISSUER")),
        (None, "not_found", ("skipped", "NOTHING_SIGNED")),
        (UNREACHABLE, "unverifiable", ("skipped", "NOTHING_SIGNED")),
        (OFFLINE, "unverifiable", ("skipped", "NOTHING_SIGNED")),
    ],
)
async def test_of_an_address_alone_the_register_decides(
    found: Exception | None, outcome: str, signature: tuple[str, str]
) -> None:
    verdict = await check(Artefact(qr_texts=(PLAIN,)), FakeAuthority(found), NOW)

    assert (verdict.outcome, details(verdict)["signature"]) == (outcome, signature)


async def test_the_register_is_not_asked_about_what_somebody_else_signed() -> None:
    authority = FakeAuthority(registered())

    verdict = await check(Artefact(record=record(seed=1)), authority, NOW)

    assert (verdict.outcome, verdict.certificate, authority.asked) == ("invalid", None, [])


@pytest.mark.parametrize("artefact", SIGNED)
@pytest.mark.parametrize(
    ("found", "outcome"),
    [(registered(), "valid"), (None, "invalid"), (OFFLINE, "unverifiable"), (UNREACHABLE, "unverifiable")],
)
async def test_a_compromised_keys_signature_counts_only_with_the_register(
    artefact: Artefact, found: Exception | None, outcome: str
) -> None:
    issuer = msgspec.structs.replace(ISSUER, compromised=frozenset({"2026-c1", "2026-q1"}))

    verdict = await check(artefact, FakeAuthority(found, issuer=issuer), NOW)

    assert verdict.outcome == outcome
    assert (verdict.certificate is None) == (outcome != "valid")


@pytest.mark.parametrize("artefact", SIGNED)
@pytest.mark.parametrize(
    ("lists", "outcome", "status"),
    [
        (status_lists(), "valid", ("pass", "VALID")),
        (status_lists("revocation"), "revoked", ("fail", "REVOKED")),
        (status_lists("revocation", "refresh"), "superseded", ("fail", "SUPERSEDED")),
        (status_lists(at=NOW - datetime.timedelta(days=1)), "unverifiable", ("error", "STATUS_LIST_STALE")),
        (status_lists(at=NOW + datetime.timedelta(seconds=1)), "unverifiable", ("error", "STATUS_LIST_STALE")),
        (status_lists(number=1), "unverifiable", ("error", "STATUS_LIST_MISSING")),
        (status_lists()[:1], "unverifiable", ("error", "STATUS_LIST_MISSING")),
        (status_lists(seed=1), "unverifiable", ("error", "STATUS_LIST_INVALID")),
        ((b"{}",), "unverifiable", ("error", "STATUS_LIST_INVALID")),
        (UNREACHABLE, "unverifiable", ("error", "STATUS_UNREACHABLE")),
    ],
)
async def test_without_the_register_the_status_lists_decide(
    artefact: Artefact, lists: tuple[bytes, ...], outcome: str, status: tuple[str, str]
) -> None:
    verdict = await check(artefact, FakeAuthority(OFFLINE, lists), NOW)

    assert (verdict.outcome, details(verdict)["status"]) == (outcome, status)


@pytest.mark.parametrize(
    ("registers", "lists", "outcome"),
    [
        ("valid", status_lists("revocation"), "revoked"),
        ("revoked", status_lists(), "revoked"),
        ("superseded", status_lists("revocation"), "revoked"),
        ("valid", status_lists(at=NOW - datetime.timedelta(days=2)), "unverifiable"),
        ("revoked", status_lists(at=NOW - datetime.timedelta(days=2)), "revoked"),
    ],
)
async def test_of_register_and_lists_the_worse_word_counts(
    registers: str, lists: tuple[bytes, ...], outcome: str
) -> None:
    verdict = await check(SIGNED[0], FakeAuthority(registered(registers), lists), NOW)

    assert verdict.outcome == outcome


async def test_a_revocation_is_known_also_while_the_register_is_down() -> None:
    verdict = await check(SIGNED[0], FakeAuthority(UNREACHABLE, status_lists("revocation")), NOW)

    assert verdict.outcome == "revoked"
