"""Who acts, and what is written about it."""

from typing import Any
from uuid import UUID

import msgspec


class Actor(msgspec.Struct, frozen=True):
    """Who makes a change. At the command line: the system user, whose approval is the operator's own hand."""

    name: str


class AuditEvent(msgspec.Struct, frozen=True):
    """One change. `object_id` and `detail` hold ids, numbers, codes and names of institutions: no personal datum."""

    action: str
    object_type: str
    object_id: str
    detail: dict[str, Any] = {}


class ApprovedObject(msgspec.Struct, frozen=True):
    """What an approval is about: a `cohort` by its id, or a `certificate` by its number."""

    object_type: str
    object_id: str


class Approval(msgspec.Struct, frozen=True):
    """Consent to a change, to be recorded before it is made."""

    approval_id: UUID
    action: str
    actor: Actor
    about: ApprovedObject | None = None
