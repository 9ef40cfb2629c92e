"""Work cut off between its two halves: what is recorded stands, and nothing of it was signed."""

from collections.abc import Sequence

import msgspec
import pytest

from verify_service.clock import today_in_shanghai
from verify_service.cohorts.service import require_cohort
from verify_service.credentials.model import SigningResult
from verify_service.credentials.service.correcting import Correction, correct
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.issuing import issue_cohort


class _ProcessDiedError(Exception):
    """Stands for the process dying."""


class _DyingSigner:
    """A signer in whose hands the process dies, after so many looks that found nothing to sign."""

    def __init__(self, looks: int) -> None:
        self._looks = looks

    async def require_ready(self, key_ids: Sequence[str]) -> None:
        """Be ready."""

    async def sign_pending(self) -> SigningResult:
        """Find nothing, or die."""
        self._looks -= 1
        if self._looks < 0:
            raise _ProcessDiedError
        return SigningResult(0)

    async def publish_status(self) -> int:
        """Publish nothing."""
        return 0


async def record_unsigned(desk: Desk, cohort_code: str) -> None:
    """Issue to a cohort on whose first signature the process dies."""
    cohort_id = await require_cohort(desk.connection, cohort_code)

    with pytest.raises(_ProcessDiedError):
        await issue_cohort(msgspec.structs.replace(desk, signing=_DyingSigner(looks=1)), cohort_id)


async def correct_unsigned(desk: Desk, number: str, correction: Correction) -> None:
    """Correct a certificate, with the process dying before the new one is signed."""
    dying = msgspec.structs.replace(desk, signing=_DyingSigner(looks=0))

    with pytest.raises(_ProcessDiedError):
        await correct(dying, number, correction, today=today_in_shanghai())
