"""One proposes to issue, another approves exactly what is seen, a job issues exactly that."""

from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
import pytest

from tests.colleagues import Colleagues, add_colleague, at_once
from tests.factories import enrol_passed, trainees
from tests.integration.register.proposals.conftest import CLASS
from tests.integration.register.wholeness import require_whole
from verify_service.accounts.model import Role
from verify_service.audit.model import Actor, Approval
from verify_service.credentials.service.issuing import record_entries
from verify_service.database import Connection
from verify_service.errors import ConflictError, ServiceError
from verify_service.jobs.model import JobState, Stage
from verify_service.jobs.service.steering import cancel, get_progress, pause, resume
from verify_service.proposals.model import ProposalState, Rejection
from verify_service.proposals.rules import NotYoursError, PreviewChangedError, digest_of
from verify_service.proposals.service import deciding
from verify_service.proposals.service.class_previews import preview_issue
from verify_service.proposals.service.proposing import propose_issue
from verify_service.sealing.model import Secrets

LATE = """
insert into sitting (exam_entry_id, kind, held_on, conclusion)
select exam_entry_id, 'makeUp', '2026-04-14', 'passed' from sitting where conclusion = 'failed'
"""

ALONE = "insert into approval (approval_id, action, given_by, actor) values"


async def propose(colleagues: Colleagues, cohort_id: UUID) -> UUID:
    preview = await preview_issue(colleagues.reader, cohort_id)
    return await propose_issue(colleagues.reader, colleagues.issuer, cohort_id, digest_of(preview))


async def test_what_one_proposes_and_another_approves_is_issued_drawn_and_signed_for_both(
    colleagues: Colleagues, cohort_id: UUID, operator: Connection, secrets: Secrets
) -> None:
    proposal_id = await propose(colleagues, cohort_id)
    assert await operator.fetchval("select count(*) from credential") == 0

    outcome = await colleagues.approve(proposal_id)
    await colleagues.work()

    assert await require_whole(operator, secrets) == CLASS
    assert outcome.job_id is not None
    progress = await get_progress(colleagues.connection, outcome.job_id)
    assert progress.job.state is JobState.DONE
    assert {stage.stage: (stage.done, stage.total, stage.held) for stage in progress.stages} == {
        Stage.SIGN: (CLASS, CLASS, 0),
        Stage.PRINT: (CLASS, CLASS, 0),
    }
    approval = await operator.fetchrow(
        "select given_by, actor, second_actor, proposal_id from approval where action = 'issue'"
    )
    assert approval is not None
    assert tuple(approval) == ("two_people", "issuer-1", "approver-1", proposal_id)
    actors = await operator.fetch("select distinct actor from audit_event where action = 'credential_recorded'")
    assert [row["actor"] for row in actors] == ["issuer-1+approver-1"]


async def test_nobody_approves_their_own_proposal_whatever_roles_they_have(
    colleagues: Colleagues, cohort_id: UUID, operator: Connection
) -> None:
    everything = await add_colleague(operator, "everything", *(set(Role) - {Role.PARTNER}))
    preview = await preview_issue(colleagues.reader, cohort_id)
    proposal_id = await propose_issue(colleagues.reader, everything, cohort_id, digest_of(preview))

    with pytest.raises(NotYoursError, match="another person"):
        await colleagues.approve(proposal_id, everything)
    with pytest.raises(NotYoursError):
        await deciding.reject(colleagues.connection, everything, proposal_id, Rejection.NOT_NOW, at_once())
    with pytest.raises(asyncpg.CheckViolationError):
        await colleagues.connection.execute(
            "update proposal set state = 'approved', decided_by = proposed_by, decider = proposer"
        )
    assert await operator.fetchval("select state from proposal") == "open"


async def test_who_is_no_approver_any_more_is_refused_by_the_rule_and_by_the_database(
    colleagues: Colleagues, cohort_id: UUID, superuser: Connection
) -> None:
    proposal_id = await propose(colleagues, cohort_id)
    await superuser.execute("update account set roles = '{auditor}' where name = 'approver-1'")

    with pytest.raises(asyncpg.RestrictViolationError):  # the page's belief is old
        await colleagues.approve(proposal_id)
    with pytest.raises(NotYoursError, match="only an approver"):
        await colleagues.approve(proposal_id, msgspec.structs.replace(colleagues.approver, roles=frozenset()))


async def test_what_changed_since_it_was_shown_is_shown_anew_and_nothing_is_done(
    colleagues: Colleagues, cohort_id: UUID, operator: Connection
) -> None:
    await operator.execute(
        "update sitting set conclusion = 'failed'"
        " where exam_entry_id = (select exam_entry_id from sitting order by 1 limit 1)"
    )
    proposal_id = await propose(colleagues, cohort_id)
    shown = await colleagues.shown(proposal_id)
    await operator.execute(LATE)  # one more is eligible now

    with pytest.raises(PreviewChangedError):
        await deciding.approve(
            colleagues.reader, colleagues.approver, proposal_id, shown, desk_of=colleagues.desk, at=at_once()
        )
    outcome = await colleagues.approve(proposal_id)
    await colleagues.work()

    assert outcome.job_id is not None
    assert await operator.fetchval("select count(*) from credential") == CLASS - 1, "exactly the frozen ones"


async def test_a_proposal_is_undone_before_approval_and_never_after(colleagues: Colleagues, cohort_id: UUID) -> None:
    first = await propose(colleagues, cohort_id)
    with pytest.raises(ConflictError, match="another proposal"):
        await propose(colleagues, cohort_id)
    with pytest.raises(NotYoursError):
        await deciding.withdraw(colleagues.connection, colleagues.approver, first, at_once())
    await deciding.withdraw(colleagues.connection, colleagues.issuer, first, at_once())
    with pytest.raises(ConflictError, match="withdrawn already"):
        await colleagues.approve(first)

    second = await propose(colleagues, cohort_id)
    await colleagues.approve(second)

    with pytest.raises(ConflictError, match="approved already"):
        await deciding.withdraw(colleagues.connection, colleagues.issuer, second, at_once())
    assert (await deciding.get_proposal(colleagues.connection, first)).state is ProposalState.WITHDRAWN


async def test_a_job_is_cancelled_before_it_began_and_pauses_after(
    colleagues: Colleagues, cohort_id: UUID, operator: Connection
) -> None:
    outcome = await colleagues.approve(await propose(colleagues, cohort_id))
    job_id, connection = outcome.job_id, colleagues.connection
    assert job_id is not None
    actor = Actor("issuer-1")
    await pause(connection, actor, job_id)
    await colleagues.work()
    assert await operator.fetchval("select count(*) from credential") == 0, "a paused job waits"
    await resume(connection, actor, job_id)
    await colleagues.work()
    assert await operator.fetchval("select count(*) from credential") == CLASS

    for steer in (pause, resume, cancel):
        with pytest.raises(ConflictError):
            await steer(connection, actor, job_id)


async def test_a_cancelled_job_does_nothing(colleagues: Colleagues, cohort_id: UUID, operator: Connection) -> None:
    outcome = await colleagues.approve(await propose(colleagues, cohort_id))
    assert outcome.job_id is not None

    await cancel(colleagues.connection, Actor("issuer-1"), outcome.job_id)
    await colleagues.work()

    assert await operator.fetchval("select count(*) from credential") == 0


async def test_a_job_without_a_key_says_so_may_be_cancelled_and_goes_on_when_the_key_is_back(
    colleagues: Colleagues, cohort_id: UUID, operator: Connection, key_dir: Path
) -> None:
    outcome = await colleagues.approve(await propose(colleagues, cohort_id))
    assert outcome.job_id is not None
    away = key_dir / "field-1.key"
    away.rename(key_dir / "away")

    await colleagues.work()

    job = (await get_progress(colleagues.connection, outcome.job_id)).job
    assert (job.state, job.trouble) == (JobState.WAITING, "KEY_MISSING")
    assert job.started_at is None, "nothing was done: it may be cancelled"
    (key_dir / "away").rename(away)
    await colleagues.connection.execute("update job set retry_at = now()")
    await colleagues.work()
    job = (await get_progress(colleagues.connection, outcome.job_id)).job
    assert (job.state, job.trouble) == (JobState.DONE, None)
    assert await operator.fetchval("select count(*) from credential_signature") == CLASS


async def test_whoever_changed_between_approval_and_issue_is_held_with_the_reason(
    colleagues: Colleagues, cohort_id: UUID, operator: Connection, superuser: Connection
) -> None:
    outcome = await colleagues.approve(await propose(colleagues, cohort_id))
    await superuser.execute("delete from photo where photo_id = (select photo_id from photo order by 1 limit 1)")
    await operator.execute(
        "update sitting set conclusion = 'void'"
        " where exam_entry_id = (select exam_entry_id from sitting order by 1 desc limit 1)"
    )

    await colleagues.work()

    assert outcome.job_id is not None
    held = await operator.fetch("select reason from job_held order by object_id")
    assert [row["reason"] for row in held] == ["NO_PHOTO", "NOT_ELIGIBLE"]
    sign, printed = (await get_progress(colleagues.connection, outcome.job_id)).stages
    assert (sign.done, sign.held, printed.total, printed.done) == (CLASS - 2, 2, CLASS - 2, CLASS - 2)


@pytest.mark.parametrize(
    "statement",
    [
        f"{ALONE} (gen_random_uuid(), 'issue', 'operator', 'a')",
        f"{ALONE} (gen_random_uuid(), 'reissue_code', 'operator', 'a')",
        f"{ALONE} (gen_random_uuid(), 'issue', 'account', 'a')",
        f"{ALONE} (gen_random_uuid(), 'revoke', 'account', 'a')",
        f"{ALONE} (gen_random_uuid(), 'keys', 'account', 'a')",
        """
        insert into approval (approval_id, action, given_by, actor, second_actor, object_type, object_id)
        select gen_random_uuid(), 'issue', 'two_people', 'issuer-1', 'approver-1', 'cohort', object_id from proposal
        """,
        """
        insert into approval (approval_id, action, given_by, actor, second_actor, object_type, object_id)
        values (gen_random_uuid(), 'revoke', 'two_people', 'issuer-1', 'approver-1', 'certificate', 'QMT2026000001X')
        """,
        "insert into approval (approval_id, proposal_id) values (null, null)",
        "update proposal set proposer = 'somebody'",
        "insert into proposal_item (proposal_id, object_id) select proposal_id, object_id from proposal_item",
        "delete from proposal",
        "delete from proposal_item",
        "update job set proposal_id = null",
    ],
)
async def test_the_consoles_role_cannot_write_an_approval_that_nobody_gave(
    colleagues: Colleagues, cohort_id: UUID, statement: str
) -> None:
    await propose(colleagues, cohort_id)  # open: nobody approved it

    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UniqueViolationError)):
        await colleagues.connection.execute(statement)


async def test_an_approved_proposal_is_good_for_one_approval_and_nothing_is_added_to_it(
    colleagues: Colleagues, cohort_id: UUID, operator: Connection, secrets: Secrets
) -> None:
    await enrol_passed(operator, secrets, "C2", trainees(1, first=100))
    await colleagues.approve(await propose(colleagues, cohort_id))

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no approved proposal"):
        await colleagues.connection.execute(
            "insert into approval (approval_id, action, given_by, actor, second_actor, object_type, object_id)"
            " select gen_random_uuid(), 'issue', 'two_people', 'issuer-1', 'approver-1', 'cohort', object_id"
            "   from proposal"
        )
    with pytest.raises(asyncpg.RestrictViolationError, match="frozen"):
        await colleagues.connection.execute(
            "insert into proposal_item (proposal_id, object_id)"
            " select proposal_id, exam_entry_id from proposal, exam_entry"
            "  where exam_entry_id not in (select object_id from proposal_item)"
        )


async def test_the_signer_refuses_what_no_proposal_names(
    colleagues: Colleagues, cohort_id: UUID, operator: Connection, superuser: Connection
) -> None:
    await colleagues.approve(await propose(colleagues, cohort_id))
    await superuser.execute("set session_replication_role = replica")
    await superuser.execute(
        "delete from proposal_item where object_id = (select object_id from proposal_item order by 1 limit 1)"
    )
    approval_id = await operator.fetchval("select approval_id from approval where proposal_id is not null")
    entries = [row["exam_entry_id"] for row in await operator.fetch("select exam_entry_id from exam_entry")]
    desk = await colleagues.desk(Actor("issuer-1", "approver-1"))

    await record_entries(desk, entries, Approval(approval_id, "issue", desk.actor))

    assert [refused.code for refused in (await desk.signing.sign_pending()).refused] == ["APPROVAL_MISSING"]
    assert await operator.fetchval("select count(*) from credential_signature") == CLASS - 1


async def test_an_old_proposal_expires(colleagues: Colleagues, cohort_id: UUID, superuser: Connection) -> None:
    proposal_id = await propose(colleagues, cohort_id)
    await superuser.execute("set session_replication_role = replica")
    await superuser.execute("update proposal set proposed_at = now() - interval '15 days'")

    with pytest.raises(ServiceError, match="older than"):
        await colleagues.approve(proposal_id)
    for _ in range(2):  # as often as somebody looks
        await deciding.expire_old(colleagues.connection)

    assert (await deciding.get_proposal(colleagues.connection, proposal_id)).state is ProposalState.EXPIRED
    events = await superuser.fetch(
        "select actor, object_id, detail::text from audit_event where action = 'proposal_expired'"
    )
    assert [(event["actor"], event["object_id"]) for event in events] == [("consoles", str(proposal_id))]
    assert msgspec.json.decode(events[0]["detail"]) == {"action": "issue", "cohort": str(cohort_id)}
