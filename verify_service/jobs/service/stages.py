"""The stages of jobs: each yields after every batch, when whatever that batch did is committed.

What is left to do is asked of the register each time. So a stage that was cut off at any moment goes on where it was,
and one that two workers are at does nothing twice.
"""

import asyncio
from collections.abc import AsyncGenerator
from typing import Final
from uuid import UUID

from verify_service.audit.model import Approval, ApprovedObject
from verify_service.credentials.model import RevocationReason, SigningResult
from verify_service.credentials.queries.standing import find_by_ids
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.issuing import record_entries
from verify_service.credentials.service.revoking import revoke
from verify_service.database import Connection
from verify_service.documents.model import Edition, HeldCertificate
from verify_service.documents.service import printing
from verify_service.errors import ConflictError, UnavailableError
from verify_service.jobs.model import Job, Stage
from verify_service.jobs.queries import remaining
from verify_service.jobs.queries import working as queries
from verify_service.jobs.rules import payload_place
from verify_service.jobs.service.workshop import Workshop, actor_of
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects

SIGN_BATCH: Final = 250
"""About a second's work: whoever watches sees it move, and a pause does not wait."""
REVOKE_BATCH: Final = 50


def batches(workshop: Workshop, connection: Connection, job: Job, stage: Stage) -> AsyncGenerator[None, None]:
    """Return the batches of one stage."""
    return {Stage.SIGN: _sign, Stage.PRINT: _print, Stage.REVOKE: _revoke}[stage](workshop, connection, job)


async def _sign(workshop: Workshop, connection: Connection, job: Job) -> AsyncGenerator[None, None]:
    desk = await workshop.desk(connection, actor_of(job))
    approval = _approval(job)
    await desk.signing.sign_pending()  # what was cut off between recording and signing
    await queries.forget_signed(connection, job.job_id)
    signing: asyncio.Task[SigningResult] | None = None
    try:
        while batch := await remaining.find_unissued(connection, job.proposal_id, job.job_id, SIGN_BATCH):
            held = await record_entries(desk, batch, approval)
            await queries.add_held(connection, job.job_id, Stage.SIGN, held)
            if signing is not None:
                await signing
            # The signer, another process, signs this batch while the next is recorded.
            signing = asyncio.create_task(desk.signing.sign_pending())
            yield
    finally:
        if signing is not None:
            await signing
    await _settle_unsigned(desk, job)
    yield


def _approval(job: Job) -> Approval:
    assert job.approval_id is not None  # noqa: S101  # the table has none that issues without one
    return Approval(job.approval_id, "issue", actor_of(job), ApprovedObject("cohort", str(job.cohort_id)))


async def _settle_unsigned(desk: Desk, job: Job) -> None:
    """Note whom the signer refuses; raise `UnavailableError` where a signature may still come."""
    unsigned = await remaining.find_unsigned(desk.connection, job.proposal_id)
    if not unsigned:
        return
    codes = {one.number: one.code for one in (await desk.signing.sign_pending()).refused}
    unsigned = await remaining.find_unsigned(desk.connection, job.proposal_id)
    refused = {entry: codes[number] for number, entry in unsigned.items() if number in codes}
    await queries.add_held(desk.connection, job.job_id, Stage.SIGN, refused)
    if len(refused) < len(unsigned):
        raise UnavailableError("SIGNING_PENDING", "certificates are recorded and wait for the signer")


async def _print(workshop: Workshop, connection: Connection, job: Job) -> AsyncGenerator[None, None]:
    studio = await workshop.studio(connection, actor_of(job))
    while batch := await remaining.find_unprinted(connection, job.job_id, printing.BATCH):
        standings = await find_by_ids(connection, batch)
        printed = await printing.print_certificates(studio, standings, Edition.FULL)
        held: dict[UUID, str] = {
            standing.credential_id: one.reason
            for standing, one in zip(standings, printed, strict=True)
            if isinstance(one, HeldCertificate)
        }
        await queries.add_held(connection, job.job_id, Stage.PRINT, held)
        yield
    yield


async def _revoke(workshop: Workshop, connection: Connection, job: Job) -> AsyncGenerator[None, None]:
    secrets = workshop.directory.require_secrets()
    while batch := await remaining.find_unrevoked(connection, job.proposal_id, job.job_id, REVOKE_BATCH):
        held: dict[UUID, str] = {}
        for one in batch:
            try:
                await _revoke_one(connection, secrets, job, one)
            except ConflictError as error:
                held[one.credential_id] = error.code
        await queries.add_held(connection, job.job_id, Stage.REVOKE, held)
        yield
    yield  # the database has woken the signer, who publishes the status lists


async def _revoke_one(connection: Connection, secrets: Secrets, job: Job, one: remaining.Unrevoked) -> None:
    async with connection.transaction():
        people = await subjects.find_by_ids(connection, secrets, [one.subject_id])
        person = people.get(one.subject_id)
        note = None
        if one.sealed_payload is not None and person is not None:
            place = payload_place(job.proposal_id)
            note = person.cipher.open(one.sealed_payload, place, one.credential_id).decode()
        assert job.reason is not None  # noqa: S101  # the table has no proposal to revoke without one
        reason = RevocationReason(job.reason)
        await revoke(connection, secrets, actor_of(job), number=one.certificate_number, reason=reason, note=note)
        await remaining.empty_payload(connection, job.proposal_id, one.credential_id)
