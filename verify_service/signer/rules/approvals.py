"""Whether an approval covers a certificate. Who records one is told by the database, never by the writer."""

from typing import Final

from verify_service.signer.model import Consent, Intent

OPERATOR_ROLE: Final = "verify_service_operator"
CONSOLE_ROLE: Final = "verify_service_console"


def reason_to_refuse(intent: Intent, approval: Consent) -> str | None:
    """Return what the approval lacks (`APPROVAL_ACTION`, `APPROVAL_MISSING`, `APPROVAL_OBJECT`), or None."""
    if approval.action != ("issue" if intent.supersedes is None else "correct"):
        return "APPROVAL_ACTION"
    if not _is_given(approval):
        return "APPROVAL_MISSING"
    return None if _covers(approval, intent) else "APPROVAL_OBJECT"


def _is_given(approval: Consent) -> bool:
    """One operator at the command line, whose role nobody else has; or two people who are not the same.

    Two people act in the console, on a proposal that names each certificate: its role alone can write none.
    """
    if approval.given_by == "operator":
        return approval.recorded_by == OPERATOR_ROLE and approval.second_actor is None
    return (
        approval.given_by == "two_people"
        and approval.second_actor not in {None, approval.actor}
        and approval.recorded_by == CONSOLE_ROLE
        and approval.object_type is not None  # two people agree on something, never on whatever comes
        and approval.proposed
    )


def _covers(approval: Consent, intent: Intent) -> bool:
    match approval.object_type:
        case None:  # recorded before approvals named their object
            return True
        case "cohort":
            return approval.object_id == str(intent.cohort_id)
        case "certificate":
            return intent.superseded_number is not None and approval.object_id == intent.superseded_number
    return False
