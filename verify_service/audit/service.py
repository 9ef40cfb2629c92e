"""Recording approvals and changes."""

from verify_service.audit import queries
from verify_service.audit.model import Actor, Approval, ApprovedObject, AuditEvent
from verify_service.database import Connection, new_row_id
from verify_service.sealing.rules import SubjectCipher


async def approve(
    connection: Connection,
    actor: Actor,
    action: str,
    *,
    about: ApprovedObject | None = None,
    note: str | None = None,
    cipher: SubjectCipher | None = None,
) -> Approval:
    """Record the approval of one action, and return it: of two people where `actor` has a second, else of one.

    Of two people, the database looks for the approved proposal that says so about this object, and refuses an approval
    without one. A note may say anything about a person, so it is kept only sealed under that person's `cipher`.
    """
    approval = Approval(new_row_id(), action, actor, about)
    sealed_note = None
    if note is not None and cipher is not None:
        sealed_note = cipher.seal(note.encode(), "approval:sealed_note", approval.approval_id)
    await queries.add_approval(connection, approval, sealed_note)
    return approval


async def record(connection: Connection, actor: Actor, *events: AuditEvent) -> None:
    """Append events to the audit chain in the caller's transaction, each with the session it was done in."""
    if actor.session is not None:
        within = {"session": actor.session}
        events = tuple(
            AuditEvent(event.action, event.object_type, event.object_id, {**event.detail, **within}) for event in events
        )
    await queries.add_audit_events(connection, actor, events)
