"""An approval is one operator's or two people's, and the trail says whose hands made a change."""

import asyncpg
import pytest

from verify_service.audit.model import Actor, ApprovedObject, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.database import Connection

TWO = Actor("issuer-1", "approver-1")
COHORT = ApprovedObject("cohort", "c1")


async def test_the_trail_names_both_of_two_people(operator: Connection) -> None:
    await record(operator, TWO, AuditEvent("tested", "cohort", "c1"))

    assert await operator.fetchval("select actor from audit_event") == "issuer-1+approver-1"


async def test_two_people_agree_on_something_that_was_proposed(superuser: Connection) -> None:
    for about in (None, COHORT):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no approved proposal"):
            await approve(superuser, TWO, "issue", about=about)


async def test_the_operator_cannot_speak_for_two(operator: Connection) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await approve(operator, TWO, "issue", about=COHORT)
