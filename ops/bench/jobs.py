"""A class issued by a job, as the console does it: proposed, approved, signed, then drawn and looked at."""

import asyncio
import os
import time
from typing import Final

from ops.bench.ground import PUBLIC_URL, as_operator, ground
from ops.bench.issuing import enrol_class
from verify_service.accounts.model import Role
from verify_service.audit.model import Actor
from verify_service.cli.session import OperatorSession
from verify_service.clock import now, today_in_shanghai
from verify_service.credentials.service.desk import Desk
from verify_service.database import connected, new_row_id
from verify_service.jobs.model import Stage
from verify_service.jobs.service.running import work_on_next
from verify_service.jobs.service.steering import get_progress, pause
from verify_service.jobs.service.workshop import open_workshop
from verify_service.name_faces import load_name_faces
from verify_service.proposals.model import Party
from verify_service.proposals.rules import digest_of
from verify_service.proposals.service.class_previews import Reader, preview_issue
from verify_service.proposals.service.deciding import Instant, approve, get_proposal, preview
from verify_service.proposals.service.proposing import propose_issue
from verify_service.settings import PREFIX
from verify_service.signer.service.locating import socket_path
from verify_service.supervision import Companion, companions_beside
from verify_service.unix_sockets import is_listening

CLASS: Final = 3_000
DRAWN: Final = 320
"""So many files are drawn and looked at; then the job is paused: a rate needs no more."""
INSERT_ACCOUNT: Final = "insert into account (account_id, name, roles) values ($1, $2, $3)"


def main(count: int = CLASS, drawn: int = DRAWN) -> None:
    """Print seconds of the preview, and certificates a second of each stage, beside somebody who watches."""
    with ground() as (settings, urls):

        async def job(session: OperatorSession) -> None:
            cohort_id = await enrol_class(session, count)
            async with connected(urls.console, "CONSOLE_DATABASE_URL") as connection:
                reader = Reader(connection, session.secrets(), load_name_faces(settings).missing)
                issuer, approver = await _add(session, Role.ISSUER), await _add(session, Role.APPROVER)
                started = time.perf_counter()
                shown = digest_of(await preview_issue(reader, cohort_id))
                seen = time.perf_counter() - started
                proposal_id = await propose_issue(reader, issuer, cohort_id, shown)
                at = Instant(now(), today_in_shanghai())
                proposal = await get_proposal(connection, proposal_id)
                shown = digest_of(await preview(reader, proposal, at.today), proposal_id)
                outcome = await approve(reader, approver, proposal_id, shown, desk_of=_no_desk, at=at)
                assert outcome.job_id is not None
                workshop = open_workshop(settings, urls.signer)
                seen_done, cpu, before = set[int](), dict[Stage, float](), time.process_time()
                working = asyncio.create_task(work_on_next(workshop, connection))
                async with connected(urls.console, "CONSOLE_DATABASE_URL") as watching:
                    while not working.done():
                        await asyncio.wait([working], timeout=0.5)
                        sign, printed = (await get_progress(watching, outcome.job_id)).stages
                        seen_done.add(sign.done)
                        if sign.ended_at is not None and Stage.SIGN not in cpu:
                            cpu[Stage.SIGN], before = time.process_time() - before, time.process_time()
                        if printed.done >= min(drawn, count) and not working.done():
                            await pause(watching, Actor(issuer.name), outcome.job_id)
                            await working
                    sign, printed = (await get_progress(watching, outcome.job_id)).stages
                    cpu[Stage.PRINT] = time.process_time() - before
            assert (sign.done, sign.held, printed.held) == (count, 0, 0)
            print(f"job        preview of {count} in {seen:.2f} s; signing was seen at {len(seen_done)} counts")
            for stage in (sign, printed):
                each = 1000 * cpu[stage.stage] / stage.done
                rate = 0 if stage.rate is None else stage.rate
                print(f"  {stage.stage.value:8} {rate:8.1f} certificates/s   {each:.1f} ms CPU of the worker each")

        path = socket_path(settings)
        environment = {**os.environ, PREFIX + "DATA_DIR": str(settings.data_dir), PREFIX + "PUBLIC_URL": PUBLIC_URL}
        signer = Companion("signer", ("signer",), "signer_ended", lambda: not is_listening(path))
        # As beside `serve`: signed by a process of its own while the next batch is recorded.
        with companions_beside([signer], environment):
            while not is_listening(path):
                time.sleep(0.1)
            as_operator(settings, urls, job)


async def _add(session: OperatorSession, role: Role) -> Party:
    party = Party(new_row_id(), f"{role.value}-1", frozenset({role}))
    await session.connection.execute(INSERT_ACCOUNT, party.account_id, party.name, [role.value])
    return party


async def _no_desk(_: Actor) -> Desk:
    raise AssertionError("issuing to a class is a job's")


if __name__ == "__main__":
    main()
