"""Record before you sign: numbers, status positions and the bytes to be signed, committed in one transaction.

A crash after it loses nothing: Ed25519 is deterministic, so signing the recorded bytes later gives the signature that
would have been. A crash before it leaves nothing: the counter is a row of the same transaction.
"""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from verify_service.audit.model import Approval, AuditEvent
from verify_service.audit.service import record
from verify_service.credentials.model import Draft
from verify_service.credentials.queries import issuing as queries
from verify_service.credentials.rules.lookup_keys import Facts
from verify_service.credentials.rules.status_positions import ENTRIES, FULL_AT, take_positions
from verify_service.credentials.service.desk import Desk
from verify_service.credentials.service.drafting import Applicant, Slot, draft, lookup_keys
from verify_service.credentials.service.templates import freeze_template


async def record_credentials(desk: Desk, applicants: Sequence[Applicant], approval: Approval) -> list[Draft]:
    """Record a credential for each applicant in the caller's transaction; one who has it already is left out."""
    connection = desk.connection
    issued_at, year = await queries.get_instant(connection)
    kinds = sorted({applicant.candidate.kind for applicant in applicants})
    # Locked in one order by everybody (counters by kind, then the status list), so two runs never wait crosswise.
    serials = {kind: await queries.lock_counter(connection, kind, year) for kind in kinds}
    due = await _without_issued(desk, applicants)
    if not due:
        return []
    digests = {kind: await freeze_template(connection, desk.templates[kind]) for kind in kinds}
    positions = await _take_status_positions(desk, len(due))
    drafts = []
    for applicant, (status_list, status_index) in zip(due, positions, strict=True):
        kind = applicant.candidate.kind
        serials[kind] += 1
        slot = Slot(
            serial=serials[kind],
            year=year,
            status_list=status_list,
            status_index=status_index,
            issued_at=issued_at,
            template_digest=digests[kind],
            approval_id=approval.approval_id,
        )
        drafts.append(draft(desk, applicant, slot))
    for kind in Counter(applicant.candidate.kind for applicant in due):
        await queries.advance_counter(connection, kind, year, serials[kind])
    await _add(desk, due, drafts)
    return drafts


async def _without_issued(desk: Desk, applicants: Sequence[Applicant]) -> list[Applicant]:
    """Leave out whom a run beside this one has recorded before the counters were ours."""
    entries = [applicant.candidate.exam_entry_id for applicant in applicants]
    issued = await queries.find_issued_versions(desk.connection, entries)
    return [a for a in applicants if (a.candidate.exam_entry_id, a.candidate.version) not in issued]


async def _take_status_positions(desk: Desk, count: int) -> list[tuple[int, int]]:
    held = await queries.lock_status_list(desk.connection)
    if held is None or held[1] + count > FULL_AT:
        held = (0 if held is None else held[0] + 1, 0, bytes(ENTRIES // 8))
        await queries.add_status_list(desk.connection, held[0], held[2])
    status_list, used, bitmap = held
    occupied = bytearray(bitmap)
    positions = take_positions(occupied, count)
    await queries.change_status_list(desk.connection, status_list, used + count, bytes(occupied))
    return [(status_list, position) for position in positions]


async def _add(desk: Desk, applicants: Sequence[Applicant], drafts: Sequence[Draft]) -> None:
    await queries.add_credentials(desk.connection, drafts)
    keys: list[tuple[UUID, int, int, bytes]] = []
    for applicant, recorded in zip(applicants, drafts, strict=True):
        person = applicant.subject.person
        facts = Facts(name=person.name, id_number=person.id_number, phone=person.phone)
        keys += lookup_keys(desk.secrets.index, recorded.credential_id, facts)
    await queries.add_lookup_keys(desk.connection, keys)
    await record(
        desk.connection,
        desk.actor,
        *(
            AuditEvent(
                "credential_recorded",
                "credential",
                str(recorded.credential_id),
                {"number": recorded.certificate_number, "approval": str(recorded.approval_id)},
            )
            for recorded in drafts
        ),
    )
