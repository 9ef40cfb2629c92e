"""What single checks amount to."""

import typing
from collections.abc import Iterable
from typing import Final

from verify_service.verification.model import Check, CheckName, ProvenCertificate, Verdict, VerdictOutcome

ORDER: Final[tuple[CheckName, ...]] = typing.get_args(CheckName)
STATUSES: Final[dict[str, VerdictOutcome]] = {"REVOKED": "revoked", "SUPERSEDED": "superseded"}
"""The status checks that fail: the artefact is genuine, and no longer stands."""


def verdict(checks: Iterable[Check], certificate: ProvenCertificate | None = None) -> Verdict:
    """Return the verdict of checks; those not made because an earlier one settled the matter are `skipped`.

    No certificate is shown unless its signature counts and the register does not deny it.
    """
    made = {check.check: check for check in checks}
    every = tuple(made.get(name, Check(name, "skipped", "NOT_REACHED")) for name in ORDER)
    signature, registry = (_outcome(every, name) for name in ("signature", "registry"))
    is_proven = signature == "pass" and registry != "fail"
    return Verdict(outcome_of(every), every, certificate if is_proven else None)


def outcome_of(checks: tuple[Check, ...]) -> VerdictOutcome:
    """Return the outcome: a failed check outweighs the status, and both outweigh what could not be checked.

    `not_found` is only for what showed nothing signed, an address alone; `valid` needs a signature that counts.
    """
    failed = {check.check for check in checks if check.outcome == "fail"}
    if failed == {"registry"} and _outcome(checks, "signature") == "skipped":
        return "not_found"
    if failed - {"status"}:
        return "invalid"
    if failed:
        return STATUSES[next(check.detail for check in checks if check.check == "status")]
    if any(check.outcome == "error" for check in checks) or _outcome(checks, "signature") != "pass":
        return "unverifiable"
    return "valid"


def _outcome(checks: tuple[Check, ...], name: CheckName) -> str:
    return next(check.outcome for check in checks if check.check == name)
