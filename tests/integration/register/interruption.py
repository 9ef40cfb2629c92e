"""Work cut off between its two halves: what is recorded stands, and nothing of it was signed."""

from unittest.mock import AsyncMock, patch

import pytest

from verify_service.clock import today_in_shanghai
from verify_service.cohorts.service import require_cohort
from verify_service.credentials.service import correcting, issuing
from verify_service.credentials.service.correcting import Correction, correct
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.issuing import issue_cohort


class _ProcessDiedError(Exception):
    """Stands for the process dying."""


async def record_unsigned(desk: Desk, cohort_code: str) -> None:
    """Issue to a cohort on whose first signature the process dies."""
    cohort_id = await require_cohort(desk.connection, cohort_code)

    with (
        patch.object(issuing, "sign_pending", AsyncMock(side_effect=[0, _ProcessDiedError])),
        pytest.raises(_ProcessDiedError),
    ):
        await issue_cohort(desk, cohort_id)


async def correct_unsigned(desk: Desk, number: str, correction: Correction) -> None:
    """Correct a certificate, with the process dying before the new one is signed."""
    with (
        patch.object(correcting, "sign_pending", AsyncMock(side_effect=_ProcessDiedError)),
        pytest.raises(_ProcessDiedError),
    ):
        await correct(desk, number, correction, today=today_in_shanghai())
