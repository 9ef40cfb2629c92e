"""An approval is one operator's or two people's, and the trail says whose hands made a change."""

import asyncpg
import pytest

from verify_service.audit.model import Actor, ApprovedObject, AuditEvent
from verify_service.audit.service import approve, record
from verify_service.database import Connection

TWO = Actor("issuer-1", "approver-1")
COHORT = ApprovedObject("cohort", "c1")


async def test_of_two_people_both_are_named_and_the_trail_names_both(superuser: Connection) -> None:
    given = await approve(superuser, TWO, "issue", about=COHORT)
    await record(superuser, TWO, AuditEvent("tested", "cohort", "c1"))

    row = await superuser.fetchrow(
        "select given_by, actor, second_actor from approval where approval_id = $1", given.approval_id
    )
    assert row is not None
    assert tuple(row) == ("two_people", "issuer-1", "approver-1")
    assert await superuser.fetchval("select actor from audit_event where action = 'tested'") == "issuer-1+approver-1"


async def test_two_people_agree_on_something(superuser: Connection) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await approve(superuser, TWO, "issue")


async def test_the_operator_cannot_speak_for_two(operator: Connection) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await approve(operator, TWO, "issue", about=COHORT)
