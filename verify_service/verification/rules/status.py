"""What became of a certificate, by signed status lists."""

import datetime
from collections.abc import Iterable
from typing import Final

from signing import (
    STATUS_LIST_ENTRIES,
    STATUS_PURPOSES,
    CredentialStatement,
    QrClaims,
    SigningError,
    StatusList,
    certificate_status,
    verify_status_list,
)
from verify_service.answers import Status
from verify_service.verification.model import Check, Issuer

REVOCATION, REFRESH = STATUS_PURPOSES
WORST_FIRST: Final = ("REVOKED", "SUPERSEDED")


def locate(statement: CredentialStatement | None, claims: QrClaims | None) -> tuple[int, int] | None:
    """Return list and position of a certificate, as its signed record or QR code says; None without either."""
    if statement is not None:
        return statement.status_list, statement.status_index
    return None if claims is None else divmod(claims.status_index, STATUS_LIST_ENTRIES)


def check_lists(lists: Iterable[bytes], position: tuple[int, int], issuer: Issuer, at: datetime.datetime) -> Check:
    """Return a certificate's status by the lists of its number, one for each purpose.

    A list that is missing, stale, not yet valid or not the issuer's answers nothing: the check is an `error`, never a
    pass. Lists of other numbers are passed over.
    """
    number, index = position
    try:
        verified = [verify_status_list(data, issuer.sound_keys, issuer.did) for data in lists]
    except SigningError:
        return Check("status", "error", "STATUS_LIST_INVALID")
    found = {status_list.purpose: status_list for status_list in verified if status_list.number == number}
    if found.keys() != set(STATUS_PURPOSES):
        return Check("status", "error", "STATUS_LIST_MISSING")
    if not all(_is_current(status_list, at) for status_list in found.values()):
        return Check("status", "error", "STATUS_LIST_STALE")
    return as_check(
        certificate_status(revocation=found[REVOCATION].is_set(index), refresh=found[REFRESH].is_set(index))
    )


def as_check(status: Status) -> Check:
    """Return the check of a status that is known."""
    return Check("status", "pass" if status == "valid" else "fail", status.upper())


def worse(first: Check, second: Check) -> Check:
    """Return the word that counts of two about one certificate: revoked, superseded, unknown, then valid."""
    return min(first, second, key=_rank)


def _rank(check: Check) -> int:
    if check.detail in WORST_FIRST:
        return WORST_FIRST.index(check.detail)
    return {"error": 2, "pass": 3}.get(check.outcome, 4)


def _is_current(status_list: StatusList, at: datetime.datetime) -> bool:
    return status_list.valid_from <= at < status_list.valid_until
