"""SQL on approval and audit_event."""

from collections.abc import Sequence
from typing import Final

import msgspec

from verify_service.audit.model import Actor, Approval, AuditEvent
from verify_service.database import Connection

INSERT_APPROVAL: Final = """
insert into approval (approval_id, action, given_by, actor, sealed_note, object_type, object_id)
values ($1, $2, 'operator', $3, $4, $5, $6)
"""
INSERT_AUDIT_EVENTS: Final = """
insert into audit_event (actor, action, object_type, object_id, detail)
select $1, action, object_type, object_id, detail::jsonb
  from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as event (action, object_type, object_id, detail)
"""


async def add_approval(connection: Connection, approval: Approval, sealed_note: bytes | None) -> None:
    """Record an operator's approval."""
    await connection.execute(
        INSERT_APPROVAL,
        approval.approval_id,
        approval.action,
        approval.actor.name,
        sealed_note,
        None if approval.about is None else approval.about.object_type,
        None if approval.about is None else approval.about.object_id,
    )


async def add_audit_events(connection: Connection, actor: Actor, events: Sequence[AuditEvent]) -> None:
    """Append events to the chain, in order, in the caller's transaction."""
    await connection.execute(
        INSERT_AUDIT_EVENTS,
        actor.name,
        [event.action for event in events],
        [event.object_type for event in events],
        [event.object_id for event in events],
        [msgspec.json.encode(event.detail, order="sorted").decode() for event in events],
    )
