"""What single checks amount to."""

import pytest

from tests.artefacts import ISSUED_AT
from verify_service.clock import date_in_shanghai
from verify_service.verification.model import Check, ProvenCertificate
from verify_service.verification.rules.outcomes import ORDER, verdict

SIGNED = Check("signature", "pass", "SIGNED_BY_ISSUER")
VALID = Check("status", "pass", "VALID")
REVOKED = Check("status", "fail", "REVOKED")
SUPERSEDED = Check("status", "fail", "SUPERSEDED")
NOWHERE = Check("registry", "fail", "NOT_ON_REGISTER")
SILENT = Check("registry", "error", "REGISTER_UNREACHABLE")
ALTERED = Check("text", "fail", "NAME_DIFFERS")
PROVEN = ProvenCertificate("QMT20260001234", "欧阳堃喆", date_in_shanghai(ISSUED_AT))


@pytest.mark.parametrize(
    ("checks", "outcome", "is_shown"),
    [
        ([SIGNED, VALID], "valid", True),
        ([SIGNED], "valid", True),
        ([SIGNED, REVOKED], "revoked", True),
        ([SIGNED, SUPERSEDED], "superseded", True),
        ([SIGNED, REVOKED, SILENT], "revoked", True),
        ([SIGNED, VALID, SILENT], "unverifiable", True),
        ([SIGNED, Check("status", "error", "STATUS_LIST_STALE")], "unverifiable", True),
        ([SIGNED, ALTERED, SILENT], "invalid", True),
        ([SIGNED, REVOKED, ALTERED], "invalid", True),
        ([SIGNED, NOWHERE], "invalid", False),
        ([Check("signature", "fail", "SIGNATURE_BROKEN")], "invalid", False),
        ([Check("signature", "error", "KEY_COMPROMISED")], "unverifiable", False),
        ([Check("signature", "error", "KEYS_UNREACHABLE")], "unverifiable", False),
        ([Check("record", "fail", "NO_CERTIFICATE")], "invalid", False),
        ([Check("record", "error", "ARTEFACT_TIMED_OUT")], "unverifiable", False),
        ([NOWHERE], "not_found", False),
        ([SILENT], "unverifiable", False),
        ([], "unverifiable", False),
    ],
)
def test_checks_amount_to_one_outcome(checks: list[Check], outcome: str, *, is_shown: bool) -> None:
    made = verdict(checks, PROVEN)

    assert (made.outcome, made.certificate is not None) == (outcome, is_shown)


def test_every_check_is_named_once_also_those_that_were_not_made() -> None:
    made = verdict([VALID, SIGNED])

    assert tuple(check.check for check in made.checks) == ORDER
    assert len(ORDER) == 7
    assert [check.detail for check in made.checks if check.outcome == "skipped"] == ["NOT_REACHED"] * 5
