"""SQL on approval and audit_event."""

from collections.abc import Sequence
from typing import Final

import msgspec

from verify_service.audit.model import Actor, Approval, AuditEvent
from verify_service.database import Connection

# Whose hand it was, the role of the connection says, never the writer.
INSERT_APPROVAL: Final = """
insert into approval (approval_id, action, given_by, actor, sealed_note, object_type, object_id)
values (
    $1, $2, case session_user when 'verify_service_console' then 'account' else 'operator' end, $3, $4, $5, $6
)
"""
# A statement of its own: the operator's role may not even name the column of the second person.
INSERT_JOINT_APPROVAL: Final = """
insert into approval (approval_id, action, given_by, actor, sealed_note, object_type, object_id, second_actor)
values ($1, $2, 'two_people', $3, $4, $5, $6, $7)
"""
INSERT_AUDIT_EVENTS: Final = """
insert into audit_event (actor, action, object_type, object_id, detail)
select $1, action, object_type, object_id, detail::jsonb
  from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as event (action, object_type, object_id, detail)
"""


async def add_approval(connection: Connection, approval: Approval, sealed_note: bytes | None) -> None:
    """Record an approval: of two people where its actor has a second, else of one account or of the operator."""
    about = approval.about
    values = (
        *(approval.approval_id, approval.action, approval.actor.name, sealed_note),
        *((None, None) if about is None else (about.object_type, about.object_id)),
    )
    if approval.actor.second is None:
        await connection.execute(INSERT_APPROVAL, *values)
    else:
        await connection.execute(INSERT_JOINT_APPROVAL, *values, approval.actor.second)


async def add_audit_events(connection: Connection, actor: Actor, events: Sequence[AuditEvent]) -> None:
    """Append events to the chain, in order, in the caller's transaction."""
    await connection.execute(
        INSERT_AUDIT_EVENTS,
        actor.hands,
        [event.action for event in events],
        [event.object_type for event in events],
        [event.object_id for event in events],
        [msgspec.json.encode(event.detail, order="sorted").decode() for event in events],
    )
