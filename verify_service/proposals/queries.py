"""SQL on proposal and proposal_item, and on what previews show."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from verify_service.credentials.model import RevocationReason
from verify_service.database import Connection
from verify_service.proposals.model import Party, Proposal, ProposalState, ProposedAction, Rejection, Target

PROPOSALS: Final = """
select proposal.proposal_id, proposal.action, proposal.object_id, proposal.reason,
       coalesce(cohort.code, proposal.object_id) as label,
       (select count(*) from proposal_item where proposal_item.proposal_id = proposal.proposal_id) as items,
       proposal.proposed_by, proposal.proposer, proposal.proposed_at, proposal.state, proposal.decider,
       proposal.decided_at, proposal.decision_reason, job.job_id
  from proposal
  left join cohort on proposal.object_type = 'cohort' and cohort.cohort_id::text = proposal.object_id
  left join job on job.proposal_id = proposal.proposal_id
"""
SELECT_PROPOSAL: Final = f"{PROPOSALS} where proposal.proposal_id = $1"
SELECT_OPEN: Final = f"{PROPOSALS} where proposal.state = 'open' order by proposal.proposed_at"
SELECT_DECIDED: Final = f"""
{PROPOSALS} where proposal.state <> 'open' order by proposal.decided_at desc limit $1 offset $2
"""  # constants
SELECT_OPEN_ABOUT: Final = f"""
{PROPOSALS} where proposal.state = 'open' and proposal.object_type = $1 and proposal.object_id = $2
"""  # constants
LOCK_PROPOSAL: Final = "select from proposal where proposal_id = $1 for update"
INSERT_PROPOSAL: Final = """
insert into proposal (proposal_id, action, object_type, object_id, reason, proposed_by, proposer)
values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (object_type, object_id) where state = 'open' do nothing
returning proposal_id
"""
ITEM_COLUMNS: Final = ("proposal_id", "object_id", "sealed_payload")
SELECT_ITEMS: Final = "select object_id, sealed_payload from proposal_item where proposal_id = $1 order by object_id"
DECIDE: Final = """
update proposal set state = $2, decided_by = $3, decider = $4, decision_reason = $5 where proposal_id = $1
"""
SELECT_TOO_OLD: Final = """
select proposal_id from proposal where state = 'open' and proposed_at < now() - make_interval(days => $1) for update
"""
EXPIRE: Final = "update proposal set state = 'expired' where proposal_id = any($1)"
EMPTY_PAYLOADS: Final = """
update proposal_item set sealed_payload = null where proposal_id = any($1) and sealed_payload is not null
"""
SELECT_ORIGIN: Final = """
select cohort.code, partner.name
  from exam_entry
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
  join cohort on cohort.cohort_id = enrolment.cohort_id
  join partner on partner.partner_id = enrolment.partner_id
 where exam_entry_id = $1
"""
SELECT_CERTIFICATES: Final = """
select credential.credential_id, credential.certificate_number as number, credential.kind, credential.subject_id,
       partner.name as partner,
       exists (
           select from credential_event
            where credential_event.credential_id = credential.credential_id and event = 'revoked'
       ) as revoked,
       exists (
           select from credential_event
            where credential_event.credential_id = credential.credential_id and event = 'superseded'
       ) as superseded
  from credential
  join credential_signature on credential_signature.credential_id = credential.credential_id
  join exam_entry on exam_entry.exam_entry_id = credential.exam_entry_id
  join enrolment on enrolment.enrolment_id = exam_entry.enrolment_id
  join partner on partner.partner_id = enrolment.partner_id
 where enrolment.cohort_id = $1
 order by credential.certificate_number
"""


class Item(msgspec.Struct, frozen=True):
    """One object of a proposal, with what is proposed of its person, sealed."""

    object_id: UUID
    sealed_payload: bytes | None = None


class CertificateRow(msgspec.Struct, frozen=True):
    """One signed certificate of a class."""

    credential_id: UUID
    number: str
    kind: str
    subject_id: UUID
    partner: str
    revoked: bool
    superseded: bool


async def add_proposal(connection: Connection, proposal_id: UUID, target: Target, proposer: Party) -> bool:
    """Add a proposal; False where one about the same object is open."""
    reason = None if target.reason is None else target.reason.value
    values = (proposal_id, target.action.value, target.object_type, target.object_id, reason)
    added = await connection.fetchval(INSERT_PROPOSAL, *values, proposer.account_id, proposer.name)
    return added is not None


async def add_items(connection: Connection, proposal_id: UUID, items: Sequence[Item]) -> None:
    """Freeze what a proposal is about."""
    records = [(proposal_id, item.object_id, item.sealed_payload) for item in items]
    await connection.copy_records_to_table("proposal_item", records=records, columns=ITEM_COLUMNS)


async def find_proposal(connection: Connection, proposal_id: UUID) -> Proposal | None:
    """Return a proposal, or None."""
    row = await connection.fetchrow(SELECT_PROPOSAL, proposal_id)
    return None if row is None else _proposal(dict(row))


async def lock_proposal(connection: Connection, proposal_id: UUID) -> None:
    """Be the only one to decide a proposal until the transaction ends; nothing is added to it meanwhile."""
    await connection.execute(LOCK_PROPOSAL, proposal_id)


async def list_open(connection: Connection) -> list[Proposal]:
    """Return what waits for a decision, the oldest first."""
    return [_proposal(dict(row)) for row in await connection.fetch(SELECT_OPEN)]


async def list_decided(connection: Connection, limit: int, offset: int) -> list[Proposal]:
    """Return what was decided, withdrawn or expired, the newest first."""
    return [_proposal(dict(row)) for row in await connection.fetch(SELECT_DECIDED, limit, offset)]


async def find_open_about(connection: Connection, object_type: str, object_id: str) -> Proposal | None:
    """Return the open proposal about a class or certificate, or None."""
    row = await connection.fetchrow(SELECT_OPEN_ABOUT, object_type, object_id)
    return None if row is None else _proposal(dict(row))


async def list_items(connection: Connection, proposal_id: UUID) -> list[Item]:
    """Return what a proposal is about."""
    return [Item(**dict(row)) for row in await connection.fetch(SELECT_ITEMS, proposal_id)]


async def decide(
    connection: Connection, proposal_id: UUID, state: ProposalState, party: Party, rejection: Rejection | None = None
) -> None:
    """Note who decided a proposal, and how."""
    reason = None if rejection is None else rejection.value
    await connection.execute(DECIDE, proposal_id, state.value, party.account_id, party.name, reason)


async def expire_older_than(connection: Connection, days: int) -> list[UUID]:
    """Let proposals that nobody decided in time expire, and return their ids."""
    ids = [row["proposal_id"] for row in await connection.fetch(SELECT_TOO_OLD, days)]
    await connection.execute(EXPIRE, ids)
    return ids


async def empty_payloads(connection: Connection, proposal_ids: Sequence[UUID]) -> None:
    """Forget what was proposed of people: what was approved is kept where it was carried out."""
    await connection.execute(EMPTY_PAYLOADS, proposal_ids)


async def get_origin(connection: Connection, exam_entry_id: UUID) -> tuple[str, str]:
    """Return the code of the class and the partner that an exam entry is of."""
    row = await connection.fetchrow(SELECT_ORIGIN, exam_entry_id)
    assert row is not None  # noqa: S101  # a certificate's, by foreign keys
    return row["code"], row["name"]


async def list_certificates(connection: Connection, cohort_id: UUID) -> list[CertificateRow]:
    """Return every signed certificate of a class, by number."""
    return [CertificateRow(**dict(row)) for row in await connection.fetch(SELECT_CERTIFICATES, cohort_id)]


def _proposal(row: Mapping[str, Any]) -> Proposal:
    columns = dict(row)
    reason = columns.pop("reason")
    target = Target(
        action=ProposedAction(columns.pop("action")),
        object_id=columns.pop("object_id"),
        reason=None if reason is None else RevocationReason(reason),
    )
    return Proposal(target=target, **{**columns, "state": ProposalState(columns["state"])})
