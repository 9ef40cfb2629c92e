"""Whom a job left out, by name, for whoever may see it."""

from uuid import UUID

import msgspec

from verify_service.database import Connection
from verify_service.jobs.model import Stage
from verify_service.jobs.queries import standing as queries
from verify_service.sealing.model import Secrets
from verify_service.subjects import service as subjects


class HeldPerson(msgspec.Struct, frozen=True):
    """One exam entry or certificate that a stage left out."""

    stage: Stage
    name: str
    """Empty once the person was erased."""
    number: str
    """Of the certificate, where there is one."""
    reason: str


async def list_held_people(connection: Connection, secrets: Secrets, job_id: UUID) -> list[HeldPerson]:
    """Return whom the stages of a job left out, and why."""
    held = await queries.list_held(connection, job_id)
    whose = await queries.find_whose(connection, [one.object_id for one in held])
    people = await subjects.find_by_ids(connection, secrets, [subject_id for subject_id, _ in whose.values()])
    lines = []
    for one in held:
        subject_id, number = whose[one.object_id]
        name = people[subject_id].person.name if subject_id in people else ""
        lines.append(HeldPerson(one.stage, name, number, one.reason))
    return lines
