"""An approval covers what it names, was given by somebody who may, and for what is done."""

from uuid import UUID

import msgspec
import pytest

from tests.unit.verify_service.signer.rules.conftest import CONSENT, INTENT
from verify_service.signer.rules.approvals import reason_to_refuse

TWO_PEOPLE = msgspec.structs.replace(
    CONSENT, given_by="two_people", second_actor="bob", recorded_by="verify_service_console", proposed=True
)
CORRECTING = msgspec.structs.replace(INTENT, supersedes=UUID(int=9), superseded_number="QMT2026000002M")
FOR_CORRECTION = msgspec.structs.replace(
    CONSENT, action="correct", object_type="certificate", object_id="QMT2026000002M"
)


@pytest.mark.parametrize(
    ("intent", "approval"),
    [
        (INTENT, CONSENT),
        (INTENT, TWO_PEOPLE),
        (INTENT, msgspec.structs.replace(CONSENT, object_type=None, object_id=None)),
        (CORRECTING, FOR_CORRECTION),
    ],
)
def test_what_was_approved_is_not_refused(intent: object, approval: object) -> None:
    assert reason_to_refuse(intent, approval) is None  # type: ignore[arg-type]  # the pairs above


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"action": "correct"}, "APPROVAL_ACTION"),
        ({"action": "revoke"}, "APPROVAL_ACTION"),
        ({"action": "keys"}, "APPROVAL_ACTION"),
        ({"recorded_by": "verify_service_web"}, "APPROVAL_MISSING"),
        ({"recorded_by": "verify_service_signer"}, "APPROVAL_MISSING"),
        ({"recorded_by": "postgres"}, "APPROVAL_MISSING"),
        ({"second_actor": "bob"}, "APPROVAL_MISSING"),
        ({"given_by": "nobody"}, "APPROVAL_MISSING"),
        ({"given_by": "two_people"}, "APPROVAL_MISSING"),
        ({"given_by": "two_people", "second_actor": "ann"}, "APPROVAL_MISSING"),
        (
            {"given_by": "two_people", "second_actor": "bob", "object_type": None, "object_id": None},
            "APPROVAL_MISSING",
        ),
        ({"object_id": str(UUID(int=99))}, "APPROVAL_OBJECT"),
        ({"object_type": "certificate", "object_id": INTENT.certificate_number}, "APPROVAL_OBJECT"),
        ({"object_type": "everything"}, "APPROVAL_OBJECT"),
    ],
)
def test_what_was_not_approved_is_refused_with_the_reason(changes: dict[str, str | None], code: str) -> None:
    assert reason_to_refuse(INTENT, msgspec.structs.replace(CONSENT, **changes)) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"proposed": False},
        {"second_actor": None},
        {"second_actor": "ann"},
        {"object_type": None, "object_id": None},
        {"recorded_by": "verify_service_operator"},
        {"recorded_by": "verify_service_portal"},
        {"given_by": "account"},
    ],
)
def test_two_people_need_a_proposal_that_names_the_certificate(changes: dict[str, object]) -> None:
    assert reason_to_refuse(INTENT, msgspec.structs.replace(TWO_PEOPLE, **changes)) == "APPROVAL_MISSING"


def test_a_correction_needs_an_approval_of_that_certificate() -> None:
    of_another = msgspec.structs.replace(FOR_CORRECTION, object_id="QMT2026000003K")

    assert reason_to_refuse(CORRECTING, CONSENT) == "APPROVAL_ACTION"
    assert reason_to_refuse(CORRECTING, of_another) == "APPROVAL_OBJECT"
